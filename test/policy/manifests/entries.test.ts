import { describe, expect, it } from "vitest";
import {
  at,
  changesOf,
  type Entries,
  entries,
  flat,
  joined,
  lastOf,
  type Tree,
} from "../../../src/policy/manifests/entries.ts";
import type { Line, ProposedFile } from "../../../src/policy/proposal.ts";

const lines = (...texts: string[]): Line[] => texts.map((text, index) => ({ number: index + 1, text }));
const file = (given: Partial<ProposedFile>): ProposedFile => ({
  kind: "modify",
  path: "a",
  previousPath: null,
  oldMode: "100644",
  newMode: "100644",
  content: "text",
  before: null,
  after: null,
  added: [],
  removed: [],
  ...given,
});
/** One name a line; a text with a question mark cannot be read. */
const namesIn = (text: string): Entries =>
  entries(text.split("\n").flatMap((name) => (name === "" ? [] : [[name, "1"]])));
const read = (text: string): Entries | null => (text.includes("?") ? null : namesIn(text));
const fragments = (texts: readonly string[]): Entries => namesIn(texts.map((text) => `part of ${text}`).join("\n"));

describe("names", () => {
  it.each([
    ["a > b > c", "c"],
    ["a", "a"],
    ["", ""],
    ["x> y", "x> y"],
    ["a > x> y", "x> y"],
  ])("the last of %j is %j", (name, last) => {
    expect(lastOf(name)).toBe(last);
  });

  it("are joined without the empty ones", () => {
    expect(joined("a", "", "b")).toBe("a > b");
    expect(joined("")).toBe("");
  });
});

describe("at and flat", () => {
  it("find a place, or nothing", () => {
    const tree: Tree = new Map([["a", new Map([["b", "1"]])]]);
    expect(at(tree, "a", "b")).toBe("1");
    expect(at(tree)).toBe(tree);
    expect(at(tree, "a", "c")).toBeUndefined();
    expect(at(tree, "a", "b", "c")).toBeUndefined();
    expect(at(null, "a")).toBeUndefined();
    expect(at(undefined)).toBeUndefined();
  });

  it("go twenty names deep, and no deeper", () => {
    const tables = (depth: number): Tree => (depth === 0 ? "1" : new Map([["a", tables(depth - 1)]]));
    const lists = (depth: number): Tree => (depth === 0 ? "1" : [lists(depth - 1)]);
    expect(flat(tables(20))).toHaveLength(1);
    expect(flat(tables(21))).toEqual([]);
    expect(flat(lists(20), "b")).toEqual([["b", "1"]]);
    expect(flat(lists(21), "b")).toEqual([]);
    expect(flat(undefined)).toEqual([]);
  });
});

describe("entries", () => {
  it("count what is said twice once, and what is said otherwise too", () => {
    expect([
      ...entries([
        ["a", "1"],
        ["b", "2"],
        ["a", "3"],
        ["a", "1"],
      ]),
    ]).toEqual([
      ["a", "1, 3"],
      ["b", "2"],
    ]);
  });
});

describe("changesOf", () => {
  it.each([
    ["a change", { before: "a\nb\n", after: "b\nc\n" }, ["a: 1 → null", "c: null → 1"], true],
    ["a new file", { kind: "create", after: "a\n" }, ["a: null → 1"], true],
    ["a deleted file", { kind: "delete", before: "a\n" }, ["a: 1 → null"], true],
    ["nothing", { before: "a\n", after: "a\n" }, [], true],
    [
      "a text that was unreadable",
      { before: "?\n", after: "a\n" },
      ["part of y: 1 → null", "part of x: null → 1"],
      false,
    ],
    [
      "a text that is unreadable",
      { before: "a\n", after: "?\n" },
      ["part of y: 1 → null", "part of x: null → 1"],
      false,
    ],
    ["no old text", { after: "a\n" }, ["part of y: 1 → null", "part of x: null → 1"], false],
    ["no new text", { before: "a\n" }, ["part of y: 1 → null", "part of x: null → 1"], false],
    ["no text of a new file", { kind: "create" }, ["part of y: 1 → null", "part of x: null → 1"], false],
    ["no text of a deleted file", { kind: "delete" }, ["part of y: 1 → null", "part of x: null → 1"], false],
  ] as const)("%s", (_, given, expected, whole) => {
    const changes = changesOf(file({ ...given, added: lines("x"), removed: lines("y") }), read, fragments);
    expect(changes.entries.map(({ name, old, now }) => `${name}: ${old} → ${now}`)).toEqual(expected);
    expect(changes.whole).toBe(whole);
  });

  const placed = (names: readonly string[], ...texts: string[]): (number | null)[] =>
    changesOf(file({ before: "", after: names.join("\n"), added: lines(...texts) }), read, fragments).entries.map(
      ({ line }) => line,
    );

  it.each([
    ["a key before a word", "lodash", ['"x": "lodash"', '"lodash": "1"'], 2],
    ["the first of two keys", "lodash", ["{", '"lodash": "1"', '"lodash" : "2"'], 2],
    ["the first of two words", "lodash", ["{", "lodash==1", "lodash==2"], 2],
    ["a word in another case", "lodash", ["{", "LoDash==1"], 2],
    ["a word with other hyphens", "zope-interface", ["{", "zope_.interface==1"], 2],
    ["a word without its hyphen, which is another", "ab", ["a-b"], null],
    ["a dotless i, which is another letter", "I", ["\u0131"], null],
    ["what is no word by its text", "(a)", ["{", "x(a)y"], 2],
    ["what is not there", "lodash", ["x"], null],
    ["the section where the name is not there", "tools > lodash", ["{", "tools = 1"], 2],
    ["the name before the section", "tools > lodash", ["tools = 1", "lodash = 1"], 2],
  ])("finds the line: %s", (_, name, texts, line) => {
    expect(placed([name], ...texts)).toEqual([line]);
  });

  it("looks for a hundred names that are no words, and for no more", () => {
    const names = Array.from({ length: 150 }, (_, index) => `(${index})`);
    const found = placed(names, names.join(" "));
    expect(found.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => 1));
    expect(found.slice(100)).toEqual(Array.from({ length: 50 }, () => null));
  });
});
