// Takes the patch set from its rows: it must be, to the byte, what was approved, and must name this delivery, plan and place.
import { and, eq } from "drizzle-orm";
import { artifactHash } from "../artifacts/artifact.ts";
import type { Sql } from "../db/database.ts";
import { artifacts } from "../db/schema.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { isUndoing } from "../delivery/work.ts";
import { branchOf } from "../ids.ts";
import { digestOf } from "../ledger/canonical.ts";
import type { PatchSetContent } from "../patches/patch-set.ts";
import { loadPatchSet, type PatchSetFault } from "../patches/store.ts";
import { type ApprovedPort, holdsApproved } from "../provenance/approved.ts";
import { forgesTrailer } from "./commit-message.ts";
import { orRefuse, refuse, type WriteRefusal, WriteStop } from "./outcome.ts";
import type { ReadingOf } from "./readings.ts";
import type { WriteTarget } from "./write-case.ts";

type Problem = readonly [code: WriteRefusal, note: string];

const CODES: Readonly<Record<PatchSetFault["code"], WriteRefusal>> = {
  not_found: "patch_set_unreadable",
  malformed: "patch_set_unreadable",
  unsound: "content_differs",
  diff_differs: "content_differs",
  digest_differs: "digest_differs",
};

const wordProblem = (content: PatchSetContent): Problem | null => {
  if ([content.commitHeadline, content.commitBody].some(forgesTrailer)) {
    return ["forged_trailer", "the commit message holds a line that would pass for a trailer of Countersign"];
  }
  return null;
};

const placeProblem = (content: PatchSetContent, delivery: Delivery, target: WriteTarget): Problem | null => {
  const { place } = target;
  if (content.repoId !== place.repoId) return ["other_target", "the patch set is of another repository"];
  if (content.branch !== branchOf(delivery.id)) return ["other_target", "the patch set names another branch"];
  if (content.baseBranch !== place.baseBranch) return ["other_target", "the patch set names another base branch"];
  if (!isUndoing(delivery) && (content.planDigest !== delivery.plan?.digest || !delivery.plan.approved)) {
    return ["plan_changed", "the plan that the patch set was made for is not the approved one"];
  }
  return null;
};

/**
 * Where it stands: on its base, or on a head that was approved. A head that only took in the base changes nothing else, and that is
 * proved from the trees. Throws GitHubError.
 */
const parentProblem = async (
  sql: Sql,
  { id }: Delivery,
  { place, heads, strayHead, written, countersigned }: WriteTarget,
  content: PatchSetContent,
  readingOf: ReadingOf<ApprovedPort>,
): Promise<Problem | null> => {
  // A head whose approvals were found wanting is judged with them: people are asked for it again.
  const parents = heads === null ? [content.baseSha] : [...heads, ...(strayHead === null ? [] : [strayHead.head])];
  if (parents.includes(content.parentSha)) return null;
  const differs = [
    "parent_differs",
    "the patch set stands on a commit that is neither its base nor an approved head",
  ] as const;
  if (written === null) return differs;
  const about = {
    deliveryId: id,
    repoId: place.repoId,
    baseRef: place.baseBranch,
    target: { written, strayHead, countersigned },
  };
  return (await holdsApproved(sql, await readingOf(place.repoId), about, content.parentSha)) ? null : differs;
};

/** The plan that people approved is the one that its row holds now. */
const planProblem = async (sql: Sql, { id, plan }: Delivery): Promise<Problem | null> => {
  const [row] = await sql
    .select({ content: artifacts.content })
    .from(artifacts)
    .where(and(eq(artifacts.deliveryId, id), eq(artifacts.kind, "plan"), eq(artifacts.version, plan?.version ?? 0)));
  const found =
    row === undefined || plan === null
      ? null
      : artifactHash({ kind: "plan", deliveryId: id, version: plan.version, content: row.content });
  return found !== null && found === plan?.digest
    ? null
    : ["plan_changed", "the stored plan is not the one that was approved"];
};

/** A rollback has no plan; what its patch set is made for is what was found to be undone, and that is in its digest. */
const orderProblem = async (sql: Sql, { id }: Delivery, { planDigest }: PatchSetContent): Promise<Problem | null> => {
  const rows = await sql
    .select({ version: artifacts.version, content: artifacts.content, hash: artifacts.hash })
    .from(artifacts)
    .where(and(eq(artifacts.deliveryId, id), eq(artifacts.kind, "scope")));
  const found = rows.some(
    ({ version, content, hash }) =>
      digestOf(content) === planDigest && artifactHash({ kind: "scope", deliveryId: id, version, content }) === hash,
  );
  return found ? null : ["plan_changed", "what was found to be undone is not stored as it was approved"];
};

/** Throws WriteStop. The rows are proved by their own digest, and that by the one that was approved. */
export const approvedContent = async (
  sql: Sql,
  delivery: Delivery,
  target: WriteTarget,
  readingOf: ReadingOf<ApprovedPort>,
): Promise<PatchSetContent> => {
  const { place, patchSet } = target;
  const { repoId } = place;
  if (!patchSet.approved)
    throw new WriteStop({ kind: "approval_void", of: "patchset", repoId, note: "the gate is not open" });
  const stored = await loadPatchSet(sql, patchSet.id);
  if (!stored.ok) throw refuse(CODES[stored.error.code], repoId, stored.error.note);
  const { deliveryId, digest, content } = stored.value;
  if (deliveryId !== delivery.id) throw refuse("other_target", repoId, "the patch set is another delivery's");
  if (digest !== patchSet.digest) {
    throw refuse("digest_differs", repoId, "the stored patch set is not the one that was approved");
  }
  const problem =
    wordProblem(content) ??
    placeProblem(content, delivery, target) ??
    (isUndoing(delivery) ? await orderProblem(sql, delivery, content) : await planProblem(sql, delivery)) ??
    (await orRefuse("not_writable", repoId, parentProblem(sql, delivery, target, content, readingOf)));
  if (problem !== null) throw refuse(problem[0], repoId, problem[1]);
  return content;
};
