// What comes back by itself: calls of dead workers are let go, deliveries that waited for a new day or an endpoint go on.
import { and, asc, eq, isNull, lt, lte, ne, or } from "drizzle-orm";
import { releaseExpired } from "../agent/budget/reservations.ts";
import type { Database } from "../db/database.ts";
import { endpoints, resourceWaits } from "../db/schema.ts";
import { report } from "../delivery/inbox.ts";
import { DeliveryId } from "../ids.ts";
import { type Clock, instant } from "../instant.ts";

export type BudgetSweepDeps = Readonly<{ db: Database; clock: Clock }>;

/** More than this waits for the next minute. */
const MOST = 500;

export async function sweepReservations({ db, clock }: BudgetSweepDeps): Promise<void> {
  await db.transaction((tx) => releaseExpired(tx, clock()));
}

/** A delivery that was sent to probe and did not call by then has other things to do; another one is sent. */
const INVITATION_MS = 300_000;

/** Of those that wait for an endpoint whose pause is over, the one that waits longest goes on: its next call is the probe. */
export async function sweepEndpoints({ db, clock }: BudgetSweepDeps): Promise<void> {
  const now = clock();
  const forgotten = new Date(now.getTime() - INVITATION_MS);
  const isDue = and(
    ne(endpoints.state, "closed"),
    lte(endpoints.until, now),
    or(isNull(endpoints.invitedAt), lt(endpoints.invitedAt, endpoints.until), lt(endpoints.invitedAt, forgotten)),
  );
  const due = await db.sql.select({ endpoint: endpoints.endpoint }).from(endpoints).where(isDue).limit(MOST);
  for (const { endpoint } of due) {
    await db.transaction(async (tx) => {
      const [first] = await tx.sql
        .select({ id: resourceWaits.deliveryId })
        .from(resourceWaits)
        .where(and(eq(resourceWaits.endpoint, endpoint), isNull(resourceWaits.dueAt)))
        .orderBy(asc(resourceWaits.since))
        .limit(1);
      if (first === undefined) return;
      const invited = await tx.sql
        .update(endpoints)
        .set({ invitedAt: now })
        .where(and(eq(endpoints.endpoint, endpoint), isDue))
        .returning({ endpoint: endpoints.endpoint });
      if (invited.length === 0) return;
      await tx.sql.update(resourceWaits).set({ dueAt: now }).where(eq(resourceWaits.deliveryId, first.id));
    });
  }
}

/** Taking the wait away and telling the machine are one transaction. */
export async function sweepWaits({ db, clock }: BudgetSweepDeps): Promise<void> {
  const now = clock();
  const due = await db.sql
    .select({ id: resourceWaits.deliveryId, attempt: resourceWaits.attempt })
    .from(resourceWaits)
    .leftJoin(endpoints, eq(endpoints.endpoint, resourceWaits.endpoint))
    .where(or(lte(resourceWaits.dueAt, now), eq(endpoints.state, "closed")))
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
