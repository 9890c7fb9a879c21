// The rows of `readiness`: each finding that is new, with its ledger entry.
import { and, asc, desc, eq } from "drizzle-orm";
import type { Sql, Tx } from "../db/database.ts";
import { readiness } from "../db/schema.ts";
import { type DeliveryId, deliveryName } from "../ids.ts";
import { instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { digestOf } from "../ledger/canonical.ts";
import { Readiness } from "./readiness.ts";
import type { Making } from "./store.ts";

/** Answers whether it says anything new. Whoever calls holds the delivery's lock. */
export async function keepReadiness(
  tx: Tx,
  { deliveryId, attempt, traceId, at }: Making,
  found: Readiness,
): Promise<boolean> {
  const hash = digestOf(found);
  const [last] = await tx.sql
    .select({ hash: readiness.hash, attempt: readiness.attempt })
    .from(readiness)
    .where(eq(readiness.deliveryId, deliveryId))
    .orderBy(desc(readiness.id))
    .limit(1);
  if (last?.hash === hash && last.attempt === attempt) return false;
  const [row] = await tx.sql
    .insert(readiness)
    .values({ deliveryId, attempt, content: found, hash, judgedAt: at })
    .returning({ id: readiness.id });
  await append(tx, deliveryName(deliveryId), [
    {
      deliveryId,
      at: instant(at),
      actor: { kind: "system", id: "assess" },
      action: "readiness_judged",
      entity: { kind: "readiness", id: `${row?.id}` },
      before: null,
      after: { attempt, hash, ...found },
      note: null,
      traceId,
    },
  ]);
  return true;
}

/** The newest; null before the first look. */
export async function newestReadiness(sql: Sql, deliveryId: DeliveryId): Promise<Readiness | null> {
  const [row] = await sql
    .select({ content: readiness.content })
    .from(readiness)
    .where(eq(readiness.deliveryId, deliveryId))
    .orderBy(desc(readiness.id))
    .limit(1);
  return row === undefined ? null : Readiness.parse(row.content);
}

/** When this attempt looked first; null before. */
export async function lookedSince(sql: Sql, deliveryId: DeliveryId, attempt: number): Promise<Date | null> {
  const [row] = await sql
    .select({ at: readiness.judgedAt })
    .from(readiness)
    .where(and(eq(readiness.deliveryId, deliveryId), eq(readiness.attempt, attempt)))
    .orderBy(asc(readiness.id))
    .limit(1);
  return row?.at ?? null;
}
