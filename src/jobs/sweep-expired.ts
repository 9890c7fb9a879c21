// Gates that were shown longer ago than approvals may be old (`approvals.ttl`): each is told to the machine, which shows it again.
import { and, asc, desc, eq, gt, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import { constraintSnapshots, deliveries } from "../db/schema.ts";
import { report } from "../delivery/inbox.ts";
import { loadDelivery } from "../delivery/store.ts";
import { subjectsOf } from "../delivery/transitions/showing.ts";
import { DeliveryId } from "../ids.ts";
import { type Clock, type Instant, instant, olderThan } from "../instant.ts";

/** Of one reading; all are read. */
const PAGE = 500;

const Seconds = z.coerce.number().int().positive();

/** The delivery's newest configuration, as text; null where approvals have no end. */
const ttlNow = sql<string | null>`(
  select ${constraintSnapshots.content} #>> '{config,approvals,ttl}' from ${constraintSnapshots}
  where ${eq(constraintSnapshots.deliveryId, deliveries.id)} order by ${desc(constraintSnapshots.version)} limit 1
)`;

export type ExpiryDeps = Readonly<{ db: Database; clock: Clock }>;

/** Each gate once a showing: the delivery's version is part of what the event is known by. */
export async function sweepExpired({ db, clock }: ExpiryDeps): Promise<void> {
  const at = instant(clock());
  for (let last = 0; ; ) {
    const open = await db.sql
      .select({ id: deliveries.id, ttl: ttlNow })
      .from(deliveries)
      .where(
        and(
          gt(deliveries.id, last),
          eq(deliveries.runStatus, "succeeded"),
          inArray(deliveries.phase, ["plan", "review", "deploy"]),
          sql`${deliveries.holds} = '[]'::jsonb`,
          sql`${ttlNow} is not null`,
        ),
      )
      .orderBy(asc(deliveries.id))
      .limit(PAGE);
    for (const { id, ttl } of open) {
      last = id;
      const seconds = Seconds.safeParse(ttl);
      if (seconds.success) await tellIfOld(db, DeliveryId.parse(id), seconds.data, at);
    }
    if (open.length < PAGE) return;
  }
}

async function tellIfOld(db: Database, id: DeliveryId, ttl: number, at: Instant): Promise<void> {
  const stored = await loadDelivery(db, id);
  if (stored === null) return;
  const { delivery } = stored;
  const isOld = subjectsOf(delivery).some(
    ({ subject, used }) => !used && subject.shown !== null && olderThan(subject.shown.at, ttl, at),
  );
  if (!isOld) return;
  await db.transaction((tx) =>
    report(tx, id, {
      event: { type: "gate_expired", ttl },
      actor: { kind: "system", id: "sweep" },
      at,
      dedupeKey: `gate_expired:${delivery.version}:${ttl}`,
    }),
  );
}
