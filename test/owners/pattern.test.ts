// CODEOWNERS patterns, by the examples of GitHub's own page and by what is easily got wrong.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matches, parsePattern } from "../../src/owners/pattern.ts";
import { runs } from "../support/runs.ts";

const does = (text: string, path: string): boolean => {
  const pattern = parsePattern(text);
  if (pattern === null) throw new Error(`${text} is no pattern`);
  return matches(pattern, path);
};

const TABLE: readonly [pattern: string, owned: readonly string[], others: readonly string[]][] = [
  ["*", ["a", "a/b", "a/b/c.txt", ".github/x"], []],
  ["*.js", ["a.js", "deep/er/a.js", "x.js/inside"], ["a.jsx", "ajs", "js"]],
  ["/build/logs/", ["build/logs/a", "build/logs/a/b"], ["build/logs", "x/build/logs/a", "build/log/a"]],
  ["docs/*", ["docs/getting-started.md"], ["docs/build-app/troubleshooting.md", "x/docs/a.md", "docs"]],
  ["apps/", ["apps/a", "x/apps/a", "x/y/apps/z/a"], ["apps", "apps.txt", "x/apps"]],
  ["/docs/", ["docs/a", "docs/a/b"], ["x/docs/a", "docs"]],
  ["/apps/github", ["apps/github", "apps/github/a/b"], ["apps/githubs", "x/apps/github"]],
  ["**/logs", ["logs", "logs/a", "build/logs", "a/b/logs/c/d"], ["logs2", "a/log"]],
  ["/scripts/**", ["scripts/a", "scripts/a/b"], ["scripts", "a/scripts/b"]],
  ["docs/**/api.md", ["docs/api.md", "docs/a/api.md", "docs/a/b/api.md"], ["api.md", "docs/a/api.md5"]],
  ["docs/**/*.md", ["docs/a.md", "docs/x/a.md"], ["docs/a.txt", "a.md"]],
  ["README", ["README", "a/README", "README/inside"], ["README.md", "readme"]],
  ["/README", ["README"], ["a/README"]],
  ["src/?.ts", ["src/a.ts"], ["src/ab.ts", "src/.ts", "src//.ts"]],
  ["/src/*/index.ts", ["src/a/index.ts"], ["src/index.ts", "src/a/b/index.ts"]],
  ["/*", ["a", ".gitignore"], ["a/b"]],
  ["/**", ["a", "a/b"], []],
  ["foo**bar", ["foobar", "fooxbar", "x/foo-bar"], ["foo/bar"]],
  ["a\\ b.txt", ["a b.txt", "x/a b.txt"], ["a", "a\\ b.txt"]],
  ["/a+b(c).txt", ["a+b(c).txt"], ["aab(c).txt"]],
  ["*.*.*", ["a.b.c"], ["a.b"]],
];

describe("a pattern", () => {
  it.each(TABLE)("%s", (pattern, owned, others) => {
    expect(owned.filter((path) => !does(pattern, path))).toEqual([]);
    expect(others.filter((path) => does(pattern, path))).toEqual([]);
  });

  it.each(["!a", "[ab].txt", "a[", "a]", "\\#a", "a\\*", "a\\", "", "/", "//", "a//b", "x".repeat(2000)])(
    "that GitHub does not take is none: %s",
    (text) => expect(parsePattern(text)).toBeNull(),
  );

  it("does not take long over one made to", () => {
    expect(does(`${"*a".repeat(400)}b`, "a".repeat(4000))).toBe(false);
    expect(does("**/".repeat(200).concat("b"), "a/".repeat(800).concat("c"))).toBe(false);
  });
});

const segment = fc.stringMatching(/^[ab*?]{1,4}$/).filter((text) => !text.includes("**"));
const name = fc.stringMatching(/^[ab]{1,4}$/);
const toRegExp = (text: string): RegExp =>
  new RegExp(`^${text.replaceAll("*", "[^/]*").replaceAll("?", "[^/]")}$`, "s");

describe("in general", () => {
  it("a segment is what a regular expression would say", () => {
    fc.assert(
      fc.property(segment, name, (pattern, text) => {
        // A lone `*` at the end asks for a name, and every name has letters.
        expect(does(`/${pattern}`, text)).toBe(toRegExp(pattern).test(text));
      }),
      runs(300),
    );
  });

  it("what owns a path owns it anywhere below, when it names no place", () => {
    fc.assert(
      fc.property(segment, fc.array(name, { maxLength: 4 }), name, (pattern, above, text) => {
        if (does(pattern, text)) expect(does(pattern, [...above, text].join("/"))).toBe(true);
      }),
      runs(200),
    );
  });

  it("`**` in front and a rooted directory behind it are the same as neither", () => {
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.array(name, { minLength: 1, maxLength: 6 }),
        (p, path) => {
          const [first = "", ...rest] = p;
          const plain = [first, ...rest].join("/");
          expect(does(`/**/${plain}`, path.join("/"))).toBe(
            path.some((_, from) => does(`/${plain}`, path.slice(from).join("/"))),
          );
        },
      ),
      runs(200),
    );
  });
});
