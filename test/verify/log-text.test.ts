// What a check printed: times and colours go, the end of a long one stays, whole lines only.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainLog, shortened } from "../../src/verify/log-text.ts";

describe("plainLog", () => {
  it.each([
    ["2026-11-21T10:00:00.1234567Z not ok 1", "not ok 1"],
    ["\u001B[31mred\u001B[0m and \u001B]0;title\u0007plain", "red and plain"],
    ["10%\r50%\r100%\r", "100%"],
    ["a\r\nb", "a\nb"],
    ["  indented", "  indented"],
  ])("of %j is %j", (log, text) => expect(plainLog(log)).toBe(text));
});

describe("shortened", () => {
  it("keeps what fits as it is", () => expect(shortened("a\nb", 10)).toEqual({ text: "a\nb", whole: true }));

  it("keeps the end and a little of the beginning, and says that lines are left out", () => {
    const lines = Array.from({ length: 500 }, (_, at) => `line ${at}`);
    const { text, whole } = shortened(lines.join("\n"), 400);
    expect(whole).toBe(false);
    expect(text.length).toBeLessThanOrEqual(400);
    expect(text.startsWith("line 0\n")).toBe(true);
    expect(text.endsWith("line 498\nline 499")).toBe(true);
    expect(text).toContain("\n(lines in between are left out)\n");
  });

  it("shows nothing but lines of the text, and never more than asked", () => {
    const lines = fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(lines, fc.integer({ min: 120, max: 600 }), (all, most) => {
        const { text } = shortened(all.join("\n"), most);
        expect(text.length).toBeLessThanOrEqual(most);
        for (const line of text.split("\n")) expect([...all, "(lines in between are left out)"]).toContain(line);
      }),
    );
  });
});
