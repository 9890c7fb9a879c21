// What a rollback was found to need, as it is stored. Reads only.
import { and, desc, eq } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { artifacts } from "../db/schema.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { DeliveryId } from "../ids.ts";
import { orderBriefing } from "./briefing.ts";
import { RevertOrder } from "./order.ts";

/** The newest: what is computed again replaces what was. Null before it was computed. */
export async function loadOrder(sql: Sql, id: DeliveryId): Promise<RevertOrder | null> {
  const [row] = await sql
    .select({ content: artifacts.content })
    .from(artifacts)
    .where(and(eq(artifacts.deliveryId, id), eq(artifacts.kind, "scope")))
    .orderBy(desc(artifacts.version))
    .limit(1);
  return row === undefined ? null : RevertOrder.parse(row.content);
}

/** What the agent is to undo, in words; null for a delivery that undoes nothing, and before it was computed. */
export async function loadBriefing(sql: Sql, { id, undoes, targets }: Delivery): Promise<string | null> {
  const order = undoes === undefined ? null : await loadOrder(sql, id);
  return order === null ? null : orderBriefing(order, targets);
}
