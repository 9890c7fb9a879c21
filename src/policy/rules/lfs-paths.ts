// Files that git LFS keeps elsewhere: what is written here would be a pointer, or would be read as one.
import { GlobPattern, matcher, type PathMatcher } from "../glob.ts";
import { basename } from "../path-forms.ts";
import { type Proposal, pathsOf } from "../proposal.ts";
import type { Finding, Rule } from "../rule.ts";

const POINTER = "version https://git-lfs.github.com/spec/v1";

/** The patterns of one `.gitattributes`, in order, with whether they put files under LFS or take them out. */
type Attribute = Readonly<{ matches: PathMatcher; lfs: boolean }>;

/** The text after the last wildcard: whatever a pattern matches ends in it. */
const ending = (pattern: string): string =>
  pattern.slice(Math.max(...["*", "?", "{", "}"].map((wildcard) => pattern.lastIndexOf(wildcard))) + 1);

const attributeOf = (folder: string, source: string, macros: readonly string[]): Attribute | null => {
  // A macro stands for all that it was defined as.
  const line = macros.reduce(
    (text, macro) => text.replaceAll(` ${macro} `, " filter=lfs "),
    `${source.replace(/\s/g, " ")} `,
  );
  const [, quoted, bare, rest] = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"#]\S*))\s(.*)/.exec(line) ?? [];
  const set = [...(rest ?? "").matchAll(/(?:^|\s)([-!]?)filter(?:=(\S+))?(?=\s)/g)].at(-1);
  const written = quoted ?? bare;
  if (written === undefined || set === undefined) return null;
  // A class stands for one character, and so does what our patterns do not know: that finds rather too much. `[pP]` is
  // how people write a letter whose case does not count, which is so here anyway.
  const pattern = written
    .replace(/\[(\p{L})(\p{L})\]/gu, (both: string, a: string, b: string) =>
      a.toLowerCase() === b.toLowerCase() ? a : both,
    )
    .replace(/\[\[:\w+:\]\]|\[[^\]/]*\]|\\.|[^\p{L}\p{M}\p{N} ._\-/*?{},@+~#=]/gu, "?")
    .replace(/^\//, "");
  // As in .gitignore: without a slash a name at any depth, with one a path from the folder of the file.
  const glob = written.replace(/\/$/, "").includes("/") ? folder + pattern : `${folder}**/${pattern}`;
  const lfs = set[1] === "" && set[2] === "lfs";
  if (GlobPattern.safeParse(glob).success) return { matches: matcher([glob]), lfs };
  // Too costly to run as it is: for what is under LFS the ending alone decides, for what is not it does not count.
  return lfs
    ? { matches: (path) => (path.toLowerCase().endsWith(ending(pattern).toLowerCase()) ? glob : null), lfs }
    : null;
};

/** `[attr]name filter=lfs`, after which the name alone puts files under LFS. */
const macroOf = (line: string): string | null => /^\s*\[attr\](\S+)\s.*\bfilter=lfs(?:\s|$)/.exec(line)?.[1] ?? null;

/** Of all files, the root's first: a deeper one comes later and so wins, as in git. */
const attributesOf = (texts: ReadonlyMap<string, string>): readonly Attribute[] => {
  const all = [...texts]
    .sort(([a], [b]) => a.split("/").length - b.split("/").length)
    .map(([path, text]) => ({ folder: path.slice(0, path.lastIndexOf("/") + 1), lines: text.split(/\r?\n/) }));
  const macros = all.flatMap(({ lines }) => lines.map(macroOf).filter((macro) => macro !== null));
  return all.flatMap(({ folder, lines }) =>
    lines
      .filter((line) => macroOf(line) === null)
      .map((line) => attributeOf(folder, line, macros))
      .filter((attribute) => attribute !== null),
  );
};

/** The attributes of the base, and beside them those that the change itself would bring. */
const textsOf = ({ files, base }: Proposal): ReadonlyMap<string, string> => {
  const texts = new Map(base?.attributes);
  for (const { path, after, added } of files) {
    if (basename(path) !== ".gitattributes") continue;
    const now = after ?? added.map(({ text }) => text).join("\n");
    texts.set(path, `${texts.get(path) ?? ""}\n${now}`);
  }
  return texts;
};

export const lfsPaths: Rule = (proposal) => {
  const { files } = proposal;
  const all = attributesOf(textsOf(proposal));
  const underLfs = (path: string): boolean => all.findLast(({ matches }) => matches(path) !== null)?.lfs ?? false;
  const found: Finding[] = [];
  for (const file of files) {
    const first = [...file.added, ...file.removed].filter(({ number }) => number === 1).map(({ text }) => text);
    const texts = [file.before, file.after, ...first];
    const pointer = texts.some((text) => text?.replace("\ufeff", "").startsWith(POINTER));
    for (const path of pathsOf(file)) {
      if (underLfs(path)) found.push({ path, line: null, message: "Git LFS keeps this path elsewhere." });
      else if (pointer) found.push({ path, line: null, message: "The file is a pointer of git LFS." });
    }
  }
  return found;
};
