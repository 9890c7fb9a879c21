// Which lines of a comment are spoken to us, with their places: plain text at the margin, in nothing that is open.
import { describe, expect, it } from "vitest";
import { plainLines, spokenLines } from "../../src/commands/spoken-lines.ts";

const spoken = (comment: string) => spokenLines(comment).map(({ text }) => text);
const plain = (comment: string) => plainLines(comment, () => true);

describe("lines", () => {
  it.each(["\n", "\r", "\r\n"])("have their places, whatever ends them: %j", (end) => {
    const second = 1 + end.length;
    expect(plain(`a${end}bc`)).toEqual([
      { text: "a", start: 0, end: 1 },
      { text: "bc", start: second, end: second + 2 },
    ]);
    expect(spokenLines(`hi${end}/approve${end}${end}/hold`)).toEqual([
      { text: "/approve", start: 2 + end.length, end: 10 + end.length },
      { text: "/hold", start: 10 + 3 * end.length, end: 15 + 3 * end.length },
    ]);
  });

  it("are those that are wanted, and none of nothing", () => {
    expect(plainLines("a\nb", (line) => line === "b")).toEqual([{ text: "b", start: 2, end: 3 }]);
    expect(plain("")).toEqual([]);
  });

  it("that begin with marks are not plain", () => {
    expect(plain("a\n*b*")).toEqual([{ text: "a", start: 0, end: 1 }]);
  });
});

describe("a command", () => {
  it.each([
    ["/approve"],
    ["**well**\n/approve"],
    ["/approve\n[x"],
    ["[x\n\n/approve"],
    ["[x] y\n/approve"],
    ["]] x\n/approve"],
    ["\\[x\n/approve"],
    ["$$xy$$\n/approve"],
    ["$$xy$$  \n/approve"],
    ["a$$\n/approve"],
    ["$$\nx\n$$\n/approve"],
    ["x <b>y</b>\n/approve"],
    ["a\uFEFF\n/approve"],
  ])("is heard in %j", (comment) => {
    expect(spoken(comment)).toEqual(["/approve"]);
  });

  it.each([
    [" /approve"],
    ["a\n\n /approve"],
    ["\uFEFF/approve"],
    ["*a\n/approve* b"],
    ["`a\n/approve`"],
    ["[x\n/approve"],
    ["[[x]\n/approve"],
    ["] [x\n/approve"],
    ["$$\n/approve\n$$"],
    ["  $$\n/approve"],
    ["$$ x $$ y\n/approve"],
    ["x <details>\n/approve"],
    ["> /approve"],
    ["- /approve"],
    ["```\n/approve\n```"],
    ["# a\n\n    /approve"],
  ])("is not heard in %j", (comment) => {
    expect(spoken(comment)).toEqual([]);
  });
});
