// What becomes of a job that died for good: the machine ends it (M6), and a human is told.
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import { WORKS, type Work } from "../delivery/effect.ts";
import { report } from "../delivery/inbox.ts";
import { loadDelivery } from "../delivery/store.ts";
import { isShowing } from "../delivery/work.ts";
import type { DeliveryId } from "../ids.ts";
import { type Clock, instant } from "../instant.ts";
import { keepUnsettled } from "../webhooks/reconcile/look-rows.ts";
import { JOB_DATA } from "./catalogue.ts";
import type { DeadLetter, Fault } from "./queue.ts";

export type DeadLetterDeps = Readonly<{ db: Database; clock: Clock; crash: CrashPoint; fault: Fault }>;

/** The machine takes no longer notes. */
const NOTE_LENGTH = 500;

const isWork = (job: string): job is Work => WORKS.some((work) => work === job);

export const deadLetters =
  (deps: DeadLetterDeps) =>
  async (letter: DeadLetter): Promise<void> => {
    const { job, data, tries, error } = letter;
    deps.fault("job dead", { queue: job, tries, error, data });
    await deps.crash("dead_letters.before.report");
    if (isWork(job)) {
      const fenced = JOB_DATA[job].safeParse(data);
      if (fenced.success) await reportDead(deps, letter, fenced.data);
    } else if (job === "publish") {
      await publisherDied(deps, letter);
    } else if (job === "rollback") {
      await rollbackDied(deps, letter);
    } else if (job === "reconcile") {
      await reconcilerDied(deps, letter);
    }
    // advance, intake and sweep come back with the next sweep; an answer that cannot be given is only logged.
    await deps.crash("dead_letters.after.report");
  };

/** While all that a gate lacks is to be shown, a publisher that died is the end of the attempt. Else the next one mends it. */
async function publisherDied(deps: DeadLetterDeps, letter: DeadLetter): Promise<void> {
  const parsed = JOB_DATA.publish.safeParse(letter.data);
  if (!parsed.success) return;
  const { deliveryId } = parsed.data;
  const stored = await loadDelivery(deps.db, deliveryId);
  if (stored === null || !isShowing(stored.delivery)) return;
  await reportDead(deps, letter, { deliveryId, attempt: stored.delivery.attempt });
}

/** It is tried again with the next look; until then people know that what they read may be out of date. */
async function reconcilerDied({ db, clock }: DeadLetterDeps, { data }: DeadLetter): Promise<void> {
  const parsed = JOB_DATA.reconcile.safeParse(data);
  if (!parsed.success || (await loadDelivery(db, parsed.data.deliveryId)) === null) return;
  const { deliveryId } = parsed.data;
  await db.transaction(async (tx) => {
    if (await keepUnsettled(tx, deliveryId, clock())) await tx.enqueue("publish", { deliveryId });
  });
}

/** Nothing was begun, so people can ask again. */
async function rollbackDied({ db, clock }: DeadLetterDeps, { data, tries, error }: DeadLetter): Promise<void> {
  const parsed = JOB_DATA.rollback.safeParse(data);
  if (!parsed.success) return;
  const { deliveryId, commandId } = parsed.data;
  const note = `It could not be begun. Last of ${tries} tries: ${error}`.slice(0, NOTE_LENGTH);
  await db.transaction((tx) =>
    report(tx, deliveryId, {
      event: { type: "rollback_ended", note },
      actor: { kind: "system", id: "rollback" },
      at: instant(clock()),
      dedupeKey: `rollback:dead:${commandId}`,
    }),
  );
}

async function reportDead(
  deps: DeadLetterDeps,
  { job, tries, error }: DeadLetter,
  { deliveryId, attempt }: Readonly<{ deliveryId: DeliveryId; attempt: number }>,
): Promise<void> {
  if ((await loadDelivery(deps.db, deliveryId)) === null) return;
  await deps.db.transaction((tx) =>
    report(tx, deliveryId, {
      event: { type: "effect_dead", attempt, note: `Last of ${tries} tries: ${error}`.slice(0, NOTE_LENGTH) },
      actor: { kind: "system", id: job },
      at: instant(deps.clock()),
      dedupeKey: `work:${job}:${attempt}:effect_dead`,
    }),
  );
}
