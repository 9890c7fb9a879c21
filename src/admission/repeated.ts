// The label was put on again while its delivery lives: a reply is due, unless the label only came back.
import { and, eq } from "drizzle-orm";
import { inbox } from "../db/schema.ts";
import { report } from "../delivery/inbox.ts";
import type { DeliveryId } from "../ids.ts";
import { instant } from "../instant.ts";
import { holdsToCome } from "../webhooks/holds.ts";
import { actorOf } from "../webhooks/intake.ts";
import type { AdmissionDeps, Trigger } from "./trigger.ts";

export async function noteRepeated(
  deps: Pick<AdmissionDeps, "db" | "clock" | "crash">,
  { guid, event, key }: Trigger,
  deliveryId: DeliveryId,
): Promise<void> {
  await deps.crash("admission.before.repeated");
  await deps.db.transaction(async (tx) => {
    const holds = await holdsToCome(tx, deliveryId);
    // An earlier run of this very webhook may have lifted the hold already.
    const [said] = await tx.sql
      .select({ id: inbox.id })
      .from(inbox)
      .where(and(eq(inbox.deliveryId, deliveryId), eq(inbox.webhookGuid, guid)))
      .limit(1);
    if (holds.has("unlabeled") || said !== undefined) return;
    await report(tx, deliveryId, {
      event: { type: "trigger_repeated" },
      actor: actorOf(event.sender),
      at: instant(deps.clock()),
      dedupeKey: `trigger_repeated:${key}`,
      webhookGuid: guid,
    });
  });
  await deps.crash("admission.after.repeated");
}
