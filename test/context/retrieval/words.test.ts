import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nameOf, stem, wordsOf } from "../../../src/context/retrieval/words.ts";

describe("words", () => {
  it.each([
    ["slugifyTitle", ["slugifytitle", "slugify", "titl"]],
    ["slugify_title", ["slugifytitle", "slugify", "titl"]],
    ["parseHTMLPage", ["parsehtmlpage", "pars", "html", "page"]],
    ["the errors that were added", []],
    ["caching caches cached", ["cach", "cach", "cach"]],
    ["policies policy", ["policy", "policy"]],
    ["x = 42;", ["42"]],
    ["größe", ["größ"]],
    ["", []],
  ])("of %j are %j", (text, expected) => {
    expect(wordsOf(text)).toEqual(expected);
  });

  it("of a line that no person wrote are left out", () => {
    expect(wordsOf(`${"a".repeat(500)} slug`)).toEqual(["slug"]);
  });

  it("are the same for the two spellings of a name", () => {
    expect(nameOf("max_age")).toBe(nameOf("maxAge"));
  });

  it("are never empty, and come out of any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => wordsOf(text).every((word) => word !== "")));
  });
});

it.each([
  ["runs", "run"],
  ["class", "class"],
  ["classes", "class"],
  ["running", "run"],
  ["stopped", "stop"],
  ["ring", "ring"],
  ["red", "red"],
])("the stem of %s is %s", (word, expected) => {
  expect(stem(word)).toBe(expected);
});
