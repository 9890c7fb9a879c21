// Criteria that people accepted without other evidence, as far as they accepted them of the content that stands.
import { and, asc, eq, gt, max } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { acceptedCriteria, writes } from "../db/schema.ts";
import type { DeliveryId } from "../ids.ts";

export type Acceptance = Readonly<{ criterion: string; login: string; at: Date }>;

/** Of older content it was another thing that was accepted. */
export async function acceptancesOf(sql: Sql, id: DeliveryId): Promise<readonly Acceptance[]> {
  const [last] = await sql
    .select({ at: max(writes.finishedAt) })
    .from(writes)
    .where(eq(writes.deliveryId, id));
  if (last === undefined || last.at === null) return [];
  const { criterion, personLogin, acceptedAt } = acceptedCriteria;
  return sql
    .select({ criterion, login: personLogin, at: acceptedAt })
    .from(acceptedCriteria)
    .where(and(eq(acceptedCriteria.deliveryId, id), gt(acceptedAt, last.at)))
    .orderBy(asc(criterion));
}
