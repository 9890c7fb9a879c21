import { describe, expect, it } from "vitest";
import { firstLookAlike } from "../../../src/policy/rules/look-alikes.ts";
import { changed, created, found, renamed } from "../found.ts";

describe("look-alikes", () => {
  it.each([
    ["a Cyrillic letter in a Latin word", "const p\u0430yload = 1;"],
    ["a Latin letter in a Cyrillic word", "пр\u0065вет"],
    ["a Greek omicron", "g\u03bfogle.com"],
    ["an Armenian letter", "logi\u0578"],
    ["letters for formulas", "\ud835\udc1einval"],
    ["full-width letters", "\uff45val(x)"],
    ["the Greek question mark", "return a\u037e"],
    ["a click that looks like a mark", "if (a \u01c3= b)"],
    ["two Greek letters in a Latin word", "\u0391\u0392c"],
  ])("finds %s", async (_, text) => {
    expect(await found("look-alikes", changed("a.ts", "x\n", `x\n${text}\n`))).toMatchObject([
      { severity: "warn", path: "a.ts", line: 2 },
    ]);
  });

  it.each([
    ["plain code", "const payload = 1; // ok"],
    ["words of one alphabet each", "const a = 'Привет, мир'; // приветствие, καλημέρα"],
    ["Latin letters with marks", "naïve café Straße İstanbul"],
    ["a quantity", "const \u0394x = \u03bcs + \u03bb1;"],
    ["Chinese and Japanese", "日本語とEnglishの混在；これはコメント"],
    ["signs in a text without Latin letters", "你好；世界"],
    ["emoji", "🎉 done"],
    ["operators", "a ≠ b → c × d"],
  ])("leaves %s alone", (_, text) => {
    expect(firstLookAlike(text)).toBeNull();
  });

  it.each([
    ["a\u0430", 'The word "a\u0430" mixes letters of several alphabets.'],
    ["\u0430\u03b1", 'The word "\u0430\u03b1" mixes letters of several alphabets.'],
    ["a\u03bd", 'The word "a\u03bd" mixes letters of several alphabets.'],
    ["x\u037e", "U+037E is drawn like another sign."],
    ["x \uff1b", "U+FF1B is drawn like another sign."],
    ["x \u02d0", "U+02D0 is drawn like another sign."],
  ])("names it: %j", (text, message) => {
    expect(firstLookAlike(text)).toBe(message);
  });

  it("looks at paths, under both names", async () => {
    expect(await found("look-alikes", created("src/\u0430pi.ts"))).toMatchObject([
      { path: "src/\u0430pi.ts", line: null },
    ]);
    expect(await found("look-alikes", renamed("src/\u0430pi.ts", "src/api.ts"))).toHaveLength(1);
    expect(await found("look-alikes", created("docs/Привет.md"))).toEqual([]);
  });

  it("looks at added lines only", async () => {
    expect(await found("look-alikes", changed("a.ts", "p\u0430y\nx\n", "p\u0430y\ny\n"))).toEqual([]);
  });
});
