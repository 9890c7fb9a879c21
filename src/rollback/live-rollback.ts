// Which delivery undoes another one's merge, or did. Reads only.
import { and, desc, eq, sql as raw } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { deliveries } from "../db/schema.ts";
import { DeliveryId } from "../ids.ts";

/** Not over, or over with its pull requests open: people may still merge them. */
const stands = raw`${deliveries.runStatus} <> 'canceled'`;

/** The one that stands in the way of another; null where none does. */
export async function liveRollbackOf(sql: Sql, parent: DeliveryId): Promise<DeliveryId | null> {
  const [row] = await sql
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(eq(deliveries.undoes, parent), stands))
    .orderBy(desc(deliveries.id))
    .limit(1);
  return row === undefined ? null : DeliveryId.parse(row.id);
}
