// Once a minute: what time has made due, and what a lost job left lying. Everything here may run twice.
import { and, asc, eq, gt, inArray, isNull, lt, lte, sql } from "drizzle-orm";
import { sweepBlobs } from "../context/sweep-blobs.ts";
import type { CrashPoint } from "../crash-points.ts";
import type { Database, Tx } from "../db/database.ts";
import { deliveries, inbox, webhooks } from "../db/schema.ts";
import { WORKS, type Work } from "../delivery/effect.ts";
import { report } from "../delivery/inbox.ts";
import { loadDelivery } from "../delivery/store.ts";
import { isShowing, workOf } from "../delivery/work.ts";
import { DeliveryId } from "../ids.ts";
import { type Clock, instant, olderThan } from "../instant.ts";
import { lastLook } from "../webhooks/missed/look.ts";
import type { JobData } from "./catalogue.ts";
import type { Handler } from "./handler.ts";
import type { Queue } from "./queue.ts";
import { keyOf } from "./queueing.ts";
import { sweepEndpoints, sweepReservations, sweepWaits } from "./sweep-budgets.ts";
import { sweepExpired } from "./sweep-expired.ts";
import { sweepControlIssues, sweepFreezes } from "./sweep-freezes.ts";
import { sweepLooks } from "./sweep-looks.ts";

export type SweepDeps = Readonly<{ db: Database; queue: Pick<Queue, "alive">; clock: Clock; crash: CrashPoint }>;

/** More than this waits for the next minute. */
const MOST = 500;

/** A job of a state that was entered longer ago than this should be in the queue; a webhook should be understood. */
const LOST_AFTER_MS = 60_000;

/** One request a look. What is missed is late by this at most. */
const LOOK_SECONDS = 300;

const PARTS = [
  sweepDeadlines,
  sweepReminders,
  sweepExpired,
  sweepFreezes,
  sweepControlIssues,
  sweepReservations,
  sweepEndpoints,
  sweepWaits,
  sweepWebhooks,
  sweepMissed,
  sweepLooks,
  sweepInboxes,
  sweepWork,
  sweepBlobs,
] as const;

export const sweepJob =
  (deps: SweepDeps): Handler<"sweep"> =>
  async (_data, { signal }) => {
    for (const part of PARTS) {
      signal.throwIfAborted();
      await deps.crash(`sweep.before.${part.name}`);
      await part(deps);
    }
  };

/** Rule M9: each deadline becomes one event. Taking it off the row and reporting it are one transaction. */
async function sweepDeadlines({ db, clock }: SweepDeps): Promise<void> {
  const now = clock();
  const due = await db.sql
    .select({ id: deliveries.id, attempt: deliveries.attempt, version: deliveries.version, at: deliveries.deadlineAt })
    .from(deliveries)
    .where(lte(deliveries.deadlineAt, now))
    .orderBy(asc(deliveries.deadlineAt))
    .limit(MOST);
  for (const { id, attempt, version, at } of due) {
    await db.transaction(async (tx) => {
      const taken = await tx.sql
        .update(deliveries)
        .set({ deadlineAt: null })
        .where(and(eq(deliveries.id, id), eq(deliveries.version, version), lte(deliveries.deadlineAt, now)))
        .returning({ id: deliveries.id });
      if (taken.length === 0) return;
      await report(tx, DeliveryId.parse(id), {
        event: { type: "deadline", attempt },
        actor: { kind: "system", id: "deadline" },
        at: instant(now),
        dedupeKey: `deadline:${version}:${at?.toISOString()}`,
      });
    });
  }
}

/** At half of a gate's deadline the thread is drawn anew, with the reminder in it. */
async function sweepReminders({ db, clock }: SweepDeps): Promise<void> {
  const now = clock();
  const half = sql`${deliveries.deadlineAt} - ${deliveries.deadlineSeconds} / 2 * interval '1 second'`;
  const isDue = and(
    eq(deliveries.runStatus, "succeeded"),
    inArray(deliveries.phase, ["plan", "review", "deploy"]),
    isNull(deliveries.remindedAt),
    lte(half, sql`${now.toISOString()}::timestamptz`),
  );
  const due = await db.sql.select({ id: deliveries.id }).from(deliveries).where(isDue).limit(MOST);
  for (const { id } of due) {
    await db.transaction(async (tx) => {
      const reminded = await tx.sql
        .update(deliveries)
        .set({ remindedAt: now })
        .where(and(eq(deliveries.id, id), isDue))
        .returning({ id: deliveries.id });
      if (reminded.length > 0) await tx.enqueue("publish", { deliveryId: DeliveryId.parse(id) });
    });
  }
}

