// A repository's own rules for those who change it: shown to every model that works on it, and recorded as what governed the work. Pure.

const DOCTRINE = ["AGENTS.md", "CONTRIBUTING.md", "README.md"] as const;

/** Those of these paths that are doctrine, the most binding first. */
export const doctrineIn = (paths: readonly string[]): readonly string[] =>
  DOCTRINE.flatMap((name) => paths.filter((path) => path.toLowerCase() === name.toLowerCase()));
