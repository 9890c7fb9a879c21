// Takes the patch set from its rows: it must be, to the byte, what was approved, and must name this delivery, plan and place.
import { and, eq } from "drizzle-orm";
import { artifactHash } from "../artifacts/artifact.ts";
import type { Sql } from "../db/database.ts";
import { artifacts } from "../db/schema.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { branchOf } from "../ids.ts";
import type { PatchSetContent } from "../patches/patch-set.ts";
import { loadPatchSet, type PatchSetFault } from "../patches/store.ts";
import { forgesTrailer } from "./commit-message.ts";
import { refuse, type WriteRefusal, WriteStop } from "./outcome.ts";
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
  const { place, heads, strayHead } = target;
  if (content.repoId !== place.repoId) return ["other_target", "the patch set is of another repository"];
  if (content.branch !== branchOf(delivery.id)) return ["other_target", "the patch set names another branch"];
  if (content.baseBranch !== place.baseBranch) return ["other_target", "the patch set names another base branch"];
  if (content.planDigest !== delivery.plan?.digest || !delivery.plan.approved) {
    return ["plan_changed", "the plan that the patch set was made for is not the approved one"];
  }
  // A head whose approvals were found wanting is judged with them: people are asked for it again.
  const parents = heads === null ? [content.baseSha] : [...heads, ...(strayHead === null ? [] : [strayHead.head])];
  if (!parents.includes(content.parentSha)) {
    return ["parent_differs", "the patch set stands on a commit that is neither its base nor an approved head"];
  }
  return null;
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

/** Throws WriteStop. The rows are proved by their own digest, and that by the one that was approved. */
export const approvedContent = async (sql: Sql, delivery: Delivery, target: WriteTarget): Promise<PatchSetContent> => {
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
  const problem = wordProblem(content) ?? placeProblem(content, delivery, target) ?? (await planProblem(sql, delivery));
  if (problem !== null) throw refuse(problem[0], repoId, problem[1]);
  return content;
};
