// What GitHub could not hand over of the repositories of a delivery since it began.
import { and, count, eq, gte, inArray, max } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { deliveryRepos, lostWebhooks } from "../db/schema.ts";
import type { DeliveryId } from "../ids.ts";
import { instant } from "../instant.ts";
import type { FactsView } from "./delivery-view.ts";

export async function loadMissed(sql: Sql, id: DeliveryId, since: Date): Promise<FactsView["lost"]> {
  const taking = sql
    .select({ repoId: deliveryRepos.repoId })
    .from(deliveryRepos)
    .where(eq(deliveryRepos.deliveryId, id));
  const [row] = await sql
    .select({ count: count(), last: max(lostWebhooks.sentAt) })
    .from(lostWebhooks)
    .where(and(inArray(lostWebhooks.repoId, taking), gte(lostWebhooks.sentAt, since)));
  return row === undefined || row.last === null ? undefined : { count: row.count, last: instant(row.last) };
}
