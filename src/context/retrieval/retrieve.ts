// Chooses what a briefing shows of a repository, within a budget: small files whole, of large ones the regions that matter.
import type { IndexedFile } from "./index-file.ts";
import { type Question, type Sought, seek } from "./question.ts";
import { rank } from "./rank.ts";
import type { Span } from "./regions.ts";

export type Reason =
  /** The plan's task names it. */
  | "task"
  /** The repository's own rules for those who change it. */
  | "doctrine"
  /** The issue names it, by path or file name. */
  | "named"
  /** It defines what the issue names. */
  | "defines"
  /** It shares words with the issue. */
  | "matches"
  /** All of the repository fits. */
  | "whole_repository";

export type Retrieved = Readonly<{
  path: string;
  /** Lines that are shown, in order, apart from one another. */
  ranges: readonly Span[];
  whole: boolean;
  reason: Reason;
  tokens: number;
}>;

export type RetrieveOptions = Readonly<{
  /** Tokens, characters divided by four. */
  budget: number;
  /** Files that must be shown first, in this order: of the plan's tasks whole where they fit, of doctrine at least the beginning. */
  first: readonly Readonly<{ path: string; reason: "task" | "doctrine" }>[];
}>;

/** A file of which so much is shown is shown whole, unless it is long. */
const NEARLY_WHOLE = 0.85;
const LONGEST_WHOLE = 4_000;

/** Shares of the budget: rules must leave room for what they are about, and one long file for the others. */
const DOCTRINE = 0.25;
const DOCTRINE_EACH = 0.125;
const LONG_TASK_FILE = 0.25;

type Picked = Map<number, Set<number>>;

const tokensOfPicked = (file: IndexedFile, picked: ReadonlySet<number>): number =>
  [...picked].reduce((sum, at) => sum + (file.regions[at]?.tokens ?? 0), 0);

const spansOf = (file: IndexedFile, picked: ReadonlySet<number>): Span[] => {
  const spans: { from: number; to: number }[] = [];
  for (const at of [...picked].sort((a, b) => a - b)) {
    const region = file.regions[at];
    if (region === undefined) continue;
    const last = spans.at(-1);
    if (last !== undefined && last.to + 1 === region.from) last.to = region.to;
    else spans.push({ from: region.from, to: region.to });
  }
  return spans;
};

const reasonOf = (
  file: IndexedFile,
  picked: ReadonlySet<number>,
  naming: 0 | 1 | 2,
  { words }: Sought,
): "named" | "defines" | "matches" => {
  if (naming > 0) return "named";
  const defines = [...picked].some((at) => [...(file.regions[at]?.defines ?? [])].some((name) => words.has(name)));
  return defines ? "defines" : "matches";
};

/** Deterministic for the same files, whatever their order; the answer is in the order of paths. */
export function retrieve(
  question: Question,
  given: readonly IndexedFile[],
  { budget, first }: RetrieveOptions,
): readonly Retrieved[] {
  const files = given.toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
  const all = (file: IndexedFile): Set<number> => new Set(file.regions.keys());
  if (files.reduce((sum, { tokens }) => sum + tokens, 0) <= budget) {
    const reasons = new Map(first.map(({ path, reason }) => [path, reason]));
    return files.map((file) => ({
      path: file.path,
      ranges: spansOf(file, all(file)),
      whole: true,
      reason: reasons.get(file.path) ?? "whole_repository",
      tokens: file.tokens,
    }));
  }

  const sought = seek(question);
  const { regions, named } = rank(files, sought);
  const picked: Picked = new Map();
  const reasons = new Map<number, "task" | "doctrine">();
  let left = budget;
  const take = (index: number, wanted: Iterable<number>): boolean => {
    const file = files[index];
    if (file === undefined) return false;
    const have = picked.get(index) ?? new Set<number>();
    const added = new Set([...wanted].filter((at) => !have.has(at)));
    const cost = tokensOfPicked(file, added);
    if (added.size === 0 || cost > left) return false;
    left -= cost;
    picked.set(index, new Set([...have, ...added]));
    return true;
  };

  let doctrineLeft = budget * DOCTRINE;
  for (const { path, reason } of first) {
    const index = files.findIndex((file) => file.path === path);
    const file = files[index];
    if (file === undefined) continue;
    reasons.set(index, reason);
    if (reason === "task") {
      // What does not fit whole is shown where the issue points to.
      if (!take(index, all(file)))
        for (const { region } of regions.filter(({ file: of }) => of === index)) {
          if (tokensOfPicked(file, picked.get(index) ?? new Set()) < budget * LONG_TASK_FILE) take(index, [region]);
        }
      continue;
    }
    let most = Math.min(budget * DOCTRINE_EACH, doctrineLeft);
    for (const [at, { tokens }] of file.regions.entries()) {
      most -= tokens;
      if (most < 0 || !take(index, [at])) break;
      doctrineLeft -= tokens;
    }
  }
  for (const { file: index, region } of regions) {
    const file = files[index];
    if (file === undefined || !take(index, [region])) continue;
    const have = picked.get(index) ?? new Set();
    const isNearlyWhole = tokensOfPicked(file, have) >= NEARLY_WHOLE * file.tokens;
    if (isNearlyWhole && file.tokens < LONGEST_WHOLE) take(index, all(file));
  }

  return [...picked]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([index, regionsOfFile]) => {
      const file = files[index];
      if (file === undefined) return [];
      return {
        path: file.path,
        ranges: spansOf(file, regionsOfFile),
        whole: regionsOfFile.size === file.regions.length,
        reason: reasons.get(index) ?? reasonOf(file, regionsOfFile, named[index] ?? 0, sought),
        tokens: tokensOfPicked(file, regionsOfFile),
      };
    });
}
