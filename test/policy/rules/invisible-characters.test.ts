import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proposalOf } from "../../../src/policy/proposal.ts";
import { firstInvisible } from "../../../src/policy/rules/invisible-characters.ts";
import { runs } from "../../support/runs.ts";
import { changed, created, found, foundIn } from "../found.ts";

const HIDDEN: readonly (readonly [string, string])[] = [
  ["right-to-left override", "\u202e"],
  ["left-to-right isolate", "\u2066"],
  ["pop directional isolate", "\u2069"],
  ["right-to-left mark", "\u200f"],
  ["Arabic letter mark", "\u061c"],
  ["zero-width space", "\u200b"],
  ["zero-width joiner", "\u200d"],
  ["word joiner", "\u2060"],
  ["invisible times", "\u2062"],
  ["byte order mark", "\ufeff"],
  ["soft hyphen", "\u00ad"],
  ["combining grapheme joiner", "\u034f"],
  ["Hangul filler", "\u3164"],
  ["halfwidth Hangul filler", "\uffa0"],
  ["blank Braille cell", "\u2800"],
  ["tag letter", "\u{e0061}"],
  ["variation selector", "\ufe00"],
  ["variation selector 256", "\u{e01ef}"],
  ["variation selector 16 after a letter", "\ufe0f"],
  ["private use", "\ue000"],
  ["private use of plane 16", "\u{10fffd}"],
  ["unassigned", "\u0378"],
  ["line separator", "\u2028"],
  ["next line", "\u0085"],
  ["escape", "\u001b"],
  ["backspace", "\b"],
  ["delete", "\u007f"],
  ["musical begin beam", "\u{1d173}"],
];

