// Which files of a repository a briefing shows: a pure choice over the tree, by names first and by shared words second.
import type { TreeEntry } from "../github/reading.ts";

export type Candidate = Readonly<{ path: string; sha: TreeEntry["sha"]; tokens: number }>;

/** Larger files are left to the person; whole files of this size crowd out the rest. */
const MAX_FILE_BYTES = 100_000;

const NOT_TEXT =
  /\.(png|jpe?g|gif|webp|avif|ico|bmp|svgz|pdf|zip|gz|tgz|bz2|xz|7z|jar|war|class|o|a|so|dylib|dll|exe|wasm|woff2?|ttf|otf|eot|mp[34]|mov|webm|ogg|wav|bin|dat|sqlite|db|pyc)$/i;
const GENERATED =
  /(^|\/)(node_modules|vendor|third_party|dist|build|coverage|\.next|target)\/|(^|\/)(package-lock\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|poetry\.lock|Gemfile\.lock|composer\.lock|go\.sum)$|\.min\.(js|css)$|\.map$/;
const DOCTRINE = /^(AGENTS|CONTRIBUTING|README)\.md$/i;

/** Regular text files that may be shown, with the estimate of their tokens (characters divided by four). */
export function candidates(entries: readonly TreeEntry[], forbidden: (path: string) => boolean): Candidate[] {
  // A copy under another name is the same file.
  const secret = new Set(entries.filter(({ path, size }) => size !== 0 && forbidden(path)).map(({ sha }) => sha));
  return entries
    .filter(({ type, mode }) => type === "blob" && (mode === "100644" || mode === "100755"))
    .filter(({ size }) => size !== null && size <= MAX_FILE_BYTES)
    .filter(({ path }) => !NOT_TEXT.test(path) && !GENERATED.test(path) && !forbidden(path))
    .filter(({ sha }) => !secret.has(sha))
    .map(({ path, sha, size }) => ({ path, sha, tokens: Math.ceil((size ?? 0) / 4) }));
}

export const isDoctrine = (path: string): boolean => DOCTRINE.test(path);

/** Words of a text, as code has them: `slugifyTitle` and `slugify_title` both hold `slugify` and `title`. */
export function words(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 2);
}

/** Okapi BM25 with the usual k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, 2009) of a query over documents. */
export function bm25(query: readonly string[], documents: readonly (readonly string[])[]): number[] {
  const average = documents.reduce((sum, document) => sum + document.length, 0) / Math.max(1, documents.length) || 1;
  const terms = [...new Set(query)];
  const counts = documents.map((document) => {
    const count = new Map<string, number>();
    for (const word of document) count.set(word, (count.get(word) ?? 0) + 1);
    return count;
  });
  const rarity = new Map(
    terms.map((term) => {
      const having = counts.filter((count) => count.has(term)).length;
      return [term, Math.log(1 + (documents.length - having + 0.5) / (having + 0.5))] as const;
    }),
  );
  return counts.map((count, at) => {
    const length = documents[at]?.length ?? 0;
    return terms.reduce((score, term) => {
      const times = count.get(term) ?? 0;
      return score + ((rarity.get(term) ?? 0) * times * 2.2) / (times + 1.2 * (0.25 + (0.75 * length) / average));
    }, 0);
  });
}

/** Whether a text names a path, whole or by its file name. `make` alone is a word, not a path. */
export const names = (text: string, path: string): boolean => {
  const file = path.slice(path.lastIndexOf("/") + 1);
  return (/[/.]/.test(path) && text.includes(path)) || (file.includes(".") && file.length > 4 && text.includes(file));
};

/** Paths in the order in which they are worth reading: those that the text names, doctrine, then by shared words. */
export function rankPaths(all: readonly Candidate[], text: string): Candidate[] {
  const scores = bm25(
    words(text),
    all.map(({ path }) => words(path)),
  );
  const weight = (candidate: Candidate, at: number): number =>
    (names(text, candidate.path) ? 1_000 : 0) + (isDoctrine(candidate.path) ? 500 : 0) + (scores[at] ?? 0);
  return all
    .map((candidate, at) => ({ candidate, weight: weight(candidate, at) }))
    .sort((a, b) => b.weight - a.weight || (a.candidate.path < b.candidate.path ? -1 : 1))
    .map(({ candidate }) => candidate);
}
