// What in a comment is a command, what is answered, and what is nobody's business: tables of comments, and properties over all of them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allCommands, CATALOGUE, COMMAND_NAMES, commandLine, usageOf } from "../../src/commands/catalogue.ts";
import {
  MOST_CHARACTERS,
  MOST_COMMANDS,
  type Parsed,
  type ParseOptions,
  parseComment,
} from "../../src/commands/parse.ts";
import { runs } from "../support/runs.ts";

const SHOP: ParseOptions = { prefix: null, repositories: ["acme/shop"] };
const TWO: ParseOptions = { prefix: null, repositories: ["acme/shop", "acme/till"] };
const PREFIXED: ParseOptions = { prefix: "cs", repositories: ["acme/shop"] };

/** `approve@acme/shop#k7m2:text`, one a command; `!code` for an answer; "" for nothing. */
const told = (parsed: Parsed): string => {
  switch (parsed.kind) {
    case "nothing":
      return "";
    case "answer":
      return `!${parsed.refusal.code}`;
    case "commands":
      return parsed.commands
        .map(({ name, target, code, text }) => {
          const where = target === null ? "" : `@${target.kind === "repository" ? target.fullName : target.kind}`;
          return `${name}${where}${code === null ? "" : `#${code}`}${text === null ? "" : `:${text}`}`;
        })
        .join(" | ");
  }
};
const commandsIn = (comment: string, options: ParseOptions) => {
  const parsed = parseComment(comment, options);
  return parsed.kind === "commands" ? parsed.commands.map(({ name, position }) => ({ name, position })) : [];
};
const read = (comment: string, options = SHOP): string => told(parseComment(comment, options));

describe("commands", () => {
  it.each([
    ["/approve", "approve"],
    ["/approve k7m2", "approve#k7m2"],
    ["/approve K7M2", "approve#k7m2"],
    ["/approve k7m2x9", "approve#k7m2x9"],
    ["/approve acme/shop", "approve@acme/shop"],
    ["/approve acme/shop k7m2", "approve@acme/shop#k7m2"],
    ["/approve other/repo", "approve@other/repo"],
    ["/approve all", "approve@all"],
    ["/approve ALL k7m2", "approve@all#k7m2"],
    ["/Approve", "approve"],
    ["/APPROVE", "approve"],
    ["/approve \t ", "approve"],
    ["/approve\tk7m2", "approve#k7m2"],
    ["/reject", "reject"],
    ["/reject it exists already", "reject:it exists already"],
    ["/reject acme/shop it exists", "reject@acme/shop:it exists"],
    ["/reject ACME/Shop no", "reject@ACME/Shop:no"],
    ["/reject acme/shoop no", "reject@acme/shoop:no"],
    ["/reject src/slug.ts is wrong", "reject:src/slug.ts is wrong"],
    ["/reject other/repo", "reject@other/repo"],
    ["/revise keep  the old\tname", "revise:keep  the old\tname"],
    ["/revise plan leave the database alone", "revise@plan:leave the database alone"],
    ["/revise acme/shop use `x`", "revise@acme/shop:use `x`"],
    ["/revise src/slug.ts should keep it", "revise:src/slug.ts should keep it"],
    ["/revise\nkeep the name\n\n- and this\n- and that", "revise:keep the name\n\n- and this\n- and that"],
    ["/revise plan\n\n```\nlog\n```", "revise@plan:```\nlog\n```"],
    ["/revise like\n\n> /approve\n\n    /cancel", "revise:like\n\n> /approve\n\n    /cancel"],
    ["/retry", "retry"],
    ["/cancel", "cancel"],
    ["/plan", "plan"],
    ["/hold", "hold"],
    ["/resume", "resume"],
    ["/status", "status"],
    ["/help", "help"],
    ["/rollback", "rollback"],
    ["/accept AC-1", "accept:AC-1"],
    ["/budget +5000", "budget:+5000"],
    ["LGTM\n/approve\nthanks", "approve"],
    ["Looks *good*, see [this](http://a.example).\n/approve k7m2", "approve#k7m2"],
    ["Text.\r\n\r\n/approve\r\n", "approve"],
    ["Text.\r/approve", "approve"],
    ["- a list\n\n/approve", "approve"],
    ["> a quote\n\n/approve", "approve"],
    ["<!-- a note -->\n\n/approve", "approve"],
    ["<details><summary>log</summary>\n\nlines\n\n</details>\n\n/approve", "approve"],
    ["It returns List<Foo> now.\n\n/approve", "approve"],
    ["one<br>two\n/approve", "approve"],
    ["It cost $$ a lot.\n\n/approve", "approve"],
    ["/help\n/status", "help | status"],
    ["/approve\n/status", "approve | status"],
    ["/approve\n\n/approve", "approve"],
    ["/revise a\n/status", "revise:a | status"],
  ])("%j", (comment, expected) => expect(read(comment)).toBe(expected));

  it("have positions in their order", () => {
    expect(commandsIn("/status\n/status\n/approve", SHOP)).toEqual([
      { name: "status", position: 0 },
      { name: "approve", position: 1 },
    ]);
    expect(commandsIn("/approve please", SHOP)).toEqual([]);
  });

  it.each([
    ["/approve acme/shop\n/revise acme/till do it", "approve@acme/shop | revise@acme/till:do it"],
    ["/approve acme/shop\n/approve acme/till", "approve@acme/shop | approve@acme/till"],
  ])("about different repositories go together: %j", (comment, expected) => expect(read(comment, TWO)).toBe(expected));
});

