// Where everything that happens to a delivery waits for `advance`: each event once, in the order of arrival.
import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { inbox } from "../db/schema.ts";
import type { DeliveryId, WebhookGuid } from "../ids.ts";
import type { Instant } from "../instant.ts";
import { type Actor, type MachineEvent, Recorded } from "./event.ts";
import type { Step } from "./step.ts";

export type Report = Readonly<{
  event: MachineEvent;
  actor: Actor;
  at: Instant;
  /** Names the happening, not the message that told of it: see the conventions in CONTRIBUTING. */
  dedupeKey: string;
  webhookGuid?: WebhookGuid | undefined;
}>;

/**
 * Puts an event into a delivery's inbox and wakes `advance`. Answers false, and does nothing, when the same happening was
 * reported before. Throws ZodError on an event that is none: what is in the inbox is well-formed.
 */
export async function report(tx: Tx, deliveryId: DeliveryId, said: Report): Promise<boolean> {
  const { event, actor, at, dedupeKey, webhookGuid } = said;
  const inserted = await tx.sql
    .insert(inbox)
    .values({
      deliveryId,
      dedupeKey,
      recorded: Recorded.parse({ event, actor, at }),
      webhookGuid: webhookGuid ?? null,
      receivedAt: sql`now()`,
    })
    .onConflictDoNothing()
    .returning({ id: inbox.id });
  if (inserted.length === 0) return false;
  await tx.enqueue("advance", { deliveryId });
  return true;
}

/** `recorded` is null when this version does not understand what an older or newer one wrote. */
export type Waiting = Readonly<{ id: number; dedupeKey: string; recorded: Recorded | null }>;

/** Oldest first. Only for who holds the delivery's lock. */
export async function waitingEvents(tx: Tx, deliveryId: DeliveryId, limit: number): Promise<readonly Waiting[]> {
  const rows = await tx.sql
    .select({ id: inbox.id, dedupeKey: inbox.dedupeKey, recorded: inbox.recorded })
    .from(inbox)
    .where(and(eq(inbox.deliveryId, deliveryId), isNull(inbox.appliedAt)))
    .orderBy(asc(inbox.id))
    .limit(limit);
  return rows.map((row) => ({ ...row, recorded: Recorded.safeParse(row.recorded).data ?? null }));
}

export async function markApplied(tx: Tx, applied: readonly Readonly<{ id: number; step: Step["kind"] }>[], at: Date) {
  for (const step of ["moved", "noted", "refused", "stale"] as const) {
    const ids = applied.filter((each) => each.step === step).map(({ id }) => id);
    if (ids.length > 0) await tx.sql.update(inbox).set({ appliedAt: at, step }).where(inArray(inbox.id, ids));
  }
}
