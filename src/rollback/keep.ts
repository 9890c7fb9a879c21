// Stores what undoes a merge, and tells the machine: patch sets under gate G2, or that it is for the agent to plan.
import { and, eq, inArray } from "drizzle-orm";
import type { Assignment, TakingPart } from "../agent/assignment.ts";
import { firstBlock, keepOne } from "../agent/keep-proposals.ts";
import type { SavedArtifact } from "../agent/record.ts";
import type { Tx } from "../db/database.ts";
import { deliveryRepos, inbox } from "../db/schema.ts";
import type { MachineEvent } from "../delivery/event.ts";
import { g2 } from "../delivery/gates/g2.ts";
import type { OwnedPaths } from "../delivery/needs.ts";
import { recordGate } from "../delivery/record-gate.ts";
import { instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { deliveryChain } from "../ledger/entry.ts";
import { mustQuoteCode } from "../policy/rules.ts";
import type { MadeRevert } from "./make.ts";
import type { RevertOrder } from "./order.ts";

type Outcome = Extract<MachineEvent, { type: "patches_made" | "policy_blocked" | "revert_conflicts" }>;

export type Reverting = Readonly<{ assignment: Assignment; order: RevertOrder; at: Date }>;

export type RevertIn = MadeRevert & Readonly<{ repo: TakingPart; owned: readonly OwnedPaths[] }>;

const KINDS: readonly Outcome["type"][] = ["patches_made", "policy_blocked", "revert_conflicts"];

const keyOf = (attempt: number, type: Outcome["type"]): string => `work:revert:${attempt}:${type}`;

/** By a run that was killed after its commit: what it left counts. */
export async function isTold(tx: Tx, { delivery: { id, attempt } }: Assignment): Promise<boolean> {
  const keys = KINDS.map((type) => keyOf(attempt, type));
  const [row] = await tx.sql
    .select({ id: inbox.id })
    .from(inbox)
    .where(and(eq(inbox.deliveryId, id), inArray(inbox.dedupeKey, keys)))
    .limit(1);
  return row !== undefined;
}

/** What undoes a merge stands on the base of now; a plan that is made instead, too. */
export async function takeBases(tx: Tx, { assignment, order, at }: Reverting): Promise<void> {
  const { delivery, traceId, repos } = assignment;
  for (const { repoId, onto } of order.repositories) {
    const repo = repos.find((each) => each.repoId === repoId);
    // What stands is on its base; the order says of it what was found then.
    if (repo === undefined || repo.baseSha === onto) continue;
    await tx.sql
      .update(deliveryRepos)
      .set({ baseSha: onto })
      .where(and(eq(deliveryRepos.deliveryId, delivery.id), eq(deliveryRepos.repoId, repoId)));
    await append(tx, deliveryChain(delivery.id), [
      {
        deliveryId: delivery.id,
        at: instant(at),
        actor: { kind: "system", id: "rollback" },
        action: "base_taken",
        entity: { kind: "repository", id: String(repoId) },
        before: { branch: repo.baseBranch, sha: repo.baseSha },
        after: { branch: repo.baseBranch, sha: onto },
        note: null,
        traceId,
      },
    ]);
  }
}

const conflictsIn = ({ repositories }: RevertOrder): number =>
  repositories.reduce((sum, { conflicts }) => sum + conflicts.length, 0);

/** The agent is asked in the usual way; what it is to undo stands where an approver's words would. */
export const conflictsOf = ({ assignment, order }: Reverting): Outcome => ({
  type: "revert_conflicts",
  attempt: assignment.delivery.attempt,
  note: `${conflictsIn(order)} of its files were changed since`,
});

/** The one task that every change of a rollback serves. */
const TASK = "undo";

export async function keepReverts(
  tx: Tx,
  { assignment, at }: Reverting,
  { id: artifactId }: SavedArtifact,
  made: readonly RevertIn[],
): Promise<Outcome> {
  const { delivery, traceId } = assignment;
  const { id: deliveryId, attempt } = delivery;
  const names = made.map(({ repo }) => repo.name);
  const judged = g2({
    tasks: names.map((repository) => ({ id: TASK, repository })),
    wanted: names,
    proposed: made.map(({ repo, changes }) => ({
      repository: repo.name,
      changes: changes.map((change) => ({ ...change, tasks: [TASK] })),
    })),
    violations: made.flatMap(({ violations }) => violations),
  });
  const patchSets = [];
  for (const { repo, content, violations, owned } of made) {
    const saved = await keepOne(tx, { assignment, at }, { repo, content, violations, artifactId });
    if (saved === null) continue;
    const { id, version, digest } = saved;
    const quote = mustQuoteCode(violations) ? ({ quote: true } as const) : {};
    const owners = owned.length === 0 ? {} : { owned: [...owned] };
    patchSets.push({ repoId: repo.repoId, id, version, digest, ...quote, ...owners });
  }
  await recordGate(tx, { deliveryId, traceId, attempt, at }, judged);
  if (judged.verdict === "policy_block") return { type: "policy_blocked", attempt, note: firstBlock(made) };
  return { type: "patches_made", attempt, patchSets };
}
