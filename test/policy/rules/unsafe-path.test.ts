import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { judge } from "../../../src/policy/judge.ts";
import { proposalOf } from "../../../src/policy/proposal.ts";
import { pathProblems } from "../../../src/policy/rules/unsafe-path.ts";
import { DEFAULT_POLICY, PolicySettings } from "../../../src/policy/settings.ts";
import { runs } from "../../support/runs.ts";
import { created, found, renamed } from "../found.ts";

const table = z.record(z.string(), z.array(z.string()));
const UNSAFE = table.parse(JSON.parse(readFileSync(new URL("unsafe-paths.json", import.meta.url), "utf8")));

describe("unsafe-path", () => {
  describe.each(Object.entries(UNSAFE))("%s", (_, paths) => {
    it.each(paths)("%j", async (path) => {
      expect(await found("unsafe-path", created(path))).not.toEqual([]);
      expect((await found("unsafe-path", renamed(path, "a.ts"))).every((one) => one.path === path)).toBe(true);
      expect(await found("unsafe-path", renamed("a.ts", path))).not.toEqual([]);
    });
  });

  it.each([
    "README.md",
    "src/a b.ts",
    ".gitignore",
    ".github/x",
    "git/x",
    "src/.gitkeep",
    ".gitea/x",
    "src/git~/x.ts",
    "x.git/y",
    "a/...b",
    "a/..b",
    "console.ts",
    "src/auxiliary.c",
    "com.example/x",
    "prnt",
    "com10/x",
    "app/[slug]/(group)/page.tsx",
    "@types/x.d.ts",
    "docs/日本語/はじめに.md",
    "docs/über/straße.md",
    "docs/Привет.md",
    "emoji/🎉.svg",
    "a+b,c;d=e&f$g#h!.txt",
    "100%/x",
  ])("leaves %j alone", (path) => {
    expect(pathProblems(path)).toEqual([]);
  });

  const GIT = "The path leads into `.git`.";
  const END = "A part of the path ends in a dot or a space.";
  const COLON = "The path has a character that Windows gives another meaning.";
  it.each([
    ["", ["The path is empty.", "The path has an empty part."]],
    ["/a", ["The path is absolute.", "The path has an empty part."]],
    ["a/", ["The path has an empty part."]],
    ["~a", ["The path begins with a tilde."]],
    ["a~", []],
    ["-a", ["The path begins with a hyphen and reads as an option."]],
    ["a:b", ["The path names a drive.", COLON]],
    ["ab:c", [COLON]],
    ["1:b", [COLON]],
    ["a\\b", ["The path has a backslash."]],
    ["a\u0007", ["The path has a control character."]],
    ["a\u200b", ["The path has a character that nobody sees."]],
    ["a\u00a0b", ["The path has a space that is not the ordinary one."]],
    ["a\ue000", ["The path has a character without a meaning."]],
    ["a%2fb", ["The path has a dot, slash or zero byte in URL encoding."]],
    ["a\u2215b", ["The path has a look-alike of a dot or slash."]],
    [".git/config", [GIT]],
    ["a/.GIT", [GIT]],
    [".git:ab/x", [COLON, GIT]],
    [".git. ./x", [GIT, END]],
    [" .git/x", [GIT, "A part of the path begins with a space."]],
    [".gitx", []],
    ["x.git", []],
    ["git~1", [GIT, "A part of the path is a short name that stands for another on Windows."]],
    ["git~12", [GIT, "A part of the path is a short name that stands for another on Windows."]],
    ["xgit~1", ["A part of the path is a short name that stands for another on Windows."]],
    ["git~a", []],
    ["git~1x", []],
    [
      "a/ ../b",
      [
        "The path has a `.` or `..` in it.",
        "A part of the path ends in a dot or a space.",
        "A part of the path begins with a space.",
      ],
    ],
    ["a/.", ["The path has a `.` or `..` in it.", END]],
    ["a.", [END]],
    ["a/\u0301b", ["A part of the path begins with a mark that is drawn over the slash."]],
    ["a\u0301", []],
    ["aux.txt", ["A part of the path is the name of a device on Windows."]],
    ["x".repeat(255), []],
    ["x".repeat(256), ["A part of the path is longer than 255 bytes."]],
    ["\u00e4".repeat(128), ["A part of the path is longer than 255 bytes."]],
    [`${"x".repeat(249)}/`.repeat(4).slice(0, -1), []],
    [`${"x".repeat(199)}/`.repeat(4) + "y".repeat(200), []],
    [`${"x".repeat(199)}/`.repeat(4) + "y".repeat(201), ["The path is longer than 1,000 bytes."]],
    [`${"\u00e4".repeat(100)}/`.repeat(5), ["The path is longer than 1,000 bytes."]],
  ])("says of %j what is wrong", (path, problems) => {
    expect(pathProblems(path)).toEqual(problems);
  });

  it("cannot be loosened", () => {
    expect(PolicySettings.safeParse({ "unsafe-path": "warn" }).success).toBe(false);
  });
});