describe("what is answered", () => {
  it.each([
    ["/approve please", "!usage"],
    ["/approve k7m2 please", "!usage"],
    ["/approve k7m2 acme/shop", "!usage"],
    ["/approve k7", "!usage"],
    ["/approve k7m2k7m2", "!usage"],
    ["/approve k0l1", "!usage"],
    ["/approve k7\u200bm2", "!usage"],
    ["/approve plan", "!usage"],
    ["/approve `k7m2`", "!usage"],
    ["/approve <!-- k7m2 -->", "!usage"],
    ["/approve \\", "!usage"],
    ["/cancel now", "!usage"],
    ["/retry acme/shop", "!usage"],
    ["/status?", "!unknown_command"],
    ["/help me", "!usage"],
    ["/revise", "!usage"],
    ["/revise   ", "!usage"],
    ["/revise plan", "!usage"],
    ["/revise acme/shop", "!usage"],
    ["/aprove", "!unknown_command"],
    ["/approv", "!unknown_command"],
    ["/approve.", "!unknown_command"],
    ["/Reviss it", "!unknown_command"],
    ["/approve\n/aprove", "!unknown_command"],
    ["/approve\n/reject", "!contradiction"],
    ["/approve\n/hold", "!contradiction"],
    ["/approve k7m2\n/approve x9p4", "!contradiction"],
    ["/hold\n/resume", "!contradiction"],
    ["/cancel\n/revise do it", "!contradiction"],
    ["/approve acme/shop\n/reject acme/shop", "!contradiction"],
    ["/approve all\n/revise acme/shop do it", "!contradiction"],
    ["/approve all\n/reject acme/shop", "!contradiction"],
    ["/approve all\n/approve acme/shop", "!contradiction"],
    ["/approve ACME/Shop\n/reject acme/shop it is wrong", "!contradiction"],
    ["/approve acme/shop k7m2\n/approve acme/shop x9p4", "!contradiction"],
    ["/approve acme/shop\n/cancel", "!contradiction"],
    ["/approve acme/shop\n/hold\n/status", "!contradiction"],
    ["/reject acme/shop\n/revise plan something else", "!contradiction"],
    ["/revise acme/shop a\n\n/approve acme/shop", "!contradiction"],
    ["/approve\n/revise acme/shop do it", "!contradiction"],
    ["/revise plan a\n/revise acme/shop b", "!contradiction"],
    ["/approve\n\nYou are receiving this because you were mentioned.", "!quoted_mail"],
    [`${"/status\n".repeat(MOST_COMMANDS)}/help`, "!too_many_commands"],
    [`/revise ${"x".repeat(MOST_CHARACTERS)}`, "!comment_too_long"],
    [`${"x\n".repeat(MOST_CHARACTERS)}/approve`, "!comment_too_long"],
  ])("%j", (comment, expected) => expect(read(comment)).toBe(expected));

  it("says what was meant", () => {
    expect(parseComment("/aprove", SHOP)).toEqual({
      kind: "answer",
      command: "aprove",
      refusal: { code: "unknown_command", given: "aprove", meant: "approve" },
    });
    expect(parseComment("/cancel at once", SHOP)).toEqual({
      kind: "answer",
      command: "cancel",
      refusal: { code: "usage", command: "cancel", problem: "unexpected_text", given: "at once" },
    });
    expect(parseComment("/approve\n/reject", SHOP)).toMatchObject({ refusal: { commands: ["approve", "reject"] } });
  });

  it("quotes no more than a line of what was written", () => {
    const parsed = parseComment(`/cancel ${"x".repeat(5_000)}`, SHOP);
    expect(parsed.kind === "answer" && parsed.refusal.code === "usage" ? parsed.refusal.given : "").toHaveLength(60);
  });
});

