// Whatever text comes in, what is shown only shows text.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { block, codeSpan, commitText, diagram, fence, headline, inline, listItems } from "../../src/thread/defuse.ts";
import { runs } from "../support/runs.ts";
import { harmsOf, parseMarkdown, shownText } from "./support/harms.ts";
import { hostileText } from "./support/hostile.ts";

/** Places of our own texts into which foreign text is put. */
const AROUND_LINE: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => `**Plan ready** (plan 1): ${line}`,
  (line) => `Why: ${line}. Next.`,
  (line) => `- ${line}\n- next`,
  (line) => `1. **T1** ${line}\n2. next`,
  (line) => `> ${line}\n> next`,
  (line) => `before\n${line}\nafter`,
];
const AROUND_BLOCK: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `### Plan\n\n${text}\n\n- after`,
  (text) => `before\n\n${text}\n\nafter`,
];

describe("in Markdown", () => {
  test("a line does nothing, wherever it stands", () => {
    fc.assert(
      fc.property(hostileText(), fc.constantFrom(...AROUND_LINE), (text, around) => {
        const line = inline(text);
        expect(line).not.toContain("\n");
        expect(harmsOf(around(line))).toEqual([]);
      }),
      runs(700),
    );
  });

  test("blocks do nothing, wherever they stand", () => {
    fc.assert(
      fc.property(hostileText(), fc.constantFrom(...AROUND_BLOCK), (text, around) => {
        expect(harmsOf(around(block(text)))).toEqual([]);
      }),
      runs(700),
    );
  });

  test("a list has an item for each line and nothing else", () => {
    fc.assert(
      fc.property(fc.array(hostileText(), { minLength: 1, maxLength: 4 }), (items) => {
        const markdown = listItems(items);
        expect(harmsOf(markdown)).toEqual([]);
        expect(markdown.split("\n")).toHaveLength(items.length);
      }),
      runs(300),
    );
  });

  test("a code span is one code span", () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const tree = parseMarkdown(`a ${codeSpan(text)} b`);
        expect(harmsOf(codeSpan(text))).toEqual([]);
        const [paragraph] = tree.children;
        expect(tree.children).toHaveLength(1);
        expect(paragraph?.type === "paragraph" && paragraph.children.map((child) => child.type)).toEqual([
          "text",
          "inlineCode",
          "text",
        ]);
      }),
      runs(400),
    );
  });

  test("a fence is one code block and what follows stands outside", () => {
    fc.assert(
      fc.property(hostileText(), fc.constantFrom("diff", "", "mermaid", "x y", "```"), (text, info) => {
        const tree = parseMarkdown(`before\n\n${fence(text, info)}\n\nafter`);
        expect(tree.children.map((child) => child.type)).toEqual(["paragraph", "code", "paragraph"]);
        expect(harmsOf(fence(text, info))).toEqual([]);
      }),
      runs(400),
    );
  });

  test("words are kept", () => {
    const words = fc.array(fc.stringMatching(/^[a-zA-Z0-9]{1,6}$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(words, (some) => {
        for (const word of some) {
          expect(shownText(block(some.join(" @")))).toContain(word);
          expect(shownText(inline(some.join("\n\n- ")))).toContain(word);
        }
      }),
      runs(200),
    );
  });

  test("defused twice is still harmless", () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        expect(harmsOf(block(block(text)))).toEqual([]);
        expect(harmsOf(inline(inline(text)))).toEqual([]);
      }),
      runs(300),
    );
  });
});

const PLAIN_HARMS = [
  /(?:^|[^A-Za-z0-9])@[A-Za-z0-9]/,
  /#\d/,
  /\bgh-\d/i,
  /(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])/i,
  /:\/\//,
  /\bwww\.\w/i,
  /:[\w+-]+:/,
  /\[[^[\]]*\b(?:skip|no)\b[^[\]]*\]/i,
  /^\/\p{L}/mu,
  /^\s*countersign-/im,
  /(?!\n)\p{Cc}|[\u200B\u202E\u2028\uFEFF]|[\u{E0000}-\u{E0FFF}]/u,
];

describe("where there is no Markdown", () => {
  test("a headline is one short line that does nothing", () => {
    fc.assert(
      fc.property(hostileText(), fc.constantFrom(20, 72, 120), (text, longest) => {
        const line = headline(text, longest);
        expect([...line].length).toBeLessThanOrEqual(longest);
        expect(line).not.toMatch(/[\n\r]/);
        for (const harm of PLAIN_HARMS) expect(line).not.toMatch(harm);
      }),
      runs(700),
    );
  });

  test("a commit message skips no checks, also over the end of a line", () => {
    expect(commitText("[skip\nci] and [ci\n\nskip-checks]")).toBe("(skip\nci) and (ci\n\nskip-checks)");
  });

  test("a commit message does nothing and has no trailers", () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const message = commitText(text);
        for (const harm of PLAIN_HARMS) expect(message).not.toMatch(harm);
        // On one line: a colon that begins the next makes no trailer of this one.
        expect(message).not.toMatch(/^[\w]+(?:-[\w]+)+[^\S\n]*:/m);
      }),
      runs(700),
    );
  });
});

