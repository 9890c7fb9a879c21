// Live deliveries, and labels that wait, follow the freezes: held while one stands over them, going on when none does.
import { and, asc, eq, inArray, isNotNull } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { deferredTriggers, webhooks } from "../db/schema.ts";
import type { Actor } from "../delivery/event.ts";
import { report } from "../delivery/inbox.ts";
import { type DeliveryId, InstallationId, RepoId, type WebhookGuid } from "../ids.ts";
import { instant } from "../instant.ts";
import { holdsToCome } from "../webhooks/holds.ts";
import { markProcessed } from "../webhooks/intake.ts";
import { isFrozen, standingOver } from "./standing.ts";

/** `key` names what made it so: the same twice tells a delivery once. */
export type Because = Readonly<{ actor: Actor; at: Date; key: string; webhookGuid?: WebhookGuid }>;

/** Answers the deliveries that were told. In one transaction with the freeze, or its end, where there is one. */
export async function followFreezes(
  tx: Tx,
  ids: readonly DeliveryId[],
  { actor, at, key, webhookGuid }: Because,
): Promise<readonly DeliveryId[]> {
  const told: DeliveryId[] = [];
  for (const id of [...new Set(ids)].sort((a, b) => a - b)) {
    const held = (await holdsToCome(tx, id)).has("freeze");
    const frozen = await isFrozen(tx.sql, id);
    if (held === frozen) continue;
    await report(tx, id, {
      event: frozen ? { type: "hold_added", hold: "freeze", note: "" } : { type: "hold_removed", hold: "freeze" },
      actor,
      at: instant(at),
      dedupeKey: `hold:freeze:${frozen ? "added" : "removed"}:${key}`,
      webhookGuid,
    });
    told.push(id);
  }
  return told;
}

/** A label that was put on while a freeze stood is considered when it is lifted, by what is so then. */
export async function deferTrigger(
  tx: Tx,
  waiting: Readonly<{ guid: WebhookGuid; repoId: RepoId; installationId: InstallationId; at: Date }>,
): Promise<void> {
  const { at: since, ...trigger } = waiting;
  await tx.sql
    .insert(deferredTriggers)
    .values({ ...trigger, since })
    .onConflictDoNothing();
}

/** Sends on the labels over which nothing stands any more, oldest first; answers how many. */
export async function resumeTriggers(tx: Tx, limit: number): Promise<number> {
  const waiting = await tx.sql
    .select()
    .from(deferredTriggers)
    .orderBy(asc(deferredTriggers.since))
    .limit(limit)
    .for("update", { skipLocked: true });
  const due: WebhookGuid[] = [];
  for (const { guid, repoId, installationId } of waiting) {
    const place = { repoId: RepoId.parse(repoId), installationId: InstallationId.parse(installationId) };
    if ((await standingOver(tx.sql, place)).length === 0) due.push(guid);
  }
  if (due.length === 0) return 0;
  await tx.sql.delete(deferredTriggers).where(inArray(deferredTriggers.guid, due));
  await tx.sql
    .update(webhooks)
    .set({ processedAt: null, outcome: null })
    .where(and(inArray(webhooks.guid, due), isNotNull(webhooks.processedAt)));
  for (const guid of due) await tx.enqueue("intake", { guid });
  return due.length;
}

/** Whether a label waits for the end of a freeze. */
export const isDeferred = async (tx: Tx, guid: WebhookGuid): Promise<boolean> =>
  (
    await tx.sql
      .select({ guid: deferredTriggers.guid })
      .from(deferredTriggers)
      .where(eq(deferredTriggers.guid, guid))
      .for("update")
  ).length > 0;

/** Done with for now. Where the freeze was lifted meanwhile the webhook stays open: the job that follows takes it up. */
export async function endDeferred(tx: Tx, guid: WebhookGuid, at: Date, outcome: string): Promise<void> {
  if (await isDeferred(tx, guid)) await markProcessed(tx, guid, at, outcome);
}
