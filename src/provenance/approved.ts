// What people approved of one repository, as changes: by the patch sets that were written there, and by heads that were countersigned.
import { and, asc, eq, isNotNull } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { writes } from "../db/schema.ts";
import type { Target } from "../delivery/delivery.ts";
import { headDigest } from "../delivery/head-digest.ts";
import type { Reading } from "../github/reading.ts";
import { type DeliveryId, PatchSetId, type RepoId, type Sha } from "../ids.ts";
import { loadPatchSet } from "../patches/store.ts";
import { err, ok, type Result } from "../result.ts";
import { type Changes, changesOf, oneAfterTheOther } from "./changes.ts";
import { compareTrees } from "./compare-trees.ts";
import { type Approved, differences, judge } from "./judge.ts";
import type { Unproven } from "./verdict.ts";

export type ApprovedPort = Pick<Reading, "folder" | "commit" | "mergeBase">;

export type About = Readonly<{
  deliveryId: DeliveryId;
  repoId: RepoId;
  /** Where the pull request leads. */
  baseRef: string;
  target: Pick<Target, "written" | "strayHead" | "countersigned">;
}>;

/** Heads that people countersigned, the newest last. */
export const countersignedHeads = ({ strayHead, countersigned = [] }: About["target"]): readonly Sha[] =>
  strayHead?.approved === true ? [...countersigned, strayHead.head] : countersigned;

export type Compared = Readonly<{ base: Sha; tree: Sha; changes: Changes }>;

/** What a commit changes against where it left the base. Throws GitHubError. */
export async function changesOfHead(
  port: ApprovedPort,
  { repoId, baseRef }: Pick<About, "repoId" | "baseRef">,
  head: Sha,
): Promise<Result<Compared, Unproven>> {
  const base = await port.mergeBase(repoId, baseRef, head);
  if (base === null) return err("no_common_history");
  const [before, after] = [await port.commit(repoId, base), await port.commit(repoId, head)];
  if (before?.sha !== base || after?.sha !== head) return err("gone");
  const changes = await compareTrees(port, repoId, before.tree, after.tree);
  return changes.ok ? ok({ base, tree: after.tree, changes: changes.value }) : changes;
}

/** The newest write last. Rows are proved by their digests, and those by the approvals that the writes refer to. */
async function byPatchSets(sql: Sql, port: ApprovedPort, about: About): Promise<Result<Approved, "records">> {
  const { deliveryId, repoId } = about;
  const rows = await sql
    .select({ patchSetId: writes.patchSetId, digest: writes.digest, commit: writes.commitSha })
    .from(writes)
    .where(and(eq(writes.deliveryId, deliveryId), eq(writes.repoId, repoId), isNotNull(writes.branchAt)))
    .orderBy(asc(writes.intendedAt), asc(writes.patchSetId));
  const at = new Map<Sha, Changes>();
  let newest: Approved | null = null;
  for (const { patchSetId, digest, commit } of rows) {
    if (patchSetId === null || commit === null) return err("records");
    const stored = await loadPatchSet(sql, PatchSetId.parse(patchSetId));
    if (!stored.ok || stored.value.digest !== digest || stored.value.deliveryId !== deliveryId) return err("records");
    const { content } = stored.value;
    const start =
      content.parentSha === content.baseSha ? new Map() : await changesAt(port, about, at, content.parentSha);
    if (start === null) return err("records");
    const changes = oneAfterTheOther(start, changesOf(content.changes));
    at.set(commit, changes);
    newest = { by: { kind: "patchset", digest, head: commit }, changes };
  }
  return newest === null ? err("records") : ok(newest);
}

/**
 * A fix stands on what was written before it, on what somebody countersigned, or on a commit that changes the same as one of
 * these and nothing else: the base that was merged into the branch.
 */
async function changesAt(
  port: ApprovedPort,
  about: About,
  written: ReadonlyMap<Sha, Changes>,
  parent: Sha,
): Promise<Changes | null> {
  const known = written.get(parent);
  if (known !== undefined) return known;
  const found = await changesOfHead(port, about, parent);
  if (!found.ok) return null;
  const heads = countersignedHeads(about.target);
  if (heads.includes(parent)) return found.value.changes;
  const isSame = (changes: Changes): boolean => differences(changes, found.value.changes).length === 0;
  if ([...written.values()].some(isSame)) return found.value.changes;
  for (const head of heads) {
    const countersigned = await changesOfHead(port, about, head);
    if (countersigned.ok && isSame(countersigned.value.changes)) return found.value.changes;
  }
  return null;
}

/** Whether everything that a commit changes was approved. Throws GitHubError. */
export async function holdsApproved(sql: Sql, port: ApprovedPort, about: About, commit: Sha): Promise<boolean> {
  const approved = await loadApproved(sql, port, about);
  const found = await changesOfHead(port, about, commit);
  return approved.ok && found.ok && judge(approved.value, found.value.changes).kind === "approved";
}

/** What of it can be proved at this moment. Throws GitHubError. */
export async function loadApproved(
  sql: Sql,
  port: ApprovedPort,
  about: About,
): Promise<Result<readonly Approved[], "records">> {
  const first = await byPatchSets(sql, port, about);
  if (!first.ok) return first;
  const approved: Approved[] = [first.value];
  for (const head of countersignedHeads(about.target)) {
    const found = await changesOfHead(port, about, head);
    const by = { kind: "head", digest: headDigest(about.repoId, head), head } as const;
    if (found.ok) approved.push({ by, changes: found.value.changes });
  }
  return ok(approved);
}
