// What a review says, as one text.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reviewWords } from "../../src/commands/review-words.ts";

const at = (first: number, last = first, side: "before" | "after" = "after") => ({ first, last, side });

describe("the words of a review", () => {
  it.each([
    ["its own words alone", " Not like this.\n", [], "Not like this."],
    ["comments alone", "", [{ path: "src/a.ts", lines: at(12), body: "Why?" }], "src/a.ts:12: Why?"],
    [
      "its own words, then each comment in order",
      "Two things.",
      [
        { path: "src/b.ts", lines: at(3, 5), body: "Too long." },
        { path: "src/a.ts", lines: at(7, 7, "before"), body: "Keep this.\nIt is used." },
        { path: "docs/a.md", lines: null, body: "Leave this file alone." },
      ],
      "Two things.\n\nsrc/b.ts:3-5: Too long.\n\nsrc/a.ts:7 (before the change): Keep this.\nIt is used.\n\ndocs/a.md: Leave this file alone.",
    ],
    ["nothing of a comment without words", "Look.", [{ path: "src/a.ts", lines: at(1), body: " \n" }], "Look."],
    ["nothing", " ", [], ""],
  ])("are %s", (_what, body, comments, words) => {
    expect(reviewWords(body, comments)).toBe(words);
  });

  it("have every comment with its place, once and in order", () => {
    const comment = fc.record({
      path: fc.stringMatching(/^[a-z]{1,8}\.ts$/),
      lines: fc.integer({ min: 1, max: 999 }).map((line) => at(line)),
      body: fc.stringMatching(/^[a-z]{1,20}$/),
    });
    fc.assert(
      fc.property(fc.array(comment), (comments) => {
        const expected = comments.map(({ path, lines, body }) => `${path}:${lines.last}: ${body}`);
        expect(reviewWords("", comments)).toBe(expected.join("\n\n"));
      }),
    );
  });
});
