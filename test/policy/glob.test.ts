import { describe, expect, it } from "vitest";
import { coveringMatcher, GlobPattern, matcher } from "../../src/policy/glob.ts";

describe("GlobPattern", () => {
  it.each([
    "src/**",
    "**/*.pem",
    "a b/c+d/[slug]/x@1.ts",
    "docs/日本語/*",
    "{a,b}/c",
    ".env*",
    "a?c",
    "legal/",
    "*a*a*a",
    "**/a/**/b/**/c",
    "x".repeat(200),
  ])("takes %j", (glob) => {
    expect(GlobPattern.safeParse(glob).success).toBe(true);
  });

  it.each([
    "",
    "/src/**",
    "./src",
    "a//b",
    "../x",
    "a/../b",
    "!src/**",
    "a\\b",
    "(a+)+b",
    "a|b",
    "^a",
    "a$",
    "a\nb",
    "*a*a*a*a",
    "**/a/**/b/**/c/**",
    "x".repeat(201),
  ])("refuses %j", (glob) => {
    expect(GlobPattern.safeParse(glob).success).toBe(false);
  });
});

describe("matcher", () => {
  it.each([
    ["src/*", "src/a", true],
    ["src/*", "src/.a", true],
    ["src/*", "src/a/b", false],
    ["src/**", "src/a/b", true],
    ["**/x", "x", true],
    ["**/x", "a/b/x", true],
    ["SRC/A.ts", "src/a.TS", true],
    ["a.ts", "a_ts", false],
    ["a+b", "aab", false],
    ["app/[slug].ts", "app/[slug].ts", true],
    ["app/[slug].ts", "app/s.ts", false],
    ["{,.}npmrc", "npmrc", true],
    ["{,.}npmrc", ".npmrc", true],
    ["src/core", "src/c\u043ere", true],
    ["src/core", "src/\uff43ore", true],
    ["src/core", "src/co\u200bre", true],
    ["src/core", "src/core/a.ts", false],
    ["a?c", "a/c", false],
    ["a", "a/", false],
    ["!a", "b", false],
    ["+(a)", "aa", false],
    ["x*", `x${"y".repeat(999)}`, true],
    ["x*", `x${"y".repeat(1_000)}`, false],
  ])("%j on %j: %j", (pattern, path, expected) => {
    expect(matcher([pattern])(path)).toBe(expected ? pattern : null);
  });

  it("names the first pattern that matches", () => {
    expect(matcher(["b", "a*", "ab"])("ab")).toBe("a*");
    expect(matcher([])("ab")).toBeNull();
  });

  it("comes to an end on any path with any pattern that is allowed", () => {
    const match = matcher(["*a*a*ab", "**/*a*a*b/**/x/**", "{a,aa,aaa}*{a,aa}*{a,aaa}*b"]);
    expect(match("a".repeat(255))).toBeNull();
    expect(match("aaaaaaa/".repeat(120))).toBeNull();
    expect(match("a".repeat(100_000))).toBeNull();
  });
});

describe("coveringMatcher", () => {
  it("lets a folder's pattern cover what is in it", () => {
    const match = coveringMatcher(["legal/", "src/core", "**/secret"]);
    expect(match("legal/a/b")).toBe("legal");
    expect(match("src/core/a")).toBe("src/core");
    expect(match("a/secret/b")).toBe("**/secret");
    expect(match("src/corea")).toBeNull();
  });
});
