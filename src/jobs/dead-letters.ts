// What becomes of a job that died for good: the machine ends it (M6), and a human is told.
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import { WORKS, type Work } from "../delivery/effect.ts";
import { report } from "../delivery/inbox.ts";
import { loadDelivery } from "../delivery/store.ts";
import { isShowing } from "../delivery/work.ts";
import type { DeliveryId } from "../ids.ts";
import { type Clock, instant } from "../instant.ts";
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
