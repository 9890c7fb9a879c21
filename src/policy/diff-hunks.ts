// Reads the hunks of one file in a foreign diff: as many lines as the headers say, and no line that is none.
import type { Lines } from "./diff-lines.ts";

const HUNK = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/;
const NO_NEWLINE = /^\\ /;
/** Whether the last line of the old and of the new text has no newline. */
type OpenEnds = Readonly<{ old: boolean; now: boolean }>;

export type Hunks = Readonly<{ count: number; added: number; removed: number; openEnds: OpenEnds }>;

export const readHunks = (lines: Lines): Hunks => {
  let [count, added, removed, last] = [0, 0, 0, 0];
  let openEnds = { old: false, now: false };
  for (let header = HUNK.exec(lines.line ?? ""); header !== null; header = HUNK.exec(lines.line ?? "")) {
    const [start, old, now] = [Number(header[1]), Number(header[2] ?? 1), Number(header[4] ?? 1)];
    if (start < last) lines.stop("this hunk begins before the one above it ends");
    if (old === 0 && now === 0) lines.stop("this hunk is empty");
    last = start + old;
    count++;
    lines.at++;
    let left = { old, now };
    let mark = "";
    while (left.old > 0 || left.now > 0) {
      const line = lines.line;
      if (line === undefined) lines.stop("the diff ends within a hunk");
      if (NO_NEWLINE.test(line)) {
        if (mark === "") lines.stop("nothing stands before this mark");
        openEnds = { old: openEnds.old || mark !== "+", now: openEnds.now || mark !== "-" };
      } else {
        mark = line.slice(0, 1) || " ";
        if (![" ", "+", "-"].includes(mark)) lines.stop("this line is no part of a hunk, and the hunk is not complete");
        left = { old: left.old - (mark === "+" ? 0 : 1), now: left.now - (mark === "-" ? 0 : 1) };
        if (left.old < 0 || left.now < 0) lines.stop("the hunk has other lines than its header says");
        if (mark === "+") added++;
        if (mark === "-") removed++;
      }
      lines.at++;
    }
    if (lines.line !== undefined && NO_NEWLINE.test(lines.line)) {
      openEnds = { old: openEnds.old || mark !== "+", now: openEnds.now || mark !== "-" };
      lines.at++;
    }
  }
  return { count, added, removed, openEnds };
};
