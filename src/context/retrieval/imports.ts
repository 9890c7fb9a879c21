// Which files of a repository a file asks for: the imports of the common languages, resolved by path alone. Nothing is run.

/** Candidates in the order in which the language would try them; the first that exists is meant. */
type Wanted = readonly string[];

const folderOf = (path: string): string[] => path.split("/").slice(0, -1);

/** `../a/./b` from a folder; null where it leaves the repository. */
const joined = (folder: readonly string[], relative: string): string | null => {
  const parts = [...folder];
  for (const part of relative.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (parts.length === 0) return null;
      parts.pop();
    } else parts.push(part);
  }
  return parts.join("/");
};

const JS_ENDS = [
  "",
  ".ts",
  ".tsx",
  ".js",
  ".mjs",
  ".cjs",
  ".jsx",
  ".mts",
  ".d.ts",
  "/index.ts",
  "/index.js",
  "/index.tsx",
];
const JS_IMPORT = /(?:\bfrom|\brequire\(|\bimport\(|\bimport)\s{0,9}["']([^"'\n]{1,200})["']/g;

const javascript = (path: string, text: string): Wanted[] =>
  [...text.matchAll(JS_IMPORT)].flatMap(([, name = ""]) => {
    if (!name.startsWith(".")) return [];
    const target = joined(folderOf(path), name);
    if (target === null) return [];
    // TypeScript names the file that will be: `./a.js` stands for `a.ts`.
    const source = target.replace(/\.([mc]?)js$/, ".$1ts");
    return [[source, ...JS_ENDS.map((end) => target + end)]];
  });

const PY_FROM = /^[ \t]{0,40}from[ \t]+(\.{0,9}[\w.]{0,200})[ \t]+import[ \t]+([^\n#]{1,300})/gm;
const PY_IMPORT = /^[ \t]{0,40}import[ \t]+([\w.]{1,200})/gm;
/** Where packages begin: at the root, or in a folder that is put on the path. */
const PY_ROOTS = [[], ["src"], ["lib"]];

const pythonModule = (path: string, name: string): Wanted => {
  const dots = /^\.*/.exec(name)?.[0].length ?? 0;
  const parts = name
    .slice(dots)
    .split(".")
    .filter((part) => part !== "");
  const folders = dots === 0 ? PY_ROOTS : [folderOf(path).slice(0, folderOf(path).length - (dots - 1))];
  return folders.flatMap((folder) => {
    const module = [...folder, ...parts].join("/");
    return [`${module}.py`, `${module}/__init__.py`];
  });
};

const python = (path: string, text: string): Wanted[] => [
  ...[...text.matchAll(PY_FROM)].flatMap(([, from = "", names = ""]) => [
    pythonModule(path, from),
    ...(names.match(/\w+/g) ?? []).map((name) =>
      pythonModule(path, from.endsWith(".") ? from + name : `${from}.${name}`),
    ),
  ]),
  ...[...text.matchAll(PY_IMPORT)].map(([, name = ""]) => pythonModule(path, name)),
];

const QUOTED_INCLUDE = /^[ \t]*#[ \t]*include[ \t]+"([^"\n]{1,200})"/gm;
const RUBY_RELATIVE = /^[ \t]*require_relative[ \t]+["']([^"'\n]{1,200})["']/gm;
const RUST_MOD = /^[ \t]*(?:pub[ \t]+)?mod[ \t]+(\w{1,100});/gm;
const RUST_USE = /\buse[ \t]+crate::([\w:]{1,200})/g;

const beside =
  (pattern: RegExp, ends: readonly string[]) =>
  (path: string, text: string): Wanted[] =>
    [...text.matchAll(pattern)].map(([, name = ""]) => {
      const target = joined(folderOf(path), name);
      return target === null ? [] : ends.map((end) => target + end);
    });

const include = beside(QUOTED_INCLUDE, [""]);
const ruby = beside(RUBY_RELATIVE, ["", ".rb"]);
const rust = (path: string, text: string): Wanted[] => [
  ...beside(RUST_MOD, [".rs", "/mod.rs"])(path, text),
  ...[...text.matchAll(RUST_USE)].map(([, name = ""]) => {
    const parts = name.split("::").filter((part) => part !== "");
    return parts.map((_, at) => `src/${parts.slice(0, parts.length - at).join("/")}.rs`);
  }),
];

const JVM_IMPORT = /^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]{1,200})/gm;
const JVM_ROOTS = ["src/main/java", "src/main/kotlin", "src", "app/src/main/java", ""];
const jvm = (_path: string, text: string): Wanted[] =>
  [...text.matchAll(JVM_IMPORT)].map(([, name = ""]) => {
    const file = name.replaceAll(".", "/");
    return JVM_ROOTS.flatMap((root) => [".java", ".kt"].map((end) => (root === "" ? file : `${root}/${file}`) + end));
  });

const LANGUAGES: readonly (readonly [RegExp, (path: string, text: string) => Wanted[]])[] = [
  [/\.(?:m?[jt]sx?|c[jt]s|vue|svelte)$/i, javascript],
  [/\.py$/i, python],
  [/\.(?:c|h|cc|cpp|hpp|cxx|hxx)$/i, include],
  [/\.rb$/i, ruby],
  [/\.rs$/i, rust],
  [/\.(?:java|kt|kts)$/i, jvm],
];

/** What a file asks for, as paths that may exist. Pure; the text is never run. */
export const importsOf = (path: string, text: string): readonly Wanted[] =>
  LANGUAGES.find(([ending]) => ending.test(path))?.[1](path, text) ?? [];

/** The files among `paths` that a file asks for, each once, in the order of the text. */
export const resolve = (imports: readonly Wanted[], paths: ReadonlySet<string>): readonly string[] => [
  ...new Set(imports.flatMap((wanted) => wanted.find((path) => paths.has(path)) ?? [])),
];
