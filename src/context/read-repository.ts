// Reads one repository at its base commit for a briefing: its tree, and the texts that may be shown. Nothing of it is ever run.
import type { Reading, TreeEntry } from "../github/reading.ts";
import type { RepoId, Sha } from "../ids.ts";
import { err, ok, type Result } from "../result.ts";
import { type BlobStoreDeps, keptBlobs, textOf } from "./blob-store.ts";
import { compared, within } from "./candidates.ts";
import type { Candidate } from "./choose-files.ts";
import { fillBlobs, type Wanted } from "./fill-blobs.ts";
import type { RepositoryContext } from "./packet.ts";
import { isMachineMade } from "./retrieval/kinds.ts";
import type { Question } from "./retrieval/question.ts";
import { showable } from "./showable.ts";

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

/** Of what is read, for looks besides. */
const MOST_KEPT_BYTES = 64 * 1024 * 1024;
const MOST_LOOKED_AT_BYTES = 1_000_000;
const READ_AT_ONCE = 200;

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

/** Those of the store, in the order that was asked for. */
async function textsOf(deps: BlobStoreDeps, files: readonly Wanted[]): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (let at = 0; at < files.length; at += READ_AT_ONCE) {
    const some = files.slice(at, at + READ_AT_ONCE);
    const kept = await keptBlobs(
      deps,
      some.map(({ sha }) => sha),
    );
    for (const { path, sha } of some) {
      const bytes = kept.get(sha);
      const text = bytes === undefined ? null : textOf(bytes);
      if (text !== null) found.push({ path, sha, text });
    }
  }
  return found;
}

/** Reads tree and files. Deterministic for the same commit and options. Throws GitHubError. */
export async function readRepository(
  deps: BlobStoreDeps,
  reading: Pick<Reading, "commit" | "tree" | "blob" | "archive">,
  ref: RepositoryRef,
  { question, required, forbidden }: ReadOptions,
): Promise<Result<RepositoryRead, Unreadable>> {
  const commit = await reading.commit(ref.repoId, ref.baseSha);
  if (commit === null) return err({ why: `the base commit ${ref.baseSha} of ${ref.name} is gone` });
  const tree = await reading.tree(ref.repoId, commit.tree);
  if (!tree.complete) return err({ why: `${ref.name} has more files than GitHub lists in one answer` });

  const choosable = compared(tree.items, forbidden, question, required);
  const others = showable(tree.items, forbidden).filter(
    ({ path, size }) => size <= MOST_LOOKED_AT_BYTES && !isMachineMade(path),
  );
  // What is compared comes first, where not all can be had.
  const wanted = within([...new Set([...choosable, ...others])], MOST_KEPT_BYTES);
  await fillBlobs(deps, reading, { repoId: ref.repoId, commit: ref.baseSha }, wanted);
  const found = await textsOf(deps, choosable);
  return ok({ ref, baseTree: commit.tree, entries: tree.items, forbidden, candidates: found });
}
