// One file, made ready to be searched: its regions with their words and definitions, and what it imports. Depends on nothing else.
import { importsOf } from "./imports.ts";
import { definedBy, isCode, regionsOf, type Span } from "./regions.ts";
import { type Counts, countsOf, nameOf, wordsOf } from "./words.ts";

export type Region = Span &
  Readonly<{
    counts: Counts;
    /** How many words. */
    length: number;
    /** Characters divided by four. */
    tokens: number;
    /** Names that code defines here, as `nameOf` spells them. */
    defines: ReadonlySet<string>;
  }>;

export type IndexedFile = Readonly<{
  path: string;
  pathCounts: Counts;
  lines: number;
  tokens: number;
  regions: readonly Region[];
  imports: ReturnType<typeof importsOf>;
}>;

/** Characters divided by four: the rule of thumb by which budgets are kept. */
export const tokensOf = (text: string): number => Math.ceil(text.length / 4);

/** The lines of a text without an empty one after its last newline. */
export const linesOf = (text: string): string[] => {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
};

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");

/** Pure, so it can be kept under path and blob for as long as anybody wants. */
export function indexFile({ path, text }: Readonly<{ path: string; text: string }>): IndexedFile {
  const lines = linesOf(text);
  const code = isCode(path);
  const regions = regionsOf(path, lines).map(({ from, to }): Region => {
    const shown = lines.slice(from - 1, to);
    const words = wordsOf(shown.join("\n"));
    const names = code ? shown.flatMap((line) => definedBy(line) ?? []) : [];
    return {
      from,
      to,
      counts: countsOf(words),
      length: words.length,
      tokens: tokensOf(`${shown.join("\n")}\n`),
      defines: new Set(names.map(nameOf)),
    };
  });
  const base = wordsOf(baseName(path));
  return {
    path,
    // A file's own name says more than the folders that it stands in.
    pathCounts: countsOf([...wordsOf(path), ...base, ...base]),
    lines: lines.length,
    tokens: tokensOf(text),
    regions,
    imports: importsOf(path, text),
  };
}
