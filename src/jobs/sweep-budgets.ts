// What comes back by itself: calls of dead workers are let go, and deliveries that waited for a new day go on.
import { and, asc, eq, lte } from "drizzle-orm";
import { releaseExpired } from "../agent/budget/reservations.ts";
import type { Database } from "../db/database.ts";
import { resourceWaits } from "../db/schema.ts";
import { report } from "../delivery/inbox.ts";
import { DeliveryId } from "../ids.ts";
import { type Clock, instant } from "../instant.ts";

export type BudgetSweepDeps = Readonly<{ db: Database; clock: Clock }>;

/** More than this waits for the next minute. */
const MOST = 500;

export async function sweepReservations({ db, clock }: BudgetSweepDeps): Promise<void> {
  await db.transaction((tx) => releaseExpired(tx, clock()));
}

/** Taking the wait away and telling the machine are one transaction. */
export async function sweepWaits({ db, clock }: BudgetSweepDeps): Promise<void> {
  const now = clock();
  const due = await db.sql
    .select({ id: resourceWaits.deliveryId, attempt: resourceWaits.attempt })
    .from(resourceWaits)
    .where(lte(resourceWaits.dueAt, now))
    .orderBy(asc(resourceWaits.dueAt))
    .limit(MOST);
  for (const { id, attempt } of due) {
    await db.transaction(async (tx) => {
      const [taken] = await tx.sql
        .delete(resourceWaits)
        .where(and(eq(resourceWaits.deliveryId, id), eq(resourceWaits.attempt, attempt)))
        .returning({ resource: resourceWaits.resource });
      if (taken === undefined) return;
      const resource = taken.resource === "endpoint" ? "endpoint" : "budget";
      await report(tx, DeliveryId.parse(id), {
        event: { type: "resource_back", attempt, resource },
        actor: { kind: "system", id: "sweep" },
        at: instant(now),
        dedupeKey: `resource_back:${resource}:${attempt}`,
      });
    });
  }
}
