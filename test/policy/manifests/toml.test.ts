import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { at, flat } from "../../../src/policy/manifests/entries.ts";
import { readToml } from "../../../src/policy/manifests/toml.ts";
import { runs } from "../../support/runs.ts";

const read = (text: string) => {
  const tree = readToml(text);
  return tree === null ? null : flat(tree);
};

describe("readToml", () => {
  it.each([
    ["nothing", "", []],
    ["comments", "# a\n\n  # b\n", []],
    ["a pair", 'a = "1"', [["a", "1"]]],
    ["quoted and dotted names", `"a b".'c.d' . e-f = '1'`, [["a b > c.d > e-f", "1"]]],
    [
      "tables",
      '[a]\nx = "1"\n[a.b]\ny = "2" # c\n[ a . "c" ]\nz = "3"\n',
      [
        ["a > x", "1"],
        ["a > b > y", "2"],
        ["a > c > z", "3"],
      ],
    ],
    [
      "lists of tables",
      '[[a]]\nx = "1"\n[[a]]\nx = "2"\n[a.b]\ny = "3"\n',
      [
        ["a > x", "1"],
        ["a > x", "2"],
        ["a > b > y", "3"],
      ],
    ],
    [
      "tables in a line",
      'a = { x = "1", "y" = { z = "2" } }',
      [
        ["a > x", "1"],
        ["a > y > z", "2"],
      ],
    ],
    ["tables over lines", 'a = {\n x = "1", # c\n}', [["a > x", "1"]]],
    [
      "lists",
      "a = [ \"1\",\n # c\n '2', ]",
      [
        ["a", "1"],
        ["a", "2"],
      ],
    ],
    [
      "other values as they are",
      "a = 1.5\nb = true\nc = 2026-01-01 10:00:00Z\nd = [1, 2]\n",
      [
        ["a", "1.5"],
        ["b", "true"],
        ["c", "2026-01-01 10:00:00Z"],
        ["d", "1"],
        ["d", "2"],
      ],
    ],
    ["escapes", 'a = "\\u0067\\x69\\U00000074 \\"q\\" \\\\"', [["a", 'git "q" \\']]],
    ["escaped names", '"\\u0067it" = "x"', [["git", "x"]]],
    [
      "long texts",
      'a = """\n[b]\nx = "1" \\\n   y"""\nc = \'\'\'\n# d\'\'\'\'\n',
      [
        ["a", '[b]\nx = "1" y'],
        ["c", "# d'"],
      ],
    ],
    [
      "line ends of Windows",
      'a = "1"\r\n[b]\r\nc = "2"\r\n',
      [
        ["a", "1"],
        ["b > c", "2"],
      ],
    ],
    ["a byte order mark", '\ufeffa = "1"', [["a", "1"]]],
  ])("reads %s", (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    "a",
    "a =",
    "= 1",
    'a = "1',
    'a = "1\n"',
    "a = [1",
    "a = [1 2]",
    "a = {x = 1",
    'a = "1" b = "2"',
    'a = "1"\na = "2"',
    'a = "1"\na.b = "2"',
    'a = "1"\n[a]\n',
    'a = "1"\n[[a]]\n',
    "[a\nb = 1",
    "[[a]\nb = 1",
    'a = "\\q"',
    'a = "\\UFFFFFFFF"',
    `a = ${"[".repeat(100_000)}`,
    `a = ${"{a=".repeat(100_000)}`,
    '{ "a": 1 }',
  ])("is not sure of %j", (text) => {
    expect(readToml(text)).toBeNull();
  });

  it("gives back every text that is written as one", () => {
    const text = fc.string({ unit: "binary", maxLength: 20 });
    fc.assert(
      fc.property(fc.dictionary(text, fc.oneof(text, fc.array(text, { maxLength: 3 }))), (given) => {
        // JSON's texts are TOML's, but for one escape and halves of characters.
        const written = (value: string) => JSON.stringify(value.toWellFormed()).replaceAll("\u007f", "\\u007f");
        const lines = Object.entries(given).map(
          ([name, value]) =>
            `${written(name)} = ${typeof value === "string" ? written(value) : `[${value.map(written).join(", ")}]`}`,
        );
        const names = Object.keys(given).map((name) => name.toWellFormed());
        fc.pre(new Set(names).size === names.length);
        const tree = readToml(lines.join("\n"));
        for (const [name, value] of Object.entries(given)) {
          const wanted = typeof value === "string" ? value.toWellFormed() : value.map((one) => one.toWellFormed());
          expect(at(tree, name.toWellFormed())).toEqual(wanted);
        }
      }),
      runs(300),
    );
  });

  it("never throws", () => {
    const piece = fc.constantFrom(
      "a",
      '"',
      "'",
      '"""',
      "'''",
      "[",
      "]",
      "{",
      "}",
      "=",
      ".",
      ",",
      "\n",
      "#",
      "\\",
      "\\u",
      " ",
      "1",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const tree = readToml(pieces.join(""));
        expect(tree === null || tree instanceof Map).toBe(true);
      }),
      runs(2_000),
    );
  });
});
