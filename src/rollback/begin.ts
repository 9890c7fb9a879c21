// Begins the delivery that undoes another's merge: its rows, first ledger entries and jobs, in one transaction, from what is stored alone.
import { and, asc, desc, eq } from "drizzle-orm";
import { z } from "zod";
import { ContextPacket } from "../context/packet.ts";
import { savePacket } from "../context/save-packet.ts";
import type { Sql, Tx } from "../db/database.ts";
import { commands, constraintSnapshots, contextPackets, deliveries, deliveryRepos } from "../db/schema.ts";
import { birthOfRollback } from "../delivery/birth.ts";
import { type DeadlineOf, startDeadline } from "../delivery/deadline.ts";
import { type Delivery, isTerminal } from "../delivery/delivery.ts";
import { nextDeliveryId } from "../delivery/next-id.ts";
import { openPhase } from "../delivery/phase-history.ts";
import { lockDelivery, stateColumns } from "../delivery/store.ts";
import { followFreezes } from "../freeze/follow.ts";
import { type CommandId, type DeliveryId, deliveryName, UserId } from "../ids.ts";
import { instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { deliveryChain } from "../ledger/entry.ts";
import { liveRollbackOf } from "./live-rollback.ts";

/** The part of the parent's constraints that a birth takes its limits from. */
const Limits = z.object({
  config: z.object({ max_revisions: z.number().int(), agent: z.object({ max_tokens: z.number().int() }) }),
});

/** It was asked for, and nothing has become of it yet: a job that runs again finds the first one's work. */
const isWanted = (parent: Delivery): boolean =>
  parent.reason === "rolling_back" ||
  (isTerminal(parent) && parent.runStatus === "succeeded" && parent.reason === null);

const rowsOf = async (sql: Sql, parentId: DeliveryId, commandId: CommandId) => {
  const [parent] = await sql.select().from(deliveries).where(eq(deliveries.id, parentId));
  const [command] = await sql
    .select()
    .from(commands)
    .where(and(eq(commands.id, commandId), eq(commands.deliveryId, parentId)));
  const [snapshot] = await sql
    .select()
    .from(constraintSnapshots)
    .where(eq(constraintSnapshots.deliveryId, parentId))
    .orderBy(desc(constraintSnapshots.version))
    .limit(1);
  const [packet] = await sql
    .select()
    .from(contextPackets)
    .where(eq(contextPackets.deliveryId, parentId))
    .orderBy(desc(contextPackets.version))
    .limit(1);
  const repos = await sql
    .select()
    .from(deliveryRepos)
    .where(eq(deliveryRepos.deliveryId, parentId))
    .orderBy(asc(deliveryRepos.position), asc(deliveryRepos.repoId));
  if (parent === undefined || command === undefined || snapshot === undefined || packet === undefined) {
    throw new Error(`${deliveryName(parentId)} lacks what it was begun with, or command ${commandId} is none of its`);
  }
  return { parent, command, snapshot, packet, repos };
};

/** Null where there is nothing to begin: it was begun before, another one lives, or the parent has moved on. */
export async function beginRollback(
  tx: Tx,
  parentId: DeliveryId,
  commandId: CommandId,
  deadlines: (snapshot: unknown) => DeadlineOf,
  now: Date,
): Promise<DeliveryId | null> {
  const stored = await lockDelivery(tx, parentId);
  if (stored === null || !isWanted(stored.delivery)) return null;
  if ((await liveRollbackOf(tx.sql, parentId)) !== null) return null;
  const { parent, command, snapshot, packet, repos } = await rowsOf(tx.sql, parentId, commandId);
  const [begun] = await tx.sql
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(eq(deliveries.undoes, parentId), eq(deliveries.triggerGuid, command.webhookGuid)));
  if (begun !== undefined) return null;

  const { max_revisions, agent } = Limits.parse(snapshot.content).config;
  const merged = stored.delivery.targets.filter(({ landed }) => landed === "merged");
  const id = await nextDeliveryId(tx.sql);
  const { delivery, effects } = birthOfRollback(
    {
      id,
      exitPhase: stored.delivery.exitPhase,
      maxRevisions: max_revisions,
      maxFixes: 0,
      // What was merged first is needed by what came after it, so the last goes first.
      targets: merged.map(({ repoId, role }) => ({ repoId, role })).reverse(),
    },
    parentId,
  );
  await tx.sql
    .insert(deliveries)
    .overridingSystemValue()
    .values({
      id,
      repoId: parent.repoId,
      issueNumber: parent.issueNumber,
      issueId: parent.issueId,
      issueTitle: parent.issueTitle,
      parentId,
      triggerGuid: command.webhookGuid,
      requesterId: command.actorId,
      requesterLogin: command.actorLogin,
      ...stateColumns(delivery),
      ...startDeadline(delivery, deadlines(snapshot.content), now),
      tokenBudget: agent.max_tokens,
      // One trace leads through both.
      traceId: parent.traceId,
      createdAt: now,
      changedAt: now,
    });
  await openPhase(tx, id, delivery.phase, now);
  await tx.sql
    .insert(deliveryRepos)
    .values(repos.map((repo) => ({ ...repo, deliveryId: id, pullNumber: null, headSha: null })));
  const [taken] = await tx.sql
    .insert(constraintSnapshots)
    .values({ deliveryId: id, version: 1, hash: snapshot.hash, content: snapshot.content, createdAt: now })
    .returning({ id: constraintSnapshots.id });

  const { traceId } = parent;
  const at = instant(now);
  const common = { deliveryId: id, at, before: null, note: null, traceId };
  const system = { kind: "system", id: "rollback" } as const;
  await append(tx, deliveryChain(id), [
    {
      ...common,
      actor: { kind: "human", id: UserId.parse(command.actorId), login: command.actorLogin },
      action: "rollback_begun",
      entity: { kind: "delivery", id: deliveryName(id) },
      after: delivery,
    },
    {
      ...common,
      actor: system,
      action: "trigger_recorded",
      entity: { kind: "issue", id: String(parent.issueId) },
      after: { webhook: command.webhookGuid, command: commandId, undoes: deliveryName(parentId), parent: parentId },
    },
    {
      ...common,
      actor: system,
      action: "constraints_snapshotted",
      entity: { kind: "constraint_snapshot", id: String(taken?.id) },
      after: { version: 1, hash: snapshot.hash, from: deliveryName(parentId) },
    },
  ]);
  await append(tx, deliveryChain(parentId), [
    {
      deliveryId: parentId,
      at,
      actor: system,
      action: "rollback_begun",
      entity: { kind: "rollback", id: deliveryName(id) },
      before: null,
      after: { by: deliveryName(id), command: commandId },
      note: null,
      traceId,
    },
  ]);
  const { issue } = ContextPacket.parse(packet.content);
  await savePacket(tx, {
    deliveryId: id,
    traceId,
    at: now,
    packet: { issue, plan: null, feedback: [], repositories: [] },
  });
  // A freeze that was put since the command was given holds the child too.
  await followFreezes(tx, [id], { actor: system, at: now, key: `born:${id}` });
  await tx.enqueue("publish", { deliveryId: parentId });
  for (const effect of effects) {
    if (effect.kind === "publish") await tx.enqueue("publish", { deliveryId: id });
    if (effect.kind === "work") await tx.enqueue(effect.work, { deliveryId: id, attempt: effect.attempt });
  }
  return id;
}