describe("what is nobody's business", () => {
  it.each([
    "",
    "LGTM",
    "please /approve",
    "I would /approve this",
    "/lgtm",
    "/assign @octocat",
    "/retest",
    "/usr/bin/approve",
    "/approve/",
    "/help/approve",
    "/ approve",
    "//approve",
    "/",
    "/-",
    "/approve-all",
    "/approved-by me",
    "approve",
    "@countersign approve",
  ])("other words: %j", (comment) => expect(read(comment)).toBe(""));

  it.each([
    ["a quote", "> /approve"],
    ["a nested quote", "> > /approve"],
    ["a lazy quote", "> text\n/approve"],
    ["an alert", "> [!NOTE]\n> /approve"],
    ["a list", "- /approve"],
    ["a numbered list", "1. /approve"],
    ["a task", "- [x] /approve"],
    ["a lazy list", "- text\n/approve"],
    ["a paragraph of a list", "- text\n\n  /approve"],
    ["inline code", "`/approve`"],
    ["inline code over lines", "`text\n/approve\ntext`"],
    ["a fence", "```\n/approve\n```"],
    ["a fence with tildes", "~~~\n/approve\n~~~"],
    ["a fence that is not closed", "```\n/approve"],
    ["a longer fence", "````\n```\n/approve\n````"],
    ["indented code", "    /approve"],
    ["tabbed code", "\t/approve"],
    ["a comment", "<!-- /approve -->"],
    ["a comment over lines", "<!--\n/approve\n-->"],
    ["a comment that is not closed", "<!--\n\n/approve"],
    ["a comment inside a line", "text <!-- a\n/approve\n-->"],
    ["an element", "<div>\n/approve\n</div>"],
    ["a fold", "<details>\n\n/approve\n\n</details>"],
    ["a fold in a line", "text <details>\n/approve\n</details>"],
    ["a fold with an attribute that hides its end", '<details title="</details>">\n\n/approve'],
    ["a fold whose end stands in an attribute", '<details>\n\n<i title="</details>">\n\n/approve'],
    ["a fold in a comment's quotes", '<i title="<!--">\n<details>\n<i title="-->">\n\n/approve'],
    ["a fold that opens before a list", "- <details>\n\n/approve"],
    ["script", "<script>\n\n/approve"],
    ["a textarea", "<textarea>\n\n/approve"],
    ["a heading", "# /approve"],
    ["an underlined heading", "/approve\n==="],
    ["a heading by accident", "/approve\n---"],
    ["a link", "[/approve](http://a.example)"],
    ["a link over lines", "[text\n/approve\n](http://a.example)"],
    ["a link by reference", "[text\n/approve\ntext][a]\n\n[a]: http://a.example"],
    ["an image", "![text\n/approve\n](http://a.example/a.png)"],
    ["a definition", "[a]: /approve"],
    ["emphasis", "*text\n/approve*"],
    ["struck out", "~~text\n/approve~~"],
    ["a table's head", "/approve | text\n-|-"],
    ["a table's head of one", "/approve\n-|"],
    ["a table", "| a |\n|---|\n| /approve |"],
    ["a lazy table", "| a |\n|---|\n/approve"],
    ["a footnote", "text[^1]\n\n[^1]: note\n/approve"],
    ["a paragraph of a footnote", "text[^1]\n\n[^1]: note\n\n    /approve"],
    ["a formula", "$$\n/approve\n$$"],
    ["an indented line", "  /approve"],
    ["an escape", "\\/approve"],
    ["a character reference", "&#47;approve"],
    ["a reference by name", "&sol;approve"],
  ])("inside %s", (_what, comment) => expect(read(comment)).toBe(""));

  it.each([
    ["a full-width slash", "／approve"],
    ["a fraction slash", "⁄approve"],
    ["a division slash", "∕approve"],
    ["a big solidus", "⧸approve"],
    ["Cyrillic а", "/\u0430pprove"],
    ["full-width letters", "/ａｐｐｒｏｖｅ"],
    ["mathematical letters", "/𝐚𝐩𝐩𝐫𝐨𝐯𝐞"],
    ["Kelvin's K", "/\u212Aelp"],
    ["a zero-width space before", "\u200b/approve"],
    ["a zero-width space behind the slash", "/\u200bapprove"],
    ["a zero-width space at the end", "/approve\u200b"],
    ["a zero-width joiner inside", "/app\u200drove"],
    ["a soft hyphen", "/app\u00adrove"],
    ["a byte order mark", "\ufeff/approve"],
    ["a right-to-left override", "\u202e/approve"],
    ["an override inside", "/\u202eevorppa"],
    ["a combining mark", "/approve\u0301"],
    ["tag characters", "/approve\u{e0061}"],
    ["a no-break space for a blank", "/approve\u00a0k7m2"],
    ["an ideographic space", "/approve\u3000k7m2"],
    ["a line separator for a line end", "text\u2028/approve"],
    ["a next-line for a line end", "text\u0085/approve"],
    ["a form feed for a line end", "text\f/approve"],
    ["a vertical tab", "text\v/approve"],
    ["NUL", "\u0000/approve"],
    ["NUL inside", "/approve\u0000"],
  ])("characters that look so: %s", (_what, comment) => expect(read(comment)).toBe(""));

  it.each([
    ["On Tue, Nov 21, 2026 at 10:00 AM countersign[bot] <notifications@github.com> wrote:\n\n/approve k7m2"],
    [
      "No, thanks.\n\nOn Tue, Nov 21, 2026 at 10:00 AM countersign[bot] <\nnotifications@github.com> wrote:\n/approve k7m2",
    ],
    ["Nein.\n\nAm Di., 21. Nov. 2026 um 10:00 Uhr schrieb countersign[bot]:\n\n/approve"],
    ["Non.\n\nLe mar. 21 nov. 2026 à 10:00, countersign[bot] a écrit :\n\n/approve"],
    ["No.\n\nEl mar, 21 nov 2026, countersign[bot] escribió:\n\n/approve"],
    ["No.\n\n-----Original Message-----\nSubject: Re: [acme/shop] Slug\n\n/approve"],
    ["No.\n\nFrom: countersign[bot] <notifications@github.com>\nSent: Tuesday\nTo: acme/shop\n\n/approve"],
    ["Nein.\n\n**Von:** countersign[bot]\n**Gesendet:** Dienstag\n\n/approve"],
    ["No.\n\n________________________________\nFrom: countersign[bot]\nDate: Tuesday\n\n/approve"],
  ])("a mail that quotes: %j", (comment) => expect(read(comment)).toBe(""));

  it("a command above a quoted mail counts, and its text ends there", () => {
    const mail =
      "\n\nOn Tue, countersign[bot] <notifications@github.com> wrote:\n\n/approve k7m2\n\nReply to this email directly";
    expect(read(`/cancel${mail}`)).toBe("cancel");
    expect(read(`/revise keep it${mail}`)).toBe("revise:keep it");
  });
});

