// Takes one change back out of a text that others went on changing: a three-way merge by lines. Pure.
import { diff3MergeRegions } from "node-diff3";
import { err, ok, type Result } from "../result.ts";

/** Lines of the text as it is now, from 1, both ends included; `to` is `from - 1` where lines were taken out. */
export type LineSpan = Readonly<{ from: number; to: number }>;

/** Where others changed the same lines: where that is now, and what stands there, to tell one version from another. */
export type Clash = Readonly<{ span: LineSpan; now: string }>;

/** With its end, so that a missing last newline is a change like any other. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** The comparison grows with the square of the lines that differ. */
const MOST_LINES = 20_000;

export const isTooLong = (...texts: readonly string[]): boolean =>
  texts.some((text) => linesOf(text).length > MOST_LINES);

/** `after` became `now`; what that left of the way from `before` to `after` is undone. Otherwise every clash, in order. */
export const undoLines = (before: string, after: string, now: string): Result<string, readonly Clash[]> => {
  const clashes: Clash[] = [];
  const merged: string[] = [];
  for (const region of diff3MergeRegions(linesOf(now), linesOf(after), linesOf(before))) {
    if (region.stable) {
      merged.push(...region.bufferContent);
      continue;
    }
    const [ours, undone] = [region.aContent.join(""), region.bContent.join("")];
    // What others made of these lines is what stood there before.
    if (ours === undone) merged.push(...region.aContent);
    else clashes.push({ span: { from: region.aStart + 1, to: region.aStart + region.aLength }, now: ours });
  }
  return clashes.length === 0 ? ok(merged.join("")) : err(clashes);
};
