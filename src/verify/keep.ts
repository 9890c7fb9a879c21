// Puts on record what a look found of heads and merges, before anybody is told of it.
import type { Tx } from "../db/database.ts";
import { lockDelivery } from "../delivery/store.ts";
import { keepVerdict } from "../provenance/store.ts";
import type { Seen } from "./look.ts";
import type { Opened } from "./opened.ts";

/** Answers whether anything of it is new. */
export async function keepProvenance(
  tx: Tx,
  { delivery, traceId }: Pick<Opened, "delivery" | "traceId">,
  seen: readonly Pick<Seen, "pull" | "provenance">[],
  at: Date,
): Promise<boolean> {
  // Two looks at once would each find that the other's verdict is not there yet.
  await lockDelivery(tx, delivery.id);
  let hasNew = false;
  for (const { pull, provenance } of seen) {
    if (provenance === null) continue;
    const { repoId, written } = pull;
    const of = { deliveryId: delivery.id, traceId, repoId, pullNumber: written.pullRequest };
    hasNew = (await keepVerdict(tx, of, provenance, at)).isNew || hasNew;
  }
  return hasNew;
}