async function sweepWebhooks({ db, clock }: SweepDeps): Promise<void> {
  const lost = await db.sql
    .select({ guid: webhooks.guid })
    .from(webhooks)
    .where(and(isNull(webhooks.processedAt), lt(webhooks.receivedAt, lostBefore(clock))))
    .orderBy(asc(webhooks.receivedAt))
    .limit(MOST);
  for (const { guid } of lost) await db.transaction((tx) => tx.enqueue("intake", { guid }));
}

/** GitHub's own record is looked at every few minutes, and at each start. */
async function sweepMissed({ db, clock }: SweepDeps): Promise<void> {
  const last = await lastLook(db.sql);
  if (last !== null && !olderThan(last.lookedAt, LOOK_SECONDS, instant(clock()))) return;
  await db.transaction((tx) => tx.enqueue("recover", {}));
}

async function sweepInboxes({ db }: SweepDeps): Promise<void> {
  const waiting = await db.sql
    .selectDistinct({ id: inbox.deliveryId })
    .from(inbox)
    .where(isNull(inbox.appliedAt))
    .limit(MOST);
  for (const { id } of waiting) {
    await db.transaction((tx) => tx.enqueue("advance", { deliveryId: DeliveryId.parse(id) }));
  }
}

/** Deliveries that should be at work and are not: their job was lost, or was called done and brought no result. */
async function sweepWork(deps: SweepDeps): Promise<void> {
  const { db, queue, clock } = deps;
  const alive = await queue.alive([...WORKS, "publish"]);
  for (let last = 0; ; ) {
    const page = await db.sql
      .select({ id: deliveries.id })
      .from(deliveries)
      .where(
        and(
          gt(deliveries.id, last),
          inArray(deliveries.runStatus, ["pending", "running"]),
          lt(deliveries.changedAt, lostBefore(clock)),
        ),
      )
      .orderBy(asc(deliveries.id))
      .limit(MOST);
    for (const { id } of page) {
      last = id;
      const deliveryId = DeliveryId.parse(id);
      if ((await missingJob(db, deliveryId, alive)) === null) continue;
      await db.transaction(async (tx) => {
        const missing = await missingJob(tx, deliveryId, alive);
        if (missing !== null) await missing.enqueue(tx);
      });
    }
    if (page.length < MOST) return;
  }
}

type Missing = Readonly<{ enqueue: (tx: Tx) => Promise<void> }>;

async function missingJob(
  db: Pick<Tx, "sql">,
  deliveryId: DeliveryId,
  alive: ReadonlySet<string>,
): Promise<Missing | null> {
  const stored = await loadDelivery(db, deliveryId);
  if (stored === null || (await hasNews(db, deliveryId))) return null;
  const { delivery } = stored;
  const work = workOf(delivery);
  const missing = <N extends Work | "publish">(name: N, data: JobData<N>): Missing | null =>
    alive.has(`${name} ${keyOf(name, data)}`) ? null : { enqueue: (tx) => tx.enqueue(name, data) };
  if (work !== null) return missing(work, { deliveryId, attempt: delivery.attempt });
  return delivery.holds.length === 0 && isShowing(delivery) ? missing("publish", { deliveryId }) : null;
}

/** What waits in the inbox may be the very result that is missed. */
async function hasNews(db: Pick<Tx, "sql">, deliveryId: DeliveryId): Promise<boolean> {
  const [row] = await db.sql
    .select({ id: inbox.id })
    .from(inbox)
    .where(and(eq(inbox.deliveryId, deliveryId), isNull(inbox.appliedAt)))
    .limit(1);
  return row !== undefined;
}

const lostBefore = (clock: Clock): Date => new Date(clock().getTime() - LOST_AFTER_MS);
