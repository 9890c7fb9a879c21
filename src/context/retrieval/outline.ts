// What the lines of a file that are not shown define: names and places, so that a reader knows what else there is. Pure.
import { linesOf } from "./index-file.ts";
import { definedBy, isCode, type Span } from "./regions.ts";

export type Outlined = Readonly<{ line: number; name: string }>;

const MOST_ENTRIES = 80;
const LONGEST_NAME = 100;

const LOCAL = /^\s+(?:const|let|var)\b/;
const HEADING = /^#{1,4}\s+(\S.*)$/;

/** A variable within a function is of no use to anybody outside it. */
const nameIn = (line: string, code: boolean): string | null => {
  if (code) return LOCAL.test(line) ? null : definedBy(line);
  return HEADING.exec(line)?.[1]?.slice(0, LONGEST_NAME) ?? null;
};

/** In the order of lines, and no more than a reader wants. */
export function outlineOf(path: string, text: string, ranges: readonly Span[]): readonly Outlined[] {
  const code = isCode(path);
  const found: Outlined[] = [];
  for (const [at, line] of linesOf(text).entries()) {
    if (found.length === MOST_ENTRIES) break;
    const number = at + 1;
    if (ranges.some(({ from, to }) => number >= from && number <= to)) continue;
    const name = nameIn(line, code);
    if (name !== null) found.push({ line: number, name });
  }
  return found;
}

/** One entry as it is shown. */
export const outlineLine = ({ line, name }: Outlined): string => `${line}: ${name}`;
