import { describe, expect, it } from "vitest";
import { fileName, gitNames, loneName, plainName } from "../../src/policy/diff-names.ts";

describe("loneName", () => {
  it.each([
    ["a b", "a b"],
    ['a"', 'a"'],
    ["", ""],
    ['"a"', "a"],
    ['"a\\tb\\"c\\\\d"', 'a\tb"c\\d'],
    ['"\\a\\b\\n\\v\\f\\r"', "\u0007\b\n\v\f\r"],
    ['"t\\303\\266"', "tö"],
    ['"tö\\303\\266"', "töö"],
    ['"a\\1"', null],
    ['"a\\12"', null],
    ['"a\\400"', null],
    ['"a\\x"', null],
    ['"a', null],
    ['"a"b', null],
    ['"a" ', null],
  ])("%j → %j", (text, name) => {
    expect(loneName(text)).toBe(name);
  });
});

describe("fileName", () => {
  it.each([
    ["a b", "a b"],
    ["a\t2026-01-01\tx", "a"],
    ["", ""],
    ['"a b"', "a b"],
    ['"a"\t2026-01-01', "a"],
    ['"a"b', null],
    ['"a" \t2026', null],
    ['"a', null],
    ['a"b"', 'a"b"'],
  ])("%j → %j", (text, name) => {
    expect(fileName(text)).toBe(name);
  });
});

describe("gitNames", () => {
  const plain = { old: "", now: "" };
  it.each([
    ["x", []],
    ["x y", [{ old: "x", now: "y", prefixes: plain }]],
    [
      "a/x b/x",
      [
        { old: "x", now: "x", prefixes: { old: "a/", now: "b/" } },
        { old: "a/x", now: "b/x", prefixes: plain },
      ],
    ],
    [
      "w/x i/x",
      [
        { old: "x", now: "x", prefixes: { old: "w/", now: "i/" } },
        { old: "w/x", now: "i/x", prefixes: plain },
      ],
    ],
    [
      "x y z",
      [
        { old: "x", now: "y z", prefixes: plain },
        { old: "x y", now: "z", prefixes: plain },
      ],
    ],
    ['x "y"', [{ old: "x", now: "y", prefixes: plain }]],
    ['x "y', []],
    ['"x" y', [{ old: "x", now: "y", prefixes: plain }]],
    ['"x" "y z"', [{ old: "x", now: "y z", prefixes: plain }]],
    ['"x"y', []],
    ['"x"', []],
    ['"x" "y', []],
    ['"x', []],
    ['"x y', []],
  ])("%j", (text, names) => {
    expect(gitNames(text)).toEqual(names);
  });
});

describe("plainName", () => {
  it.each([
    ["a/x", "b/x", "x"],
    ["x", "x", "x"],
    ["a/x", "a/x", "a/x"],
    ["b/x", "a/x", "x"],
    ["old/src/x", "new/src/x", "src/x"],
    ["a/old/x", "b/new/x", "x"],
    ["a/old/x", "new/x", null],
    ["x/a/", "x/b/", null],
    ["x", "y", null],
    ["a/x", "b/y", null],
    ["old/x", "new/y", null],
    ["x", "new/x", null],
    ["old/x", "x", null],
    ["/x", "new/x", null],
    ["old/x", "/x", null],
    ["/x", "/y", null],
  ])("%j and %j → %j", (old, now, name) => {
    expect(plainName({ old, now })).toBe(name);
  });
});
