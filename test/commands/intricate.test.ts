// Comments that would keep the Markdown parser busy are not given to it: what they are full of is counted first.
import { describe, expect, it, vi } from "vitest";
import { isIntricate } from "../../src/commands/intricate.ts";
import { MOST_CHARACTERS, parseComment } from "../../src/commands/parse.ts";

const read = vi.hoisted(() => ({ characters: 0 }));
vi.mock("mdast-util-from-markdown", async (original) => {
  const real = await original<typeof import("mdast-util-from-markdown")>();
  const counting: typeof real.fromMarkdown = (value: Parameters<typeof real.fromMarkdown>[0], ...rest: unknown[]) => {
    read.characters += String(value).length;
    return Reflect.apply(real.fromMarkdown, null, [value, ...rest]);
  };
  return { ...real, fromMarkdown: counting };
});

const SHOP = { prefix: null, repositories: ["acme/shop"] };
const full = (part: string): string => part.repeat(Math.floor((MOST_CHARACTERS - 100) / part.length));

describe("a comment full of", () => {
  it.each([
    ["emphasis that never closes", "*_"],
    ["emphasis in words", "*a_b"],
    ["emphasis of two kinds", "**a *b "],
    ["struck text", "~~a"],
    ["brackets", "["],
    ["closing brackets", "]"],
    ["links", "[a](b) "],
    ["emphasis before links", "*[a"],
    ["notes", "[^a]"],
    ["headings", "a\n=\n"],
    ["lines", "a\n"],
    ["empty lines", "\n"],
    ["list items", "- a\n"],
    ["Windows lines", "a\r\n"],
    ["old Macintosh lines", "a\r"],
    ["quotes in quotes", "> "],
    ["quotes without spaces", ">"],
    ["lists in lists", "- "],
    ["numbered lists in lists", "1. "],
  ])("%s is answered without being read", (_, part) => {
    read.characters = 0;
    expect(parseComment(`${full(part)}\n\n/approve`, SHOP)).toMatchObject({
      kind: "answer",
      command: "approve",
      refusal: { code: "comment_too_intricate" },
    });
    // Nobody is answered who said nothing to us.
    expect(parseComment(`${full(part)}\n\n/path`, SHOP)).toEqual({ kind: "nothing" });
    expect(read.characters).toBe(0);
  });
});

it("what people write is read: long words, code, tables, a quoted log", () => {
  const table = `| file | why |\n| --- | --- |\n${"| `src/a_b.ts` | it *was* wrong |\n".repeat(100)}`;
  const log = `\`\`\`\n${"at step_one [as run] (file_one.ts:1:2)\n".repeat(200)}\`\`\``;
  for (const text of ["a".repeat(9_000), table, log, "> quoted\n".repeat(300), "**bold** ".repeat(400)]) {
    expect(isIntricate(text)).toBe(false);
    read.characters = 0;
    expect(parseComment(`${text}\n\n/approve`, SHOP)).toMatchObject({ kind: "commands" });
    expect(read.characters).toBeGreaterThan(text.length);
  }
});
