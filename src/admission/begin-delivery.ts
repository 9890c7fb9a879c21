// Begins a delivery: every row of its birth, its first ledger entries and jobs, in the caller's transaction.
import { and, desc, eq } from "drizzle-orm";
import { deadlineSeconds } from "../config/deadline.ts";
import { AVAILABLE_EXITS, endOf } from "../config/exit-phase.ts";
import type { Config } from "../config/schema.ts";
import { savePacket } from "../context/save-packet.ts";
import type { Sql, Tx } from "../db/database.ts";
import { constraintSnapshots, deliveries, deliveryRepos, sources } from "../db/schema.ts";
import { birth } from "../delivery/birth.ts";
import { startDeadline } from "../delivery/deadline.ts";
import type { ExitPhase } from "../delivery/delivery.ts";
import { nextDeliveryId } from "../delivery/next-id.ts";
import { openPhase } from "../delivery/phase-history.ts";
import { stateColumns } from "../delivery/store.ts";
import { DeliveryId, deliveryName, type IssueNumber, type RepoId } from "../ids.ts";
import { instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { digestOf } from "../ledger/canonical.ts";
import { deliveryChain } from "../ledger/entry.ts";
import { storableText } from "../ledger/storable.ts";
import { actorOf } from "../webhooks/intake.ts";
import { traceOf } from "../webhooks/source-rows.ts";
import type { Secondary } from "./admit.ts";
import { sourcesOf } from "./constraints.ts";
import type { Gathered, Snapshots } from "./gather.ts";
import type { Trigger } from "./trigger.ts";
import { sameLabel } from "./trigger-label.ts";

/** What is known of those who begin it: its repositories were judged. */
type Parents = Pick<Gathered, "repository" | "labeler" | "labels"> & Readonly<{ secondaries: readonly Secondary[] }>;

export async function beginDelivery(
  tx: Tx,
  trigger: Trigger,
  gathered: Parents,
  snapshots: Snapshots,
  now: Date,
): Promise<DeliveryId> {
  const { guid, event } = trigger;
  const { place, issue, sender } = event;
  const { constraints, taken } = snapshots;
  const { config, from } = constraints;
  const { repoId, installationId } = place;
  const { repository, secondaries } = gathered;
  const traceId = traceOf(guid);
  const id = await nextDeliveryId(tx.sql);
  const planOnly = gathered.labels.some((name) => sameLabel(name, config.labels.plan_only));
  const exitPhase = planOnly ? "plan" : await exitOfSource(tx.sql, repoId, config, from.blob !== null);
  const parentId = await lastOfIssue(tx.sql, repoId, issue.number);
  const role = "secondary" as const;
  const { delivery, effects } = birth({
    id,
    exitPhase,
    maxRevisions: config.max_revisions,
    maxFixes: config.ci.max_fix_attempts,
    targets: [{ repoId, role: "primary" }, ...secondaries.map(({ facts }) => ({ repoId: facts.id, role }))],
  });

  await tx.sql
    .insert(deliveries)
    .overridingSystemValue()
    .values({
      id,
      repoId,
      issueNumber: issue.number,
      issueId: issue.id,
      issueTitle: storableText(issue.title),
      parentId,
      triggerGuid: guid,
      requesterId: sender.id,
      requesterLogin: sender.login,
      ...stateColumns(delivery),
      ...startDeadline(delivery, (phase, status) => deadlineSeconds(config, phase, status), now),
      tokenBudget: config.agent.max_tokens,
      traceId,
      createdAt: now,
      changedAt: now,
    });
  await openPhase(tx, id, delivery.phase, now);
  const taking = [
    { facts: repository, commit: from.commit },
    ...secondaries.map(({ facts, config: { commit } }) => ({ facts, commit })),
  ];
  await tx.sql.insert(deliveryRepos).values(
    taking.map(({ facts, commit }, position) => ({
      deliveryId: id,
      repoId: facts.id,
      installationId,
      owner: facts.owner,
      name: facts.name,
      visibility: facts.visibility,
      role: position === 0 ? "primary" : role,
      position,
      baseBranch: facts.defaultBranch,
      baseSha: commit,
    })),
  );

  const constraintHash = digestOf(constraints);
  const [snapshot] = await tx.sql
    .insert(constraintSnapshots)
    .values({ deliveryId: id, version: 1, hash: constraintHash, content: constraints, createdAt: now })
    .returning({ id: constraintSnapshots.id });
  const at = instant(now);
  const common = {
    deliveryId: id,
    at,
    actor: { kind: "system", id: "admission" } as const,
    before: null,
    note: null,
    traceId,
  };
  await append(tx, deliveryChain(id), [
    {
      ...common,
      actor: actorOf(sender),
      action: "admitted",
      entity: { kind: "delivery", id: deliveryName(id) },
      // The whole state: with the changes of all later entries put on it, it gives the state of today.
      after: delivery,
    },
    {
      ...common,
      action: "trigger_recorded",
      entity: { kind: "issue", id: String(issue.id) },
      after: {
        webhook: guid,
        repoId,
        issue: issue.number,
        label: event.label,
        labeledAt: event.at,
        requester: { id: sender.id, login: sender.login, role: gathered.labeler.role },
        base: { branch: repository.defaultBranch, sha: from.commit },
        beside: secondaries.map(({ facts, config: { commit } }) => ({
          repoId: facts.id,
          repository: `${facts.owner}/${facts.name}`,
          base: { branch: facts.defaultBranch, sha: commit },
        })),
        parent: parentId,
        commentsLeftOut: taken.leftOut,
      },
    },
    {
      ...common,
      action: "constraints_snapshotted",
      entity: { kind: "constraint_snapshot", id: String(snapshot?.id) },
      after: { version: 1, hash: constraintHash, ...sourcesOf(constraints) },
    },
  ]);
  const packet = { issue: taken.snapshot, plan: null, feedback: [], repositories: [] };
  await savePacket(tx, { deliveryId: id, traceId, at: now, packet });

  if (config.control_issue) await tx.enqueue("control", { repoId });
  for (const effect of effects) {
    if (effect.kind === "publish") await tx.enqueue("publish", { deliveryId: id });
    if (effect.kind === "work") await tx.enqueue(effect.work, { deliveryId: id, attempt: effect.attempt });
  }
  return id;
}

/** Where the file does not say, the nearer of the source's own default and the general one. */
async function exitOfSource(sql: Sql, repoId: RepoId, config: Config, hasFile: boolean): Promise<ExitPhase> {
  if (hasFile) return endOf(config.exit_phase);
  const [source] = await sql.select({ exit: sources.defaultExitPhase }).from(sources).where(eq(sources.repoId, repoId));
  return endOf(
    AVAILABLE_EXITS.find((exit) => exit === source?.exit || exit === config.exit_phase) ?? config.exit_phase,
  );
}

/** The delivery that this one follows: the newest of the issue, which is over. */
async function lastOfIssue(sql: Sql, repoId: RepoId, issue: IssueNumber): Promise<DeliveryId | null> {
  const [row] = await sql
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(eq(deliveries.repoId, repoId), eq(deliveries.issueNumber, issue)))
    .orderBy(desc(deliveries.id))
    .limit(1);
  return row === undefined ? null : DeliveryId.parse(row.id);
}
