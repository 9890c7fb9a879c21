// Deliveries that wait for a budget or an endpoint that comes back by itself: noted with the event that blocks them.
import type { Tx } from "../../db/database.ts";
import { resourceWaits } from "../../db/schema.ts";
import type { DeliveryId } from "../../ids.ts";

export type Wait = Readonly<{
  deliveryId: DeliveryId;
  attempt: number;
  since: Date;
  /** When it is back for sure; null while nobody knows. */
  dueAt: Date | null;
}> &
  (Readonly<{ resource: "budget"; endpoint: null }> | Readonly<{ resource: "endpoint"; endpoint: string }>);

/** The newest attempt is the one that waits. */
export const waitFor = async (tx: Tx, { deliveryId, ...wait }: Wait): Promise<void> => {
  await tx.sql
    .insert(resourceWaits)
    .values({ deliveryId, ...wait })
    .onConflictDoUpdate({ target: resourceWaits.deliveryId, set: wait });
};
