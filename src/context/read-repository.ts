// Reads what a briefing shows of one repository at its base commit. Nothing of it is ever run.
import type { Reading, TreeEntry } from "../github/reading.ts";
import type { RepoId, Sha } from "../ids.ts";
import { err, ok, type Result } from "../result.ts";
import { type BlobStoreDeps, readBlob, textOf } from "./blob-store.ts";
import { bm25, type Candidate, candidates, isDoctrine, names, rankPaths, words } from "./choose.ts";
import type { ChosenFile, RepositoryContext } from "./packet.ts";
import { shownFile } from "./shown-text.ts";
import type { Withheld } from "./withheld.ts";

export type RepositoryRef = Readonly<{
  repoId: RepoId;
  name: string;
  visibility: RepositoryContext["visibility"];
  baseBranch: string;
  baseSha: Sha;
}>;

export type ReadOptions = Readonly<{
  /** The words that decide what matters: issue, feedback, plan. */
  query: string;
  /** Paths that must be shown, such as those of the plan's tasks. */
  required: readonly string[];
  forbidden: (path: string) => boolean;
  /** Tokens (characters divided by four) that the files may take. */
  budget: number;
}>;

/** Blobs fetched at most, where the repository is larger than the budget. */
const MAX_FETCHED = 60;
const MAX_PATHS = 2_000;

export type RepositoryRead = Readonly<{
  context: RepositoryContext;
  /** As they may be shown: without what looks like a secret. */
  texts: ReadonlyMap<Sha, string>;
  entries: readonly TreeEntry[];
  /** Of the options: what must not be shown may not be changed unseen either. */
  forbidden: (path: string) => boolean;
}>;

/** Why a repository cannot be read whole: nobody may plan on a list that was cut. */
export type Unreadable = Readonly<{ why: string }>;

const reasonFor = (path: string, options: ReadOptions, whole: boolean): ChosenFile["reason"] => {
  if (options.required.includes(path)) return "task";
  if (names(options.query, path)) return "named";
  if (isDoctrine(path)) return "doctrine";
  return whole ? "whole_repository" : "matches";
};

type Fetched = Candidate & Readonly<{ text: string; withheld: Withheld }>;

/** Ranks what was fetched by its text as well, required and named files first. */
const rankTexts = (fetched: readonly Fetched[], options: ReadOptions): Fetched[] => {
  const scores = bm25(
    words(options.query),
    fetched.map(({ path, text }) => words(`${path} ${text}`)),
  );
  const first = new Map(fetched.map((file, at) => [file, scores[at] ?? 0] as const));
  const weight = (file: Fetched): number =>
    (options.required.includes(file.path) ? 4_000 : 0) +
    (names(options.query, file.path) ? 2_000 : 0) +
    (isDoctrine(file.path) ? 1_000 : 0) +
    (first.get(file) ?? 0);
  return fetched.toSorted((a, b) => weight(b) - weight(a) || (a.path < b.path ? -1 : 1));
};

/** Reads tree and files. Deterministic for the same commit and options. */
export async function readRepository(
  deps: BlobStoreDeps,
  reading: Pick<Reading, "commit" | "tree" | "blob">,
  ref: RepositoryRef,
  options: ReadOptions,
): Promise<Result<RepositoryRead, Unreadable>> {
  const commit = await reading.commit(ref.repoId, ref.baseSha);
  if (commit === null) return err({ why: `the base commit ${ref.baseSha} of ${ref.name} is gone` });
  const tree = await reading.tree(ref.repoId, commit.tree);
  if (!tree.complete) return err({ why: `${ref.name} has more files than GitHub lists in one answer` });

  const all = candidates(tree.items, options.forbidden);
  const whole = all.reduce((sum, { tokens }) => sum + tokens, 0) <= options.budget && all.length <= MAX_FETCHED;
  const required = all.filter(({ path }) => options.required.includes(path));
  const wanted = whole ? all : [...new Set([...required, ...rankPaths(all, options.query)])].slice(0, MAX_FETCHED);

  const fetched: Fetched[] = [];
  for (const candidate of wanted) {
    const text = textOf(await readBlob(deps, reading, ref.repoId, candidate.sha));
    if (text !== null) fetched.push({ ...candidate, ...(await shownFile(text)) });
  }

  let left = options.budget;
  const chosen: Fetched[] = [];
  for (const file of rankTexts(fetched, options)) {
    if (file.tokens > left) continue;
    left -= file.tokens;
    chosen.push(file);
  }
  chosen.sort((a, b) => (a.path < b.path ? -1 : 1));

  const paths = tree.items.filter(({ type }) => type !== "tree").map(({ path }) => path);
  return ok({
    entries: tree.items,
    forbidden: options.forbidden,
    texts: new Map(chosen.map(({ sha, text }) => [sha, text])),
    context: {
      repoId: ref.repoId,
      name: ref.name,
      visibility: ref.visibility,
      baseBranch: ref.baseBranch,
      baseSha: ref.baseSha,
      baseTree: commit.tree,
      paths: paths.slice(0, MAX_PATHS),
      pathsLeftOut: Math.max(0, paths.length - MAX_PATHS),
      files: chosen.map(({ path, sha, tokens, withheld }) => ({
        path,
        blob: sha,
        tokens,
        withheld,
        reason: reasonFor(path, options, whole),
      })),
    },
  });
}
