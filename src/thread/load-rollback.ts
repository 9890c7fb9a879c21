// Which delivery a delivery undoes, and which undoes it.
import { and, desc, eq } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { deliveries, publications } from "../db/schema.ts";
import { type Delivery, isTerminal } from "../delivery/delivery.ts";
import { loadDelivery } from "../delivery/store.ts";
import { DeliveryId } from "../ids.ts";
import { loadOrder } from "../rollback/load-order.ts";
import type { DeliveryView, UndoneByView } from "./delivery-view.ts";
import { STATUS } from "./key.ts";

async function statusOf(sql: Sql, id: DeliveryId): Promise<string | null> {
  const [row] = await sql
    .select({ url: publications.url })
    .from(publications)
    .where(and(eq(publications.deliveryId, id), eq(publications.key, STATUS)));
  return row?.url ?? null;
}

const stands = (child: Delivery): UndoneByView["stands"] => {
  if (child.runStatus === "canceled") return "canceled";
  const made = child.targets.filter(({ patchSet, written }) => patchSet !== null || written !== null);
  if (made.length > 0 && made.every(({ landed }) => landed === "merged")) return "landed";
  return isTerminal(child) ? "open" : "live";
};

export async function loadRollback(
  sql: Sql,
  { id, undoes }: Delivery,
): Promise<Pick<DeliveryView, "undoes" | "undoneBy">> {
  const [child] = await sql
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(eq(deliveries.undoes, id))
    .orderBy(desc(deliveries.id))
    .limit(1);
  const by = child === undefined ? null : await loadDelivery({ sql }, DeliveryId.parse(child.id));
  return {
    ...(undoes === undefined
      ? {}
      : { undoes: { id: undoes, url: await statusOf(sql, undoes), order: await loadOrder(sql, id) } }),
    ...(by === null
      ? {}
      : {
          undoneBy: { id: by.delivery.id, url: await statusOf(sql, by.delivery.id), stands: stands(by.delivery) },
        }),
  };
}
