// Path patterns: the small, safe part of glob syntax. An attacker chooses the paths, so no pattern may run for long.
import picomatch from "picomatch";
import { z } from "zod";
import { ancestors, skeleton } from "./path-forms.ts";

const stars = (text: string): number => text.match(/\*/g)?.length ?? 0;

/**
 * Backtracking grows with the power of the wildcards in one segment: three stay under a millisecond on 255 characters,
 * five take 20 seconds. No parentheses, no negation, no backslash: those would let a pattern be a regular expression.
 */
export const GlobPattern = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\p{L}\p{M}\p{N} ._\-/*?{},@+~#=[\]]+$/u, "letters, digits and . _ - / * ? { } , @ + ~ # = [ ] only")
  .refine((glob) => !/^\.?\/|\/\/|\.\./.test(glob), "a path from the repository's root, as in src/core/**")
  .refine((glob) => glob.split("/").every((segment) => stars(segment) <= 3), "at most three * between two slashes")
  .refine((glob) => glob.split("/").filter((segment) => segment === "**").length <= 3, "at most three **");

const LONGEST_PATH = 1_000;

/** The first pattern that matches a path, or null. */
export type PathMatcher = (path: string) => string | null;

/**
 * `*` and `?` stay within a segment, `**` does not; brackets are literal; case does not count, look-alikes do, and dot
 * files are no exception.
 */
export const matcher = (patterns: readonly string[]): PathMatcher => {
  const tests = patterns.map((pattern) => ({
    pattern,
    matches: picomatch(pattern, {
      dot: true,
      nocase: true,
      noextglob: true,
      nonegate: true,
      nobracket: true,
      strictSlashes: true,
    }),
  }));
  return (path) => {
    // Time grows with the cube of the length; a path this long is unsafe and refused for that.
    if (path.length > LONGEST_PATH) return null;
    const forms = [...new Set([path, skeleton(path)])];
    return tests.find(({ matches }) => forms.some((form) => matches(form)))?.pattern ?? null;
  };
};

/** As `matcher`, and a pattern that matches a folder matches what is in it, with or without a slash at its end. */
export const coveringMatcher = (patterns: readonly string[]): PathMatcher => {
  const match = matcher(patterns.map((pattern) => pattern.replace(/\/$/, "")));
  return (path) => [path, ...ancestors(path)].map(match).find((pattern) => pattern !== null) ?? null;
};