test.each([
  ["ask @octocat or @acme/core", "ask `@octocat` or `@acme/core`"],
  ["fixes #1, closes acme/shop#2 (GH-3).", "fixes `#1`, closes `acme/shop#2` (`GH-3`)."],
  ["see https://evil.example/x?y=1.", "see `https://evil.example/x?y=1`."],
  ["![logo](https://evil.example/l.png)", "`![logo](https://evil.example/l.png)`"],
  ["[the docs](https://evil.example)", "the docs (`https://evil.example`)"],
  ["since 4be1c02 it fails", "since `4be1c02` it fails"],
  ["`slugify` drops digits in max_length", "`slugify` drops digits in max_length"],
  ["a < b && b > c", "a \\< b && b > c"],
  ["text <!-- hidden --> text", "text `<!-- hidden -->` text"],
  ["<!-- hidden -->", "\\<!-- hidden -->"],
  ["costs $5", "costs `$5`"],
  ["std::vector::push", "`std::vector::push`"],
  ["/approve k7m2", "`/approve` k7m2"],
  ["a\u202Eb", "a⟨U+202E⟩b"],
  ["a\u200B\u200B\u200Bb", "a⟨U+200B and 2 more⟩b"],
  [`a${"\u0301".repeat(10)}b`, `a${"\u0301".repeat(6)}⟨U+0301 and 3 more⟩b`],
  ["thumbs 👍🏽 up ✔️", "thumbs 👍🏽 up ✔️"],
  ["# Heading", "Heading"],
  ["**bold** and *soft*", "bold and soft"],
  ["1. first", "first"],
  ["2 * 3 = 6_", "2 \\* 3 = 6\\_"],
  ["", ""],
])("inline %j reads %j", (text, shown) => {
  expect(inline(text)).toBe(shown);
});

test.each([
  ["Fix @octocat's slug, closes #12", "Fix @ octocat's slug, closes # 12"],
  ["Update acme/shop#3 and GH-4", "Update acme/shop# 3 and GH 4"],
  ["see https://github.com/acme/shop/issues/1", "see https: //github.com/acme/shop/issues/1"],
  ["Raise the limit to 10000000", "Raise the limit to 10 000 000"],
  ["Revert 4be1c02", "Revert 4be1 c02"],
  ["Bump [skip ci]", "Bump (skip ci)"],
  ["a\u200B@\u200Boctocat", "a@octocat"],
  ["/approve", "/ approve"],
  ["Handle 10:30:45 in logs", "Handle 10: 30:45 in logs"],
])("headline %j reads %j", (text, shown) => {
  expect(headline(text)).toBe(shown);
});

test("blocks keep lists, code and quotes, and lose headings' size, links and tables", () => {
  const plan = [
    "## Design",
    "",
    "Use **one** table.",
    "",
    "1. parse",
    "2. render",
    "   - see [docs](https://x.example)",
    "",
    "```ts",
    "const a = 1;",
    "```",
    "",
    "> quoted",
    "",
    "| a | b |",
    "| - | - |",
    "| 1 | 2 |",
    "",
    "<details>hidden</details>",
  ].join("\n");
  expect(block(plan)).toMatchInlineSnapshot(`
    "**Design**

    Use one table.

    1. parse
    2. render
       - see docs (\`https://x.example\`)

    \`\`\`ts
    const a = 1;
    \`\`\`

    > quoted

    \`\`\`
    | a | b |
    | - | - |
    | 1 | 2 |
    \`\`\`

    \`\`\`
    <details>hidden</details>
    \`\`\`"
  `);
});

test("hostile nesting is shown as it is instead of taking the parser down", () => {
  for (const text of [">".repeat(6000), "- ".repeat(3000), "x ".repeat(40_000), "> - ".repeat(200)]) {
    expect(block(text)).toMatch(/^```/);
    expect(inline(text).length).toBeGreaterThan(10);
  }
});

describe("a diagram", () => {
  test("that only draws is drawn", () => {
    expect(diagram("flowchart LR\n  A[Slug] --> B(Title)\n  B -->|uses| C{Ok?}")).toMatch(
      /^```mermaid\nflowchart LR\n/,
    );
  });
  test.each([
    'flowchart LR\n A-->B\n click A "https://evil.example"',
    'flowchart LR\n A-->B; click A href "x"',
    "flowchart LR\n A@{ img: x }",
    "%%{init: {}}%%\nflowchart LR\n A-->B",
    "flowchart LR\n A[<img src=x>]-->B",
    "flowchart LR\n A[//evil.example/x]-->B",
    "gantt\n title x",
    "flowchart LR\n A-->B\n```\n@octocat",
    "flowchart LR\n A[#1]-->B",
    "flowchart LR\n style A fill:red",
    "",
  ])("with anything else is text: %j", (source) => {
    expect(diagram(source)).not.toMatch(/mermaid$/m);
    expect(harmsOf(diagram(source))).toEqual([]);
  });
});
