import { describe, expect, it } from "vitest";
import { named, seek } from "../../../src/context/retrieval/question.ts";

describe("what is sought", () => {
  it("weighs the title and quoted names more than the rest", () => {
    const { words } = seek({ title: "Broken slug", body: "The `address` of a product is empty" });
    expect(words.get("slug")).toBe(1.5);
    expect(words.get("address")).toBe(1.5);
    expect(words.get("product")).toBe(1);
  });

  it.each([
    ["at slugify (./src/slug.ts:12:3)", [{ path: "src/slug.ts", line: 12 }]],
    ['File "src/pkg/core.py", line 7', [{ path: "src/pkg/core.py", line: 7 }]],
    ["see src/slug.ts#L40", [{ path: "src/slug.ts", line: 40 }]],
    ["at 12:30 tomorrow", []],
  ])("finds the places in %j", (body, places) => {
    expect(seek({ title: "", body }).places).toEqual(places);
  });
});

it.each([
  ["in src/slug.ts it says", "src/slug.ts", 2],
  ["in slug.ts it says", "src/slug.ts", 1],
  ["run make first", "make", 0],
  ["the slug is wrong", "src/slug.ts", 0],
] as const)("%j names %s: %i", (text, path, expected) => {
  expect(named({ text }, path)).toBe(expected);
});
