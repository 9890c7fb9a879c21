// What a rollback is told of the delivery that it undoes.
import { eq } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { deliveries } from "../db/schema.ts";
import type { Delivery, Target, Written } from "../delivery/delivery.ts";
import { loadDelivery } from "../delivery/store.ts";
import { type DeliveryId, deliveryName } from "../ids.ts";

export type MergedTarget = Target & Readonly<{ written: Written }>;

export type Undoing = Readonly<{
  parent: DeliveryId;
  /** In the order in which they are undone: the last that was merged first. */
  merged: readonly MergedTarget[];
  /** Its issue's title. */
  title: string;
}>;

const isMerged = (target: Target): target is MergedTarget => target.landed === "merged" && target.written !== null;

export async function loadUndoing(sql: Sql, { id, undoes }: Delivery): Promise<Undoing> {
  const stored = undoes === undefined ? null : await loadDelivery({ sql }, undoes);
  if (undoes === undefined || stored === null) throw new Error(`${deliveryName(id)} undoes nothing`);
  const [row] = await sql.select({ title: deliveries.issueTitle }).from(deliveries).where(eq(deliveries.id, id));
  return {
    parent: undoes,
    merged: stored.delivery.targets.filter(isMerged).toReversed(),
    title: row?.title ?? "",
  };
}
