// Brings the holds that the world sets on a delivery in line with the world as it was just read.
import type { Tx } from "../db/database.ts";
import { Hold } from "../delivery/delivery.ts";
import type { Actor } from "../delivery/event.ts";
import { report, waitingEvents } from "../delivery/inbox.ts";
import { lockDelivery } from "../delivery/store.ts";
import type { DeliveryId, WebhookGuid } from "../ids.ts";
import type { Instant } from "../instant.ts";

/** `hold` and `freeze` are people's own; the others follow from what GitHub says. */
export type WorldHold = Exclude<Hold, "hold" | "freeze">;
export type Wanted = Readonly<Partial<Record<WorldHold, boolean>>>;

export type Because = Readonly<{
  actor: Actor;
  at: Instant;
  /** Absent where nobody told: it was looked at. */
  webhookGuid?: WebhookGuid | undefined;
  /** Names the occasion, so that a replay says nothing twice. */
  key: string;
  round: number;
  note: string;
}>;

/** More than ever wait. */
const ALL = 100_000;

/** The holds of a delivery as they will be once its inbox is drained. Locks the row, so that two jobs judge in turn. */
export async function holdsToCome(tx: Tx, deliveryId: DeliveryId): Promise<Set<Hold>> {
  const stored = await lockDelivery(tx, deliveryId);
  const holds = new Set<Hold>(stored?.delivery.holds);
  for (const { recorded } of await waitingEvents(tx, deliveryId, ALL)) {
    if (recorded?.event.type === "hold_added") holds.add(recorded.event.hold);
    if (recorded?.event.type === "hold_removed") holds.delete(recorded.event.hold);
  }
  return holds;
}

/** Reports what differs, and nothing that is so already: a replay finds nothing to say. */
export async function alignHolds(
  tx: Tx,
  deliveryId: DeliveryId,
  wanted: Wanted,
  because: Because,
): Promise<"told" | "nothing"> {
  const holds = await holdsToCome(tx, deliveryId);
  let told: "told" | "nothing" = "nothing";
  for (const hold of Hold.options) {
    const should = hold === "hold" || hold === "freeze" ? undefined : wanted[hold];
    if (should === undefined || should === holds.has(hold)) continue;
    const { actor, at, webhookGuid, key, round, note } = because;
    await report(tx, deliveryId, {
      event: should ? { type: "hold_added", hold, note } : { type: "hold_removed", hold },
      actor,
      at,
      dedupeKey: `hold:${hold}:${should ? "added" : "removed"}:${key}:${round}`,
      webhookGuid,
    });
    told = "told";
  }
  return told;
}
