// The PhaseRuns of a delivery: one open stay, closed when the phase is left or the delivery ends.
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { phaseRuns } from "../db/schema.ts";
import type { DeliveryId } from "../ids.ts";
import { type Delivery, isTerminal, PHASES, type RunStatus } from "./delivery.ts";
import type { Actor } from "./event.ts";

/** The first stay; for whoever inserts a delivery. */
export async function openPhase(tx: Tx, id: DeliveryId, phase: Delivery["phase"], at: Date): Promise<void> {
  await tx.sql.insert(phaseRuns).values({ deliveryId: id, phase, enteredAt: at });
}

export async function followPhase(tx: Tx, before: Delivery, next: Delivery, by: Actor, at: Date): Promise<void> {
  const left = before.phase !== next.phase;
  if (!left && isTerminal(before) === isTerminal(next)) return;
  if (left || isTerminal(next)) {
    await tx.sql
      .update(phaseRuns)
      .set({ leftAt: at, endedAs: endOf(before, next), reason: next.reason, endedBy: `${by.kind}:${by.id}` })
      .where(and(eq(phaseRuns.deliveryId, next.id), isNull(phaseRuns.leftAt)));
  }
  if (!isTerminal(next)) await openPhase(tx, next.id, next.phase, at);
}

/** Going on is success, going back is failure; the end is what it is. */
function endOf(before: Delivery, next: Delivery): RunStatus {
  if (isTerminal(next)) return next.runStatus;
  return PHASES.indexOf(next.phase) > PHASES.indexOf(before.phase) ? "succeeded" : "failed";
}