describe("a prefix", () => {
  it.each([
    ["/cs approve k7m2", "approve#k7m2"],
    ["/CS Approve", "approve"],
    ["/cs \t revise  keep it", "revise:keep it"],
    ["/cs", "!unknown_command"],
    ["/cs aprove", "!unknown_command"],
    ["/cs foo", "!unknown_command"],
    ["/cs /approve", "!unknown_command"],
    ["/cs approve please", "!usage"],
    ["/cs \u0430pprove", "!unknown_command"],
    ["/approve", ""],
    ["/aprove", ""],
    ["/csx approve", ""],
    ["/cs-approve", ""],
    ["> /cs approve", ""],
    [`/cs approve\n${"x".repeat(MOST_CHARACTERS)}`, "!comment_too_long"],
    [`/approve\n${"x".repeat(MOST_CHARACTERS)}`, ""],
  ])("%j", (comment, expected) => expect(read(comment, PREFIXED)).toBe(expected));
});

describe("the catalogue", () => {
  it("knows every command by its own name, in the order of help", () => {
    for (const name of COMMAND_NAMES) expect(CATALOGUE[name].name).toBe(name);
    expect(allCommands().map(({ name }) => name)).toEqual(COMMAND_NAMES);
  });

  it.each([
    ["approve", "/approve [owner/repo | all] [code]"],
    ["reject", "/reject [owner/repo] [reason]"],
    ["revise", "/revise [plan | owner/repo] <feedback>"],
    ["cancel", "/cancel"],
  ] as const)("tells the usage of %s", (name, usage) => {
    expect(usageOf(name, null)).toBe(usage);
    expect(usageOf(name, "cs")).toBe(usage.replace("/", "/cs "));
  });

  it.each(allCommands().flatMap(({ name, examples }) => examples.map((example) => ({ name, example }))))(
    "has an example that is understood: $example",
    ({ name, example }) => {
      for (const options of [SHOP, PREFIXED]) {
        expect(commandsIn(commandLine(options.prefix, example), options)).toEqual([{ name, position: 0 }]);
      }
    },
  );
});

