// Lines of 60 KB that are made to keep a pattern busy. A pattern that backtracks never comes back from them.
import { describe, expect, it } from "vitest";
import { IMPLEMENTATIONS, judge } from "../../src/policy/judge.ts";
import type { Proposal } from "../../src/policy/proposal.ts";
import { RULE_NAMES } from "../../src/policy/rules.ts";
import { DEFAULT_POLICY } from "../../src/policy/settings.ts";

const LENGTH = 60_000;
const flood = (part: string) => part.repeat(Math.ceil(LENGTH / part.length)).slice(0, LENGTH);
/** What a pattern needs to begin, a flood in which it can hesitate, and an end that disappoints it. */
const around = (start: string, part: string, end = "\u0001") => `${start}${flood(part)}${end}`;

const HOSTILE: readonly (readonly [string, string])[] = [
  ["blanks behind a quote", around('a = "b"', " ")],
  ["blanks", around("", " ")],
  ["tabs behind a word", around("path", "\t")],
  ["blanks behind a key", around('"a"', " ")],
  ["blanks behind a colon", around('"a":', " ")],
  ["blanks behind an equals sign", around("git =", " ")],
  ["blanks around an at", around("a", " @ ")],
  ["open quotes", around("", '"')],
  ["quotes and backslashes", around('"', "\\")],
  ["escaped quotes", around('"', '\\"')],
  ["pairs", around("{", '"a": "1.0.0", ', "")],
  ["brackets", around("[", "[")],
  ["braces", around("a = ", "{a=")],
  ["dots", around("a", ".")],
  ["dots and letters", around("", "a.")],
  ["hyphens", around("-", "-")],
  ["slashes", around("https:", "/")],
  ["addresses", around("", "https://a")],
  ["scp addresses", around("", "a@a:")],
  ["escapes of URLs", around("https://a/@", "%2f")],
  ["commas", around("gem 'a'", ",")],
  ["parentheses", around("test.each", "(")],
  ["tests", around("", "it.each ")],
  ["skips", around("", "it.skip")],
  ["comments", around("", "/*")],
  ["hashes", around("a==1 ", "--hash=a ")],
  ["licences", around("", "license: ")],
  ["words of a secret", around("", "aws secret key ")],
  ["keys", around("", "token = 'aaaa")],
  ["random letters", around("sk-", "aB3dE5fG7hI9jK1lM3nO5pQ7")],
  ["letters of two alphabets", around("", "a\u0430")],
  ["combining marks", around("a", "\u0301")],
  ["joiners", around("a", "\u200d")],
  ["carriage returns", around("a", "\r")],
  ["attributes", around("*.a ", "filter ")],
  ["versions", around("replace a => ", "v1 ")],
];

const NAMES = [
  "package.json",
  "composer.json",
  "requirements.txt",
  "pyproject.toml",
  "Pipfile",
  "Cargo.toml",
  "go.mod",
  "Gemfile",
  "a.gemspec",
  "package-lock.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "Cargo.lock",
  "go.sum",
  "poetry.lock",
  "a.test.ts",
  "LICENSE",
  "a.podspec",
  "pom.xml",
  "Package.swift",
  "mix.exs",
  "pubspec.yaml",
  "deno.json",
  "Chart.yaml",
  ".gitattributes",
  "README.md",
];

/** Every line comes and goes, in whole texts and in parts. */
const proposal = (hostile: string, whole: boolean): Proposal => ({
  base: {
    modes: new Map([["a", "100644"]]),
    attributes: new Map([[".gitattributes", `${hostile.slice(0, 5_000)}\n`]]),
  },
  files: NAMES.map((path) => ({
    kind: "modify",
    path,
    previousPath: null,
    oldMode: "100644",
    newMode: "100644",
    content: "text",
    before: whole ? `${hostile}x\n` : null,
    after: whole ? `${hostile}\n` : null,
    added: [{ number: 1, text: hostile }],
    removed: [{ number: 1, text: `${hostile}x` }],
  })),
});

describe("every rule comes to an end on", () => {
  it.each(HOSTILE)("%s", async (_, hostile) => {
    for (const given of [proposal(hostile, true), proposal(hostile, false)]) {
      for (const rule of RULE_NAMES) {
        // One file is as good as all to the scan for credentials, which does not look at names and is the slowest.
        const files = rule === "secrets" ? given.files.slice(0, 1) : given.files;
        const found = await IMPLEMENTATIONS[rule]({ ...given, files }, DEFAULT_POLICY);
        const long = found.flatMap(({ path, line }) => (line === 1 ? [path] : []));
        if (rule === "size-limits") expect(long).toEqual(NAMES);
        for (const { path } of found) expect([null, ...NAMES]).toContain(path);
      }
    }
  });
});

describe("the path rules come to an end on", () => {
  it.each(["a ", ". ", "a.", "~", "-", "a~1", "com1 ", "\u0301", "a/", "\u0430", ".git"])(
    "a flood of %j",
    async (part) => {
      const path = flood(part);
      const { files } = proposal("x", true);
      const [file] = files;
      if (file === undefined) throw new Error("no file");
      const { violations } = await judge({ base: null, files: [{ ...file, path }] }, DEFAULT_POLICY);
      expect(violations.filter(({ rule }) => rule === "unsafe-path")).toMatchObject([
        { message: "The path is longer than 1,000 bytes." },
      ]);
    },
  );
});
