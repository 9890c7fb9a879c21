// Random files and edits that fit them, with what a plain reading of the edits makes of the files.
import fc from "fast-check";
import type { Edit } from "../../src/artifacts/edits.ts";
import type { BaseFile } from "../../src/patches/base-file.ts";
import { blobSha } from "../../src/patches/git-objects.ts";
import type { FileMode } from "../../src/patches/patch-set.ts";

/** In no language that is parsed before people are asked: random lines are no program. */
const PATHS = [
  "a.c",
  "b.c",
  "src/a.c",
  "src/b c.c",
  "src/deep/ä.md",
  "src/deep/x",
  "src.c",
  "src-a",
  "z/日本.txt",
  'q"uote',
];
const line = fc.constantFrom(
  "",
  "a",
  "b",
  "  b",
  "const x = 1;",
  "}",
  "\tü€",
  "-- a",
  "@@ -1 +1 @@",
  "+++ b/x",
  "日本語",
  "\\ No",
  "🎉",
);
const end = fc.constantFrom<"\n" | "\r\n">("\n", "\n", "\r\n");

/** Any lines, lone carriage returns and mixed line ends among them: for what does not depend on the style of a file. */
export const wildText = fc
  .array(fc.tuple(fc.oneof(line, fc.constantFrom("a\rb", "\r", "\u2028")), fc.constantFrom("\n", "\n", "\r\n", "")), {
    maxLength: 20,
  })
  .map((lines) => lines.flat().join(""));

export const randomText = fc
  .tuple(fc.array(line, { maxLength: 14 }), end, fc.boolean())
  .map(([lines, ending, closed]) => lines.join(ending) + (closed && lines.length > 0 ? ending : ""));

const mode = fc.constantFrom<FileMode>("100644", "100644", "100755");

export const randomBase: fc.Arbitrary<Map<string, BaseFile>> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...PATHS), randomText, mode), { selector: ([path]) => path, maxLength: 7 })
  .map(
    (files) => new Map(files.map(([path, text, m]) => [path, { kind: "text", text, blob: blobSha(text), mode: m }])),
  );

/** What an edit is drawn from; it becomes an edit once it is known which files there are. */
const seed = fc.record({
  kind: fc.constantFrom<Edit["kind"]>("create", "replace", "rewrite", "rename", "delete", "replace"),
  file: fc.nat(),
  to: fc.constantFrom(...PATHS, "new/one", "new/two.c"),
  text: randomText,
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 40 }),
});

const lineFeeds = (text: string) => text.replaceAll("\r\n", "\n");

/** As the specification says it: the line ends and the final newline of the file stay. */
const inTheStyleOf = (before: string, after: string): string => {
  const ending = before.includes("\r\n") ? "\r\n" : "\n";
  const styled = lineFeeds(after).replaceAll("\n", ending);
  if (before === "" || styled === "") return styled;
  if (before.endsWith("\n")) return styled.endsWith("\n") ? styled : styled + ending;
  return styled.endsWith(ending) ? styled.slice(0, -ending.length) : styled;
};

export type Scenario = Readonly<{
  base: Map<string, BaseFile>;
  edits: Edit[];
  /** Path to text, after all edits. */
  files: ReadonlyMap<string, string>;
}>;

const folders = (path: string) =>
  path
    .split("/")
    .slice(0, -1)
    .map((_, at, parts) => parts.slice(0, at + 1).join("/"));

export const randomScenario: fc.Arbitrary<Scenario> = fc
  .tuple(randomBase, fc.array(seed, { minLength: 1, maxLength: 8 }))
  .map(([base, seeds]) => {
    const files = new Map([...base].map(([path, file]) => [path, file.kind === "text" ? file.text : ""]));
    const edits: Edit[] = [];
    const free = (path: string) =>
      !files.has(path) &&
      ![...files.keys(), ...base.keys()].some(
        (other) => folders(other).includes(path) || folders(path).includes(other),
      );
    for (const [at, { kind, file, to, text, from, length }] of seeds.entries()) {
      const task = `T${(at % 3) + 1}`;
      const path = [...files.keys()][file % Math.max(1, files.size)];
      if (kind === "create") {
        if (!free(to)) continue;
        edits.push({ kind, task, path: to, content: text });
        files.set(to, text);
        continue;
      }
      const before = path === undefined ? undefined : files.get(path);
      if (path === undefined || before === undefined) continue;
      if (kind === "delete") {
        edits.push({ kind, task, path });
        files.delete(path);
      } else if (kind === "rename") {
        if (!free(to)) continue;
        edits.push({ kind, task, path, to });
        files.set(to, before);
        files.delete(path);
      } else if (kind === "rewrite") {
        const after = inTheStyleOf(before, text);
        if (after === before) continue;
        edits.push({ kind, task, path, content: text });
        files.set(path, after);
      } else {
        const plain = lineFeeds(before);
        const start = Math.floor(from * plain.length);
        const search = plain.slice(start, start + length);
        if (
          search === "" ||
          plain.split(search).length !== 2 ||
          plain.indexOf(search, plain.indexOf(search) + 1) !== -1
        )
          continue;
        if (!search.isWellFormed()) continue;
        const after = inTheStyleOf(
          before,
          plain.slice(0, start) + lineFeeds(text) + plain.slice(start + search.length),
        );
        if (after === before) continue;
        edits.push({ kind, task, path, search, replace: text });
        files.set(path, after);
      }
    }
    return { base, edits, files };
  });