/** Everything that Markdown, HTML, mail and our own grammar are made of. */
const fragment = fc.oneof(
  fc.constantFrom(
    ...[
      "/approve",
      "/approve k7m2",
      "/revise do",
      "/reject",
      "/cancel",
      "/aprove",
      "/cs approve",
      "/help",
      "\n",
      "\n\n",
      "\r\n",
      "  ",
      "    ",
      "\t",
    ],
    ...[
      "> ",
      "- ",
      "1. ",
      "# ",
      "```",
      "~~~",
      "`",
      "*",
      "_",
      "~~",
      "[",
      "]",
      "(",
      ")",
      "![",
      "|",
      "|-|\n",
      "---",
      "===",
      "\\",
      "&#47;",
      "$$",
    ],
    ...[
      "<details>",
      "</details>",
      "<!--",
      "-->",
      "<div>",
      "</div>",
      "<a href='",
      '"',
      "[^1]: ",
      "On x wrote:",
      "From: a\nSent: b",
      "\u200b",
      "\ufeff",
      "\u0000",
    ],
  ),
  fc.string({ maxLength: 8 }),
  fc.string({ unit: "binary", maxLength: 4 }),
);
const comment = fc.array(fragment, { maxLength: 14 }).map((parts) => parts.join(""));
const options = fc.constantFrom(SHOP, TWO, PREFIXED);

