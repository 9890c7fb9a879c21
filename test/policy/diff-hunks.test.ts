import { describe, expect, it } from "vitest";
import { readHunks } from "../../src/policy/diff-hunks.ts";
import { Lines, UnusableDiff } from "../../src/policy/diff-lines.ts";

const read = (...texts: string[]) => {
  const lines = new Lines(texts);
  return { ...readHunks(lines), at: lines.at };
};
const closed = { old: false, now: false };
const open = "\\ No newline at end of file";

describe("readHunks", () => {
  it.each([
    ["nothing", [], { count: 0, added: 0, removed: 0, openEnds: closed, at: 0 }],
    ["no hunk", ["x"], { count: 0, added: 0, removed: 0, openEnds: closed, at: 0 }],
    [
      "one",
      ["@@ -1,2 +1,2 @@ f()", " a", "-b", "+c", "x"],
      { count: 1, added: 1, removed: 1, openEnds: closed, at: 4 },
    ],
    [
      "two",
      ["@@ -1 +1 @@", "-a", "+b", "@@ -2 +2 @@", "-a", "+b"],
      { count: 2, added: 2, removed: 2, openEnds: closed, at: 6 },
    ],
    [
      "an empty line for one with a blank",
      ["@@ -1,2 +1,2 @@", "", "-b", "+c"],
      { count: 1, added: 1, removed: 1, openEnds: closed, at: 4 },
    ],
    [
      "an old open end",
      ["@@ -1 +1 @@", "-a", open, "+b"],
      { count: 1, added: 1, removed: 1, openEnds: { old: true, now: false }, at: 4 },
    ],
    [
      "a new open end",
      ["@@ -1 +1 @@", "-a", "+b", open],
      { count: 1, added: 1, removed: 1, openEnds: { old: false, now: true }, at: 4 },
    ],
    [
      "two open ends",
      ["@@ -1 +1 @@", "-a", open, "+b", open],
      { count: 1, added: 1, removed: 1, openEnds: { old: true, now: true }, at: 5 },
    ],
    [
      "one for both, at the end",
      ["@@ -1,2 +1 @@", "-a", " b", open],
      { count: 1, added: 0, removed: 1, openEnds: { old: true, now: true }, at: 4 },
    ],
    [
      "one for both, within",
      ["@@ -1 +1,2 @@", " b", open, "+c"],
      { count: 1, added: 1, removed: 0, openEnds: { old: true, now: true }, at: 4 },
    ],
    [
      "a new open end within",
      ["@@ -1 +1 @@", "+b", open, "-a"],
      { count: 1, added: 1, removed: 1, openEnds: { old: false, now: true }, at: 4 },
    ],
    [
      "an old open end at the end",
      ["@@ -1 +1 @@", "+b", "-a", open],
      { count: 1, added: 1, removed: 1, openEnds: { old: true, now: false }, at: 4 },
    ],
    [
      "ends that an earlier hunk left open",
      ["@@ -1 +1 @@", "-a", open, "+b", open, "@@ -2 +2 @@", "-a", "+b"],
      { count: 2, added: 2, removed: 2, openEnds: { old: true, now: true }, at: 8 },
    ],
  ])("reads %s", (_, texts, expected) => {
    expect(read(...texts)).toEqual(expected);
  });

  it.each([
    [
      "a hunk that goes back",
      ["@@ -3 +3 @@", "-a", "+b", "@@ -3 +4 @@", "-a", "+b"],
      "this hunk begins before the one above it ends",
      4,
    ],
    ["an empty hunk", ["@@ -0,0 +0,0 @@"], "this hunk is empty", 1],
    ["an end within a hunk", ["@@ -1 +1 @@", "-a"], "the diff ends within a hunk", 3],
    ["a mark without a line", ["@@ -1 +1 @@", open], "nothing stands before this mark", 2],
    ["a line without a mark", ["@@ -1 +1 @@", "a"], "this line is no part of a hunk, and the hunk is not complete", 2],
    [
      "too many old lines",
      ["@@ -1 +1,2 @@", "-a", "-b", "+c", "+d"],
      "the hunk has other lines than its header says",
      3,
    ],
    [
      "too many new lines",
      ["@@ -1,2 +1 @@", "+a", "+b", "-c", "-d"],
      "the hunk has other lines than its header says",
      3,
    ],
    ["too many lines of both", ["@@ -1 +0,0 @@", " a"], "the hunk has other lines than its header says", 2],
  ])("refuses %s", (_, texts, message, line) => {
    expect(() => read(...texts)).toThrow(new UnusableDiff(message, line));
  });
});
