// Cuts a file where a reader would: between blocks, at blank lines, at definitions; never in the middle when it can be helped.

/** Lines count from 1, both ends included. */
export type Span = Readonly<{ from: number; to: number }>;

/** Lines of one region. Longer ones waste the budget, shorter ones show too little to change. */
const MOST_LINES = 40;
const FEWEST_LINES = 12;

const CODE =
  /\.(?:m?[jt]sx?|c[jt]s|py|go|rs|java|kt|rb|php|cs|c|h|cc|cpp|hpp|swift|scala|ex|exs|vue|svelte|dart|lua)$/i;

/** What most languages write before the name of a thing that they define. */
const DEFINITION =
  /^\s{0,40}(?:(?:export|default|declare|public|private|protected|internal|static|abstract|final|async|unsafe|pub(?:\([a-z]{1,10}\))?)\s+){0,6}(?:function\*?|class|interface|type|enum|const|let|var|def|func|fn|struct|trait|impl|module|namespace|object|record|protocol|extension)\s+(?:\([^)]{0,80}\)\s*)?([\p{L}_$][\p{L}\p{N}_$]{0,99})/u;

export const isCode = (path: string): boolean => CODE.test(path);

/** The name that a line defines, or null. */
export const definedBy = (line: string): string | null => DEFINITION.exec(line)?.[1] ?? null;

const isBlank = (line: string): boolean => line.trim() === "";
const indentOf = (line: string): number => line.length - line.trimStart().length;
const HEADING = /^(?:#|={3,}|-{3,})/;

/** How good a place a line is to begin a region at; `lateness` from 0 to 1 prefers longer regions among equals. */
const beginsWell = (lines: readonly string[], at: number, code: boolean, lateness: number): number => {
  const line = lines[at] ?? "";
  if (isBlank(line)) return -1;
  const afterBlank = isBlank(lines[at - 1] ?? "") ? 3 : 0;
  if (!code) return afterBlank + (HEADING.test(line) ? 3 : 0) + 2 * lateness;
  const indent = indentOf(line);
  const defines = indent === 0 && definedBy(line) !== null ? 3 : 0;
  return afterBlank + defines - Math.min(6, indent) + 2 * lateness;
};

/** The spans cover every line once, in order. Pure. */
export function regionsOf(path: string, lines: readonly string[]): Span[] {
  const code = isCode(path);
  const spans: Span[] = [];
  let from = 0;
  while (lines.length - from > MOST_LINES) {
    let next = from + MOST_LINES;
    let best = -1;
    for (let at = from + FEWEST_LINES; at <= from + MOST_LINES; at += 1) {
      const score = beginsWell(lines, at, code, (at - from) / MOST_LINES);
      if (score > best) [best, next] = [score, at];
    }
    spans.push({ from: from + 1, to: next });
    from = next;
  }
  if (from < lines.length) spans.push({ from: from + 1, to: lines.length });
  return spans;
}