const safe = fc.constantFrom("src", "a.ts", "deep", ".hidden", "ä", "x y");
const upperOrLower = (text: string) =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((upper) =>
      [...text].map((char, at) => (upper[at] === true ? char.toUpperCase() : char.toLowerCase())).join(""),
    );
const inserted = (text: fc.Arbitrary<string>, what: fc.Arbitrary<string>) =>
  fc
    .tuple(text, what, fc.nat(20))
    .map(
      ([whole, extra, at]) => whole.slice(0, at % (whole.length + 1)) + extra + whole.slice(at % (whole.length + 1)),
    );

const gitFolder = fc.oneof(
  upperOrLower(".git"),
  upperOrLower("git~1"),
  fc.nat(9).map((digit) => `GIT~${digit}`),
  inserted(
    upperOrLower(".git"),
    fc.constantFrom("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u{e0041}"),
  ),
  fc.tuple(upperOrLower(".git"), fc.stringMatching(/^[. ]{1,4}$/)).map((parts) => parts.join("")),
  upperOrLower(".git").map((name) => `${name}::$INDEX_ALLOCATION`),
  fc.constantFrom("\uff0egit", ".\uff47it", ".g\u0456t", ".\u0261it", ".g\u0131t", "\u2024git", ".gi\u0442", ".ｇｉｔ"),
);
const control = fc
  .oneof(fc.integer({ min: 0, max: 31 }), fc.integer({ min: 127, max: 159 }))
  .map((code) => String.fromCharCode(code));
const device = fc
  .tuple(
    fc.constantFrom("con", "prn", "aux", "nul", "com1", "com9", "lpt1", "com\u00b2").chain(upperOrLower),
    fc.constantFrom("", ".txt", " .txt", "."),
  )
  .map((parts) => parts.join(""));
const badSegment = fc.oneof(
  fc.constantFrom(".", "..", "", " ..", ".. ", "..."),
  gitFolder,
  device,
  inserted(safe, control),
  inserted(
    safe,
    fc.constantFrom("\\", ":", "*", "?", "|", "<", ">", '"', "\u202e", "\u200b", "\u2028", "\ufffd", "\ud800"),
  ),
  safe.map((name) => `${name}.`),
  safe.map((name) => `${name} `),
);
const unsafePath = fc.oneof(
  fc
    .tuple(fc.array(safe, { maxLength: 3 }), badSegment, fc.array(safe, { minLength: 1, maxLength: 2 }))
    .map(([a, bad, b]) => [...a, bad, ...b].join("/")),
  fc.tuple(fc.array(safe, { maxLength: 3 }), badSegment).map(([a, bad]) => [...a, bad].join("/")),
  safe.map((path) => `/${path}`),
  safe.map((path) => `C:${path}`),
  safe.map((path) => `~/${path}`),
  safe.map((path) => `a\\..\\${path}`),
);

describe("whatever is made of unsafe parts", () => {
  it("never passes", () => {
    fc.assert(
      fc.property(unsafePath, (path) => {
        expect(pathProblems(path)).not.toEqual([]);
      }),
      runs(3_000),
    );
  });

  it("blocks, whatever else changes", async () => {
    await fc.assert(
      fc.asyncProperty(unsafePath, async (path) => {
        const judged = await judge(proposalOf([created("README.md"), created(path)]), DEFAULT_POLICY);
        expect(judged.verdict).toBe("block");
      }),
      runs(20),
    );
  });
});
