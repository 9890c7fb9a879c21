// A repository's own rules for those who change it: shown to every model that works on it, and recorded as what governed the work. Pure.
import { coveringMatcher } from "../policy/glob.ts";

/** The most binding first. GitHub finds contribution guides in these folders too. */
const DOCTRINE = [
  "AGENTS.md",
  "CONTRIBUTING.md",
  ".github/CONTRIBUTING.md",
  "docs/CONTRIBUTING.md",
  "README.md",
] as const;

/** Those of these paths that are doctrine: by their names, then by the configuration's globs, in the order of paths. */
export function doctrineIn(paths: readonly string[], globs: readonly string[]): readonly string[] {
  const byName = DOCTRINE.flatMap((name) => paths.filter((path) => path.toLowerCase() === name.toLowerCase()));
  const named = coveringMatcher(globs);
  return [...new Set([...byName, ...paths.filter((path) => named(path) !== null).sort()])];
}
