import { describe, expect, it } from "vitest";
import { Lines, startsFile, startsHeading, startsSides, UnusableDiff } from "../../src/policy/diff-lines.ts";

const stopped = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof UnusableDiff) return { name: error.name, message: error.message, line: error.line };
    throw error;
  }
  return null;
};

describe("Lines", () => {
  it("take what follows a prefix, and step over it", () => {
    const lines = new Lines(["ab", "c"]);
    expect([lines.line, lines.next]).toEqual(["ab", "c"]);
    expect(lines.take("x")).toBeUndefined();
    expect(lines.at).toBe(0);
    expect(lines.take("a")).toBe("b");
    expect([lines.at, lines.line, lines.next]).toEqual([1, "c", undefined]);
    expect(lines.take("c")).toBe("");
    expect(lines.take("")).toBeUndefined();
    expect(lines.at).toBe(2);
  });

  it("stop at a header that is too long, or ends as on Windows", () => {
    const name = "UnusableDiff";
    expect(stopped(() => new Lines(["x".repeat(10_000)]).take("x"))).toBeNull();
    expect(stopped(() => new Lines(["x".repeat(10_001)]).take("x"))).toEqual({
      name,
      message: "this header is too long",
      line: 1,
    });
    expect(stopped(() => new Lines(["x\r"]).take("x"))).toEqual({
      name,
      message: "this header ends in a carriage return",
      line: 1,
    });
    expect(stopped(() => new Lines(["\rx"]).take(""))).toBeNull();
  });
});

describe("the beginning of a file", () => {
  it.each([
    [["--- a", "+++ b"], { sides: true, heading: false, file: true }],
    [["--- a", "x"], { sides: false, heading: false, file: false }],
    [["x", "+++ b"], { sides: false, heading: false, file: false }],
    [["--- a"], { sides: false, heading: false, file: false }],
    [["Index: a", "==="], { sides: false, heading: true, file: true }],
    [["Index: a", "=="], { sides: false, heading: false, file: false }],
    [["Index: a", "x==="], { sides: false, heading: false, file: false }],
    [["Index: a", "===x"], { sides: false, heading: false, file: false }],
    [["Index: a"], { sides: false, heading: false, file: false }],
    [["x", "==="], { sides: false, heading: false, file: false }],
    [["diff -u a b", "--- a"], { sides: false, heading: true, file: true }],
    [["diff -u a b", "x"], { sides: false, heading: false, file: false }],
    [["diff -u a b"], { sides: false, heading: false, file: false }],
    [["a diff -u a b", "--- a"], { sides: false, heading: false, file: false }],
    [["x", "--- a"], { sides: false, heading: false, file: false }],
    [["diff --cc a", "--- a"], { sides: false, heading: false, file: false }],
    [["diff --combined a", "--- a"], { sides: false, heading: false, file: false }],
    [["diff --git a/x b/x", "--- a"], { sides: false, heading: false, file: true }],
    [["diff --git a/x b/x"], { sides: false, heading: false, file: true }],
    [["diff --brief a b", "--- a"], { sides: false, heading: true, file: true }],
    [[], { sides: false, heading: false, file: false }],
  ])("%j", (texts, { sides, heading, file }) => {
    const lines = new Lines(texts);
    expect([startsSides(lines), startsHeading(lines), startsFile(lines)]).toEqual([sides, heading, file]);
  });
});
