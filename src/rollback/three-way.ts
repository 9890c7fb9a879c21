// Takes one change back out of a text that others went on changing: a three-way merge by lines. Pure.
import { diff3MergeRegions } from "node-diff3";
import { err, ok, type Result } from "../result.ts";

/** Lines of the text as it is now, from 1, both ends included; `to` is `from - 1` where lines were taken out. */
export type LineSpan = Readonly<{ from: number; to: number }>;

/** Where others changed the same lines: where that is now, and what stands there, to tell one version from another. */
export type Clash = Readonly<{ span: LineSpan; now: string }>;

/** With its end, so that a missing last newline is a change like any other. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

type Three = Readonly<{ before: readonly string[]; after: readonly string[]; now: readonly string[] }>;

const commonLines = (
  texts: readonly (readonly string[])[],
  at: (text: readonly string[], index: number) => string | undefined,
): number => {
  const shortest = Math.min(...texts.map(({ length }) => length));
  let count = 0;
  while (count < shortest && new Set(texts.map((text) => at(text, count))).size === 1) count++;
  return count;
};

/** What all three begin and end with needs no comparing. */
const cutEnds = (texts: Three): Readonly<{ head: readonly string[]; middle: Three; tail: readonly string[] }> => {
  const all = [texts.before, texts.after, texts.now];
  const first = commonLines(all, (text, index) => text[index]);
  const [before = [], after = [], now = []] = all.map((text) => text.slice(first));
  const last = commonLines([before, after, now], (text, index) => text.at(-1 - index));
  const inner = (text: readonly string[]): readonly string[] => text.slice(0, text.length - last);
  return {
    head: texts.now.slice(0, first),
    middle: { before: inner(before), after: inner(after), now: inner(now) },
    tail: now.slice(now.length - last),
  };
};

const countsOf = (lines: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
};

/** In how many ways a line of one can be taken for one of the other: the comparison's time grows with more than that. */
const pairs = (one: readonly string[], other: readonly string[]): number => {
  const counts = countsOf(other);
  return [...countsOf(one)].reduce((sum, [line, count]) => sum + count * (counts.get(line) ?? 0), 0);
};

/** Some 350 equal lines in each text, or 2,000 of a lock file: measured at less than a quarter of a second, in which nothing else runs. */
const MOST_PAIRS = 250_000;
/** Beyond this even to cut and count them takes its time. */
const MOST_LINES = 100_000;

const splitUp = (before: string, after: string, now: string): Three => ({
  before: linesOf(before),
  after: linesOf(after),
  now: linesOf(now),
});

/** Whether comparing the three would hold up everything else. */
export const isTooLong = (before: string, after: string, now: string): boolean => {
  const texts = splitUp(before, after, now);
  if (Object.values(texts).some(({ length }) => length > MOST_LINES)) return true;
  const { middle } = cutEnds(texts);
  return pairs(middle.now, middle.after) + pairs(middle.before, middle.after) > MOST_PAIRS;
};

/** `after` became `now`; what that left of the way from `before` to `after` is undone. Otherwise every clash, in order. */
export const undoLines = (before: string, after: string, now: string): Result<string, readonly Clash[]> => {
  const { head, middle, tail } = cutEnds(splitUp(before, after, now));
  const clashes: Clash[] = [];
  const merged: string[] = [];
  for (const region of diff3MergeRegions([...middle.now], [...middle.after], [...middle.before])) {
    if (region.stable) {
      merged.push(...region.bufferContent);
      continue;
    }
    const [ours, undone] = [region.aContent.join(""), region.bContent.join("")];
    // What others made of these lines is what stood there before.
    if (ours === undone) merged.push(...region.aContent);
    else {
      const above = head.length + region.aStart;
      clashes.push({ span: { from: above + 1, to: above + region.aLength }, now: ours });
    }
  }
  return clashes.length === 0 ? ok([...head, ...merged, ...tail].join("")) : err(clashes);
};
