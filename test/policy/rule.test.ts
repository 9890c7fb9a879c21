import { describe, expect, it } from "vitest";
import { counted, quote } from "../../src/policy/rule.ts";

describe("quote", () => {
  it.each([
    ["a", '"a"'],
    ['a"b\\', '"a\\"b\\\\"'],
    ["a\u202eb", '"a\\u{202e}b"'],
    ["a\u00a0b", '"a\\u{a0}b"'],
    ["a\nb", '"a\\nb"'],
    ["\u{e0041}", '"\\u{e0041}"'],
    ["日本 é", '"日本 é"'],
    ["x".repeat(80), `"${"x".repeat(80)}"`],
    ["x".repeat(81), `"${"x".repeat(80)}…"`],
  ])("%j", (text, quoted) => {
    expect(quote(text)).toBe(quoted);
  });

  it("is as long as one likes", () => {
    expect(quote("abc", 2)).toBe('"ab…"');
    expect(quote("ab", 2)).toBe('"ab"');
  });
});

describe("counted", () => {
  it.each([
    [0, "0 files"],
    [1, "1 file"],
    [2, "2 files"],
  ])("%j", (count, words) => {
    expect(counted(count, "file")).toBe(words);
  });
});
