// Reads what a merge changed and what became of it since, and has the rules say what undoes it. Nothing of it is ever run.
import { type BlobStoreDeps, readBlob, textOf } from "../context/blob-store.ts";
import type { Target, Written } from "../delivery/delivery.ts";
import type { Reading, TreeEntry } from "../github/reading.ts";
import type { DeliveryId, RepoId, Sha } from "../ids.ts";
import { FileMode } from "../patches/patch-set.ts";
import type { Change, Entry } from "../provenance/changes.ts";
import { compareTrees } from "../provenance/compare-trees.ts";
import type { JudgePull, ProvenancePort } from "../provenance/judge-pull.ts";
import { err, ok, type Result } from "../result.ts";
import type { UndonePath } from "./file-changes.ts";
import type { ConflictAt, LaterCommit } from "./order.ts";
import { touchedBy, type Version } from "./touched.ts";
import { type Content, type Side, undoPath } from "./undo.ts";

export type UndoPort = ProvenancePort &
  Pick<Reading, "pull" | "commit" | "tree" | "blob" | "branchHead" | "commitsOf" | "textAt">;

export type UndoDeps = BlobStoreDeps & Readonly<{ judgePull: JudgePull }>;

/** What was merged, as the parent knows it. */
export type Merged = Readonly<{ parent: DeliveryId; target: Target; written: Written; baseBranch: string }>;

export type ReadUndo = Readonly<{
  merge: Sha;
  before: Sha;
  onto: Sha;
  /** The tree of `onto`, and its recursive listing, whole. */
  baseTree: Sha;
  entries: readonly TreeEntry[];
  undone: readonly UndonePath[];
  asBefore: readonly string[];
  conflicts: readonly ConflictAt[];
}>;

/** More would be read of one path than anybody looks through. */
const MOST_COMMITS = 20;

type Trees = Readonly<{ repoId: RepoId; now: ReadonlyMap<string, Entry>; onto: Sha }>;

const sideOf = async (deps: UndoDeps, port: UndoPort, repo: RepoId, entry: Entry | null): Promise<Side> => {
  if (entry === null) return null;
  const isFile = FileMode.safeParse(entry.mode).success;
  return { entry, text: isFile ? textOf(await readBlob(deps, port, repo, entry.sha)) : null };
};

/** Back from the newest, as far as to the state that the merge left. */
async function laterVersions(
  port: UndoPort,
  { repoId, onto }: Trees,
  path: string,
  after: Entry | null,
): Promise<readonly Version<LaterCommit>[]> {
  const versions: Version<LaterCommit>[] = [];
  const { items } = await port.commitsOf(repoId, path, onto);
  for (const { sha, author } of items.slice(0, MOST_COMMITS)) {
    const there = await port.textAt(repoId, path, sha);
    const blob = there.kind === "text" ? there.blob : null;
    if (there.kind !== "unreadable" && blob === (after?.sha ?? null)) break;
    versions.unshift({
      commit: { sha, author: author?.login ?? null },
      text: there.kind === "text" ? there.text : null,
    });
  }
  return versions;
}

const contentOf = (side: Side): Content => {
  if (side === null) return null;
  const mode = FileMode.parse(side.entry.mode);
  if (side.text === null) throw new Error("a path was to be undone that is no text");
  return { mode, text: side.text };
};

type OfPath = Readonly<
  | { kind: "as_before"; path: string }
  | { kind: "undo"; undone: UndonePath }
  | { kind: "conflict"; conflict: ConflictAt }
>;

async function readPath(
  deps: UndoDeps,
  port: UndoPort,
  trees: Trees,
  path: string,
  { before, after }: Change,
): Promise<OfPath> {
  const { repoId, now } = trees;
  const [was, became, is] = [
    await sideOf(deps, port, repoId, before),
    await sideOf(deps, port, repoId, after),
    await sideOf(deps, port, repoId, now.get(path) ?? null),
  ];
  const undone = undoPath({ path, before: was, after: became, now: is });
  switch (undone.kind) {
    case "as_before":
      return { kind: "as_before", path };
    case "undo":
      return { kind: "undo", undone: { path, now: contentOf(is), to: undone.to } };
    case "conflict": {
      const versions = await laterVersions(port, trees, path, after);
      const commits = touchedBy(was?.text ?? null, became?.text ?? null, versions);
      const { why, lines } = undone.conflict;
      return { kind: "conflict", conflict: { path, why, lines: lines.map((span) => ({ ...span })), commits } };
    }
  }
}

/** The error is a sentence about why nobody can tell what undoes it. Throws GitHubError. */
export async function readUndo(deps: UndoDeps, port: UndoPort, merged: Merged): Promise<Result<ReadUndo, string>> {
  const { parent, target, written, baseBranch } = merged;
  const { repoId } = target;
  const pull = await port.pull(repoId, written.pullRequest);
  if (pull === null || !pull.merged) return err(`#${written.pullRequest} is not there, or not merged`);
  const judged = await deps.judgePull(port, { deliveryId: parent, repoId, target, baseRef: pull.baseRef }, pull);
  if (judged?.verdict.kind !== "approved")
    return err(`what the merge of #${written.pullRequest} changed cannot be told`);
  const { base, tree } = judged.verdict;
  const before = await port.commit(repoId, base);
  const onto = await port.branchHead(repoId, baseBranch);
  const head = onto === null ? null : await port.commit(repoId, onto);
  if (before === null || onto === null || head === null)
    return err(`the branch ${baseBranch}, or its history, is gone`);
  const changes = await compareTrees(port, repoId, before.tree, tree);
  if (!changes.ok) return err(`what the merge of #${written.pullRequest} changed cannot be read whole`);
  const listing = await port.tree(repoId, head.tree);
  if (!listing.complete) return err("it has more files than GitHub lists in one answer");

  const files = listing.items.filter(({ type }) => type !== "tree");
  const now = new Map(files.map(({ path, mode, sha }): [string, Entry] => [path, { mode, sha }]));
  const paths: OfPath[] = [];
  for (const [path, change] of [...changes.value].sort(([a], [b]) => (a < b ? -1 : 1))) {
    paths.push(await readPath(deps, port, { repoId, now, onto }, path, change));
  }
  return ok({
    merge: judged.commit,
    before: base,
    onto,
    baseTree: head.tree,
    entries: listing.items,
    undone: paths.flatMap((each) => (each.kind === "undo" ? [each.undone] : [])),
    asBefore: paths.flatMap((each) => (each.kind === "as_before" ? [each.path] : [])),
    conflicts: paths.flatMap((each) => (each.kind === "conflict" ? [each.conflict] : [])),
  });
}
