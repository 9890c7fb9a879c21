// The number of a delivery that is about to be begun.
import { sql as raw } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { DeliveryId } from "../ids.ts";

/** Taken beforehand, because the state that is inserted names itself. */
export async function nextDeliveryId(sql: Sql): Promise<DeliveryId> {
  const next = raw`nextval(pg_get_serial_sequence('deliveries', 'id'))`.mapWith(Number);
  const [row] = await sql.select({ id: next }).from(raw`(values (1)) as one`);
  return DeliveryId.parse(row?.id);
}