describe("for every comment", () => {
  it("reading never throws, and what is understood is what the catalogue has", () => {
    fc.assert(
      fc.property(comment, options, (text, how) => {
        const parsed = parseComment(text, how);
        if (parsed.kind !== "commands") return;
        expect(parsed.commands.map(({ position }) => position)).toEqual(parsed.commands.map((_, index) => index));
        for (const { name, code, text: words } of parsed.commands) {
          expect(COMMAND_NAMES).toContain(name);
          if (name === "revise") expect(words).not.toBe("");
          if (code !== null) expect(code).toMatch(/^[2-9a-hjkmnp-z]{4,6}$/);
        }
      }),
      runs(400),
    );
  });

  it("a line of it that starts no command makes none", () => {
    fc.assert(
      fc.property(comment, (text) => {
        const parsed = parseComment(text, SHOP);
        const lines = text.split(/\r\n|\r|\n/);
        if (parsed.kind !== "commands") return;
        for (const { name } of parsed.commands) {
          expect(lines.some((line) => line.toLowerCase().startsWith(`/${name}`))).toBe(true);
        }
      }),
      runs(200),
    );
  });

  it.each([
    ["quoted", (text: string) => text.replace(/^/gm, "> ")],
    ["in a fence", (text: string) => `~~~~~~~~~~~~\n${text}\n~~~~~~~~~~~~`],
    ["indented as code", (text: string) => text.replace(/^/gm, "     ")],
    ["in a fold", (text: string) => `<details>\n\n${text}`],
    ["below a mail's attribution", (text: string) => `x wrote:\n\n${text}`],
  ] as const)("none of it counts when it is %s", (_how, wrap) => {
    // Separators that JavaScript's `^` takes for line ends, but Markdown does not, would escape the wrapping.
    const plain = comment.map((text) => text.replace(/[\r\u2028\u2029]/g, "\n").replaceAll("~~~", "~"));
    fc.assert(
      fc.property(plain, options, (text, how) => {
        expect(parseComment(wrap(text), how)).toEqual({ kind: "nothing" });
      }),
      runs(150),
    );
  });

  it.each([
    "[",
    "*_",
    "1. ",
    "\na\n=",
    "<a ",
    "</b>",
    "<!--",
    "/a\n",
    "/approve [\n",
    "a wrote",
    "$$\n/a\n",
    "|a\n",
    "> ",
  ])("hostile repetition comes to an end: %j", (part) => {
    const text = `/status\n\n${part.repeat(Math.floor((MOST_CHARACTERS - 20) / part.length))}`;
    expect(["nothing", "commands", "answer"]).toContain(parseComment(text, SHOP).kind);
    expect(parseComment(`/status\n\n${part.repeat(200_000)}`, SHOP).kind).toBe("answer");
  });

  it.each(["1. ", "1)\t", "- ", "> "])("lists and quotes nested beyond sense are not read at all: %j", (part) => {
    const nested = part.repeat(Math.floor((MOST_CHARACTERS - 200) / part.length));
    expect(parseComment(`/status\n\n${nested}x`, SHOP)).toMatchObject({
      kind: "answer",
      refusal: { code: "comment_too_intricate" },
    });
    expect(parseComment(`${nested}/approve`, SHOP)).toEqual({ kind: "nothing" });
    expect(parseComment(`${part.repeat(20)}x\n\n/status`, SHOP).kind).toBe("commands");
    expect(parseComment(`${"-".repeat(1_000)}\n\n/status`, SHOP).kind).toBe("commands");
  });
});
