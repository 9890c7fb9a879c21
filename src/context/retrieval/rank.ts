// How much each region of each file has to do with what is sought. Pure, and the same for the same files in any order.

import { resolve } from "./imports.ts";
import type { IndexedFile } from "./index-file.ts";
import { isChangelog, isTest, sharedName } from "./kinds.ts";
import { definesSought, named, type Sought } from "./question.ts";
import type { Counts } from "./words.ts";

/**
 * Found by coordinate search over commits of five public repositories, and checked on others: `npm run bench -- context`
 * measures what they are worth.
 */
const WEIGHTS = {
  /** Okapi BM25 (Robertson and Zaragoza, 2009). */
  k1: 1.2,
  b: 0.75,
  path: 3,
  best: 0.5,
  defines: 4,
  named: 12,
  place: 24,
  neighbour: 0.05,
  twin: 0.02,
  /** Of a file's worth in that of its regions. */
  file: 0.2,
  beside: 0.4,
  /** Tests follow from what they test; from 0.6 on they take the place of it. */
  test: 0.4,
  /** The top of a changelog is where every change is entered. */
  changelogTop: 10,
  changelogRest: 0.3,
} as const;

export type RankedRegion = Readonly<{ file: number; region: number; score: number }>;

export type Ranked = Readonly<{
  /** Best first. */
  regions: readonly RankedRegion[];
  /** Of each file: 1 for those that another chosen one imports or tests, without words of its own. */
  fileScores: readonly number[];
  named: readonly (0 | 1 | 2)[];
}>;

/** Rarity of a word that `having` of `all` documents have. */
const rarity = (all: number, having: number): number => Math.log(1 + (all - having + 0.5) / (having + 0.5));

const howMany = (documents: readonly Counts[], words: Iterable<string>): ReadonlyMap<string, number> => {
  const having = new Map<string, number>();
  for (const word of words) having.set(word, documents.filter((counts) => counts.has(word)).length);
  return having;
};

/** Files that import one another, and tests with what they test, as pairs of positions. */
const tiesOf = (files: readonly IndexedFile[]) => {
  const paths = new Set(files.map(({ path }) => path));
  const at = new Map(files.map(({ path }, index) => [path, index]));
  const imports = files.flatMap((file, from) =>
    resolve(file.imports, paths).flatMap((path) => {
      const to = at.get(path);
      return to === undefined || to === from ? [] : [[from, to] as const];
    }),
  );
  const groups = Map.groupBy(files.keys(), (index) => sharedName(files[index]?.path ?? ""));
  const twins = [...groups.values()].flatMap((group) =>
    // `index` and `utils` are everywhere and tie nothing.
    group.length > 5 ? [] : group.flatMap((a) => group.flatMap((b) => (a === b ? [] : [[a, b] as const]))),
  );
  return { imports, twins };
};

const placeIn = (file: IndexedFile, from: number, to: number, { places }: Sought): boolean =>
  places.some(
    ({ path, line }) =>
      line >= from &&
      line <= to &&
      (path === file.path || path.endsWith(`/${file.path}`) || file.path.endsWith(`/${path}`)),
  );

export function rank(files: readonly IndexedFile[], sought: Sought): Ranked {
  const { words } = sought;
  const all = files.flatMap(({ regions }) => regions);
  const average = all.reduce((sum, { length }) => sum + length, 0) / Math.max(1, all.length);
  const inRegions = howMany(
    all.map(({ counts }) => counts),
    words.keys(),
  );
  const inPaths = howMany(
    files.map(({ pathCounts }) => pathCounts),
    words.keys(),
  );

  const bm25 = (counts: Counts, length: number): number => {
    // Short regions are not better for being short.
    const relative = (length + 20) / (average + 20);
    let score = 0;
    for (const [word, weight] of words) {
      const times = counts.get(word);
      if (times === undefined) continue;
      const rare = rarity(all.length, inRegions.get(word) ?? 0);
      score +=
        (weight * rare * times * (WEIGHTS.k1 + 1)) / (times + WEIGHTS.k1 * (1 - WEIGHTS.b + WEIGHTS.b * relative));
    }
    return score;
  };

  const regionScores = files.map((file) =>
    file.regions.map(
      ({ counts, length, defines, from, to }) =>
        bm25(counts, length) +
        WEIGHTS.defines * definesSought(defines, sought) +
        (placeIn(file, from, to, sought) ? WEIGHTS.place : 0),
    ),
  );

  const byPath = ({ pathCounts }: IndexedFile): number => {
    let score = 0;
    for (const [word, weight] of words) {
      const times = pathCounts.get(word);
      if (times !== undefined) score += weight * rarity(files.length, inPaths.get(word) ?? 0) * Math.min(2, times);
    }
    return score / (1 + 0.1 * pathCounts.size);
  };
  const namings = files.map(({ path }) => named(sought, path));
  const own = files.map((file, index) => {
    const [first = 0, second = 0, third = 0] = (regionScores[index] ?? []).toSorted((a, b) => b - a);
    const best = first + 0.4 * second + 0.2 * third;
    return WEIGHTS.best * best + WEIGHTS.path * byPath(file) + WEIGHTS.named * (namings[index] ?? 0);
  });

  const { imports, twins } = tiesOf(files);
  const degree = files.map(() => 0);
  for (const [a, b] of imports) {
    degree[a] = (degree[a] ?? 0) + 1;
    degree[b] = (degree[b] ?? 0) + 1;
  }
  const fileScores = [...own];
  const give = (from: number, to: number, share: number): void => {
    fileScores[to] = (fileScores[to] ?? 0) + share * (own[from] ?? 0);
  };
  // Whoever everybody imports is no neighbour of any of them in particular.
  for (const [a, b] of imports) {
    give(a, b, WEIGHTS.neighbour / Math.sqrt(degree[a] ?? 1));
    give(b, a, WEIGHTS.neighbour / Math.sqrt(degree[b] ?? 1));
  }
  for (const [a, b] of twins) give(a, b, WEIGHTS.twin);

  const regions = files.flatMap((file, index) => {
    const scores = regionScores[index] ?? [];
    const discount = isTest(file.path) && (namings[index] ?? 0) === 0 ? WEIGHTS.test : 1;
    const changelog = isChangelog(file.path);
    return file.regions.map(({ tokens }, at): RankedRegion => {
      const beside = WEIGHTS.beside * Math.max(scores[at - 1] ?? 0, scores[at + 1] ?? 0);
      const worth =
        discount * ((1 - WEIGHTS.file) * ((scores[at] ?? 0) + beside) + WEIGHTS.file * (fileScores[index] ?? 0));
      const placed = !changelog ? worth : at === 0 ? worth + WEIGHTS.changelogTop : worth * WEIGHTS.changelogRest;
      // What is long has to be worth more; the square root keeps crumbs from winning.
      return { file: index, region: at, score: placed / Math.sqrt(tokens + 60) };
    });
  });
  const path = (index: number): string => files[index]?.path ?? "";
  regions.sort(
    (a, b) =>
      b.score - a.score ||
      (path(a.file) < path(b.file) ? -1 : Number(path(a.file) > path(b.file))) ||
      a.region - b.region,
  );
  return { regions, fileScores, named: namings };
}
