// A comment of ours was edited or deleted by somebody else: where it showed an open gate, that gate is void until it is shown again.
import { and, eq, sql as raw } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { deliveries, deliveryRepos, publications } from "../db/schema.ts";
import { type Delivery, isTerminal } from "../delivery/delivery.ts";
import { report } from "../delivery/inbox.ts";
import { loadDelivery } from "../delivery/store.ts";
import { type CommentId, DeliveryId, deliveryName, RepoId, type WebhookGuid } from "../ids.ts";
import { type KeySubject, subjectOfKey } from "../thread/key.ts";
import type { DomainEvent } from "./domain-event.ts";
import { actorOf, type IntakeDeps, markProcessed } from "./intake.ts";
import { live } from "./live-deliveries.ts";

type Tampering = Extract<DomainEvent, { kind: "our_comment_edited" | "our_comment_deleted" }>;

/** Ends the webhook. */
export async function followTampering(deps: IntakeDeps, guid: WebhookGuid, event: Tampering): Promise<void> {
  const { commentId, place, at } = event;
  const deleted = event.kind === "our_comment_deleted";
  await deps.crash("intake.before.tell_tampering");
  await deps.db.transaction(async (tx) => {
    const gates = await gatesShownBy(tx.sql, place.repoId, commentId);
    for (const { deliveryId, repoId } of gates) {
      await report(tx, deliveryId, {
        event: { type: "gate_tampered", repoId, note: `comment ${commentId} was ${deleted ? "deleted" : "edited"}` },
        actor: actorOf(event.sender),
        at,
        dedupeKey: `gate_tampered:${commentId}:${deleted ? "deleted" : at}:${repoId ?? "plan"}`,
        webhookGuid: guid,
      });
    }
    const outcome = gates.length === 0 ? "no_gate" : `told ${gates.map((gate) => deliveryName(gate.deliveryId))}`;
    await markProcessed(tx, guid, deps.clock(), outcome);
  });
  await deps.crash("intake.after.tell_tampering");
}

type Gate = Readonly<{ deliveryId: DeliveryId; repoId: RepoId | null }>;

/** Comments of versions that were replaced show nothing that could still be approved. */
async function gatesShownBy(sql: Sql, repoId: RepoId, commentId: CommentId): Promise<readonly Gate[]> {
  const rows = await sql
    .select({ deliveryId: publications.deliveryId, key: publications.key })
    .from(publications)
    .where(
      and(eq(publications.kind, "comment"), eq(publications.remoteId, commentId), eq(publications.repoId, repoId)),
    );
  const gates: Gate[] = [];
  for (const row of rows) {
    const subject = subjectOfKey(row.key);
    const stored = await loadDelivery({ sql }, DeliveryId.parse(row.deliveryId));
    if (subject === null || stored === null || isTerminal(stored.delivery)) continue;
    gates.push(...(await currentGatesOf(sql, stored.delivery, subject)));
  }
  const isNew = (gate: Gate) =>
    !gates.some(({ deliveryId, repoId }) => deliveryId === gate.deliveryId && repoId === gate.repoId);
  return [...gates, ...(await gatesOpenedBy(sql, repoId, commentId)).filter(isNew)];
}

/**
 * Gates that this comment opened, by the machine's own memory: whoever publishes may have put another comment in its place before
 * we heard of it.
 */
async function gatesOpenedBy(sql: Sql, repoId: RepoId, commentId: CommentId): Promise<readonly Gate[]> {
  const named = raw`jsonb_path_exists(${deliveries.gates}, '$.**.commentId ? (@ == $id)', ${JSON.stringify({ id: commentId })}::jsonb)`;
  const rows = await sql
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(live, eq(deliveries.repoId, repoId), named));
  const gates: Gate[] = [];
  for (const { id } of rows) {
    const stored = await loadDelivery({ sql }, DeliveryId.parse(id));
    if (stored === null) continue;
    const { plan, targets, ship } = stored.delivery;
    if (ship?.shown?.commentId === commentId) gates.push({ deliveryId: stored.delivery.id, repoId: null });
    if (plan?.shown?.commentId === commentId) gates.push({ deliveryId: stored.delivery.id, repoId: null });
    for (const target of targets) {
      if (target.patchSet?.shown?.commentId !== commentId) continue;
      gates.push({ deliveryId: stored.delivery.id, repoId: target.repoId });
    }
  }
  return gates;
}

async function currentGatesOf(sql: Sql, delivery: Delivery, subject: KeySubject): Promise<readonly Gate[]> {
  if (subject.kind === "plan") {
    return delivery.plan?.version === subject.version ? [{ deliveryId: delivery.id, repoId: null }] : [];
  }
  if (subject.kind === "ship") {
    return delivery.ship?.version === subject.version ? [{ deliveryId: delivery.id, repoId: null }] : [];
  }
  const named = await repositoryNamed(sql, delivery.id, subject.repository);
  return delivery.targets
    .filter(({ repoId, patchSet }) => patchSet?.version === subject.version && (named === null || named === repoId))
    .map(({ repoId }) => ({ deliveryId: delivery.id, repoId }));
}

/** Null for a name that was changed since: then every gate of that version is shown again. */
async function repositoryNamed(sql: Sql, deliveryId: DeliveryId, fullName: string): Promise<RepoId | null> {
  const repos = await sql
    .select({ repoId: deliveryRepos.repoId, owner: deliveryRepos.owner, name: deliveryRepos.name })
    .from(deliveryRepos)
    .where(eq(deliveryRepos.deliveryId, deliveryId));
  const found = repos.find(({ owner, name }) => `${owner}/${name}`.toLowerCase() === fullName.toLowerCase());
  return found === undefined ? null : RepoId.parse(found.repoId);
}