describe("invisible-characters", () => {
  it.each(HIDDEN)("finds a %s", async (_, char) => {
    const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
    const [one, ...more] = await found("invisible-characters", changed("a", "x\n", `x\nab${char}c\n`));
    expect(more).toEqual([]);
    expect(one).toMatchObject({ severity: "block", path: "a", line: 2 });
    expect(one?.message).toContain(`${code} at column 3 `);
  });

  it.each([
    ["ordinary text", "const a = 1;\t// ü, 日本語, Привет, ✓"],
    ["a carriage return at the end", "a\r"],
    ["emoji", "🎉 ✅ ☑️ 1️⃣ #️⃣"],
    ["joined emoji", "👩‍💻 👨‍👩‍👧 🏳️‍🌈 👍🏽"],
    ["Persian joiners", "می‌خواهم"],
    ["Hindi joiners", "क्‍ष"],
    ["Arabic number sign", "\u0600\u0661"],
    ["combining marks", "e\u0301"],
  ])("leaves %s alone", (_, text) => {
    expect(firstInvisible(text)).toBeNull();
  });

  it("finds a carriage return within a line, and joiners where no script needs them", () => {
    expect(firstInvisible("evil()\rgood()")).toMatchObject({ name: "U+000D", column: 7 });
    expect(firstInvisible("a\u200db")).not.toBeNull();
    expect(firstInvisible("م\u200da")).not.toBeNull();
    expect(firstInvisible("🎉\u200dx")).not.toBeNull();
    // Only the character right before counts, whatever stands before that.
    expect(firstInvisible("مa\u200dم")).not.toBeNull();
    expect(firstInvisible("م a\u200dم")).not.toBeNull();
    expect(firstInvisible("م\uff41\u200dم")).not.toBeNull();
    expect(firstInvisible("🎉🎉a\u200d🎉")).not.toBeNull();
    expect(firstInvisible("a\ufe0e")).not.toBeNull();
    expect(firstInvisible("☎\ufe0e 🐀\u200d💻 👩🏿\u200d💻")).toBeNull();
  });

  it("finds text that blanks push out of sight, but not in a table", async () => {
    const line = `ok();${" ".repeat(160)}evil();`;
    expect(await found("invisible-characters", created("a.ts", `x\n${line}\n`))).toMatchObject([
      { line: 2, message: "Blanks push column 166 out of sight." },
    ]);
    expect(await found("invisible-characters", created("a.ts", `x\n${"\t".repeat(20)}evil();\n`))).toHaveLength(1);
    expect(
      await found("invisible-characters", created("a.ts", `x;${" ".repeat(159)}y;\nx${" ".repeat(400)}\n`)),
    ).toEqual([]);
    expect(await found("invisible-characters", created("a.md", `| a${" ".repeat(300)}|\n`))).toEqual([]);
    expect(await found("invisible-characters", created("a.ts", `| a${" ".repeat(300)}|\n`))).toHaveLength(1);
  });

  it("looks at added lines only, and lets a byte order mark stay", async () => {
    expect(await found("invisible-characters", changed("a", "x\u202e\ny\n", "x\u202e\nz\n"))).toEqual([]);
    expect(await found("invisible-characters", changed("a", "\ufeffx\n", "\ufeffy\n"))).toEqual([]);
    expect(await found("invisible-characters", changed("a", "\ufeffx\n", "\ufeff\ufeffy\n"))).toHaveLength(1);
    expect(await found("invisible-characters", changed("a", "x\n", "\ufeffy\n"))).toHaveLength(1);
    expect(await found("invisible-characters", created("a", "\ufeffx\n"))).toHaveLength(1);
  });

  it.each([
    ["🎉\u{1d400}\u200d🎉", { name: "U+200D", column: 5 }],
    ["🎉\u200c🎉", { name: "U+200C", column: 3 }],
    ["1\ufe0f", { name: "U+FE0F", column: 2 }],
    ["1\ufe0fx", { name: "U+FE0F", column: 2 }],
    ["a\ufe0f\u20e3", { name: "U+FE0F", column: 2 }],
    ["1\ufe0f\u20e3 *\ufe0f\u20e3", null],
    ["a\u0007", { name: "U+0007", column: 2 }],
  ])("of %j the first", (text, expected) => {
    expect(firstInvisible(text)).toEqual(expected);
  });

  it("lets tables of Markdown be wide, and nothing that only looks like one", async () => {
    const wide = (path: string, start: string) =>
      found("invisible-characters", created(path, `${start}${" ".repeat(300)}x\n`));
    for (const [path, start] of [
      ["a.md", "| a"],
      ["a.MDX", "  | a"],
      ["a.markdown", "\t|"],
    ] as const)
      expect(await wide(path, start)).toEqual([]);
    for (const [path, start] of [
      ["a.md", "a | b"],
      ["a.md", "a| b"],
      ["a.md.txt", "| a"],
      ["amd", "| a"],
    ] as const)
      expect(await wide(path, start)).toHaveLength(1);
  });

  it("lets the byte order mark of the first line stay where lines are all that is known", async () => {
    const mark = "\ufeff";
    const [file] = proposalOf([changed("a", "x\n", "y\n")]).files;
    if (file === undefined) throw new Error("no file");
    const seen = (before: string | null, removed: readonly [number, string], added: readonly [number, string]) => {
      const line = ([number, text]: readonly [number, string]) => [{ number, text }];
      const lines = { removed: line(removed), added: line(added) };
      return foundIn("invisible-characters", { base: null, files: [{ ...file, before, after: null, ...lines }] });
    };
    expect(await seen(null, [1, `${mark}x`], [1, `${mark}y`])).toEqual([]);
    expect(await seen(`${mark}x\n`, [2, "x"], [1, `${mark}y`])).toEqual([]);
    expect(await seen(null, [2, `${mark}x`], [1, `${mark}y`])).toHaveLength(1);
    expect(await seen(null, [1, `x${mark}`], [1, `${mark}y`])).toHaveLength(1);
    expect(await seen(`x${mark}`, [1, "x"], [1, `${mark}y`])).toHaveLength(1);
    expect(await seen(`${mark}x\n`, [1, `${mark}x`], [2, `${mark}y`])).toHaveLength(1);
    expect(await seen(`${mark}x\n`, [1, `${mark}x`], [1, `${mark}a\u200bb`])).toMatchObject([
      { message: "U+200B at column 3 is not seen, or changes the order in which the line is." },
    ]);
  });

  it("finds any of them anywhere in a line", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...HIDDEN),
        fc.string({ maxLength: 20 }),
        fc.stringMatching(/^[a-z ]{1,10}$/),
        ([, char], a, b) => {
          expect(firstInvisible(`${a}x${char}${b}`)).not.toBeNull();
        },
      ),
      runs(300),
    );
  });
});
