import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexFile } from "../../../src/context/retrieval/index-file.ts";
import { retrieve } from "../../../src/context/retrieval/retrieve.ts";

const filler = (path: string, count: number) =>
  indexFile({
    path,
    text: Array.from({ length: count }, (_, at) => `export const value${at} = compute(${at});\n`).join(""),
  });

const slug = indexFile({
  path: "src/slug.ts",
  text: `export function slugify(title: string): string {\n  return title.toLowerCase();\n}\n`,
});
const caller = indexFile({
  path: "src/product.ts",
  text: `import { slugify } from "./slug.ts";\nexport const address = slugify;\n`,
});
const many = Array.from({ length: 40 }, (_, at) => filler(`src/other${at}.ts`, 200));
const question = { title: "slugify drops accented letters", body: "" };

const chosenPaths = (budget: number, first: Parameters<typeof retrieve>[2]["first"] = []) =>
  retrieve(question, [slug, caller, ...many], { budget, first });

describe("retrieval", () => {
  it("shows what defines what the issue names, and says so", () => {
    expect(chosenPaths(500)).toContainEqual({
      path: "src/slug.ts",
      ranges: [{ from: 1, to: 3 }],
      whole: true,
      reason: "defines",
      tokens: slug.tokens,
    });
  });

  it("shows all of a repository that fits", () => {
    const all = retrieve(question, [slug, caller], { budget: 1_000, first: [] });
    expect(all.map(({ path, reason, whole }) => [path, reason, whole])).toEqual([
      ["src/product.ts", "whole_repository", true],
      ["src/slug.ts", "whole_repository", true],
    ]);
  });

  it("shows the files of a task and doctrine first", () => {
    const shown = chosenPaths(2_000, [{ path: "src/other7.ts", reason: "task" }]);
    expect(shown.find(({ path }) => path === "src/other7.ts")).toMatchObject({ reason: "task", whole: true });
  });

  it("shows the line that a stack trace names", () => {
    const trace = { title: "Crash", body: "at value180 (src/other3.ts:181:7)" };
    const shown = retrieve(trace, [slug, ...many], { budget: 900, first: [] });
    const file = shown.find(({ path }) => path === "src/other3.ts");
    expect(file?.reason).toBe("named");
    expect(file?.ranges.some(({ from, to }) => from <= 181 && 181 <= to)).toBe(true);
  });

  it("gives the same answer for the same files in any order, and never more than the budget", () => {
    const files = [slug, caller, ...many.slice(0, 8)];
    const budget = fc.integer({ min: 0, max: 6_000 });
    fc.assert(
      fc.property(fc.shuffledSubarray(files, { minLength: files.length }), budget, (shuffled, tokens) => {
        const shown = retrieve(question, shuffled, { budget: tokens, first: [] });
        expect(shown).toEqual(retrieve(question, files, { budget: tokens, first: [] }));
        expect(shown.reduce((sum, { tokens: each }) => sum + each, 0)).toBeLessThanOrEqual(tokens);
      }),
    );
  });

  it("shows ranges in order, apart, and within the file", () => {
    for (const { path, ranges } of chosenPaths(8_000)) {
      const lines = [slug, caller, ...many].find((file) => file.path === path)?.lines ?? 0;
      let last = 0;
      for (const { from, to } of ranges) {
        expect(from).toBeGreaterThan(last);
        expect(to).toBeGreaterThanOrEqual(from);
        last = to + 1;
      }
      expect(last - 1).toBeLessThanOrEqual(lines);
    }
  });

  it("prefers what is tested to its test", () => {
    const test = indexFile({
      path: "test/slug.test.ts",
      text: `test("slugify drops accented", () => same(slugify("A"), "a"));\n`,
    });
    const shown = retrieve(question, [slug, test, ...many], { budget: slug.tokens + 5, first: [] });
    expect(shown.map(({ path }) => path)).toContain("src/slug.ts");
    expect(shown.map(({ path }) => path)).not.toContain("test/slug.test.ts");
  });
});
