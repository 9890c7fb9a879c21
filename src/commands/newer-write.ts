// Whether content was written after an /accept was: of what stood there before, it was another thing that somebody looked at.
import { and, eq, max } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { writes } from "../db/schema.ts";
import type { DeliveryId } from "../ids.ts";
import { type Instant, instant } from "../instant.ts";

/** GitHub's clock has whole seconds: within one, what was said counts as said afterwards. */
const wholeSecond = (at: Date): Date => new Date(Math.floor(at.getTime() / 1000) * 1000);

/** When the newest commit of ours was finished, where that is after `said`. Only for who holds the delivery's lock. */
export async function newerWrite(sql: Sql, deliveryId: DeliveryId, said: Instant): Promise<Instant | null> {
  const [last] = await sql
    .select({ at: max(writes.finishedAt) })
    .from(writes)
    .where(and(eq(writes.deliveryId, deliveryId), eq(writes.subjectKind, "patchset")));
  const at = last?.at ?? null;
  return at !== null && wholeSecond(at) > new Date(said) ? instant(at) : null;
}
