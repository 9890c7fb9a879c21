// Reads one repository at its base commit for a briefing: its tree, and the texts that may be shown. Nothing of it is ever run.
import type { Reading, TreeEntry } from "../github/reading.ts";
import type { RepoId, Sha } from "../ids.ts";
import { err, ok, type Result } from "../result.ts";
import { type BlobStoreDeps, readBlob, textOf } from "./blob-store.ts";
import { byPath, candidates } from "./candidates.ts";
import type { Candidate } from "./choose-files.ts";
import type { RepositoryContext } from "./packet.ts";
import type { Question } from "./retrieval/question.ts";

export type RepositoryRef = Readonly<{
  repoId: RepoId;
  name: string;
  visibility: RepositoryContext["visibility"];
  baseBranch: string;
  baseSha: Sha;
}>;

export type ReadOptions = Readonly<{
  question: Question;
  /** Paths that must be shown, such as those of the plan's tasks. */
  required: readonly string[];
  forbidden: (path: string) => boolean;
}>;

/** Blobs fetched at most, where the repository has more. */
const MAX_FETCHED = 60;

export type RepositoryRead = Readonly<{
  ref: RepositoryRef;
  baseTree: Sha;
  /** The recursive listing, whole. */
  entries: readonly TreeEntry[];
  /** Of the options: what must not be shown may not be changed unseen either. */
  forbidden: (path: string) => boolean;
  /** What a briefing can choose from. */
  candidates: readonly Candidate[];
}>;

/** Why a repository cannot be read whole: nobody may plan on a list that was cut. */
export type Unreadable = Readonly<{ why: string }>;

/** Reads tree and files. Deterministic for the same commit and options. Throws GitHubError. */
export async function readRepository(
  deps: BlobStoreDeps,
  reading: Pick<Reading, "commit" | "tree" | "blob">,
  ref: RepositoryRef,
  { question, required, forbidden }: ReadOptions,
): Promise<Result<RepositoryRead, Unreadable>> {
  const commit = await reading.commit(ref.repoId, ref.baseSha);
  if (commit === null) return err({ why: `the base commit ${ref.baseSha} of ${ref.name} is gone` });
  const tree = await reading.tree(ref.repoId, commit.tree);
  if (!tree.complete) return err({ why: `${ref.name} has more files than GitHub lists in one answer` });

  const found: Candidate[] = [];
  for (const { path, sha } of byPath(candidates(tree.items, forbidden), question, required).slice(0, MAX_FETCHED)) {
    const text = textOf(await readBlob(deps, reading, ref.repoId, sha));
    if (text !== null) found.push({ path, sha, text });
  }
  return ok({ ref, baseTree: commit.tree, entries: tree.items, forbidden, candidates: found });
}
