// Part of the sweep: deliveries and labels whose hold is not what the freezes say are brought in line.
import { noticeStale } from "../control/notice.ts";
import type { Database } from "../db/database.ts";
import { loadDelivery } from "../delivery/store.ts";
import { followFreezes, resumeTriggers } from "../freeze/follow.ts";
import { outOfLine } from "../freeze/standing.ts";
import type { Clock } from "../instant.ts";

/** More than this waits for the next minute. */
const MOST = 200;

/** Control issues that nobody had a reason to draw for an hour. */
export async function sweepControlIssues({ db, clock }: Readonly<{ db: Database; clock: Clock }>): Promise<void> {
  await db.transaction((tx) => noticeStale(tx, clock(), MOST));
}

/** Whoever freezes or lifts tells all of them at once; this finds what changed its place between two of those. */
export async function sweepFreezes({ db, clock }: Readonly<{ db: Database; clock: Clock }>): Promise<void> {
  for (const id of await outOfLine(db.sql, MOST)) {
    await db.transaction(async (tx) => {
      const version = (await loadDelivery(tx, id))?.delivery.version ?? 0;
      const because = { actor: { kind: "system", id: "sweep" } as const, at: clock(), key: `swept:${version}` };
      await followFreezes(tx, [id], because);
    });
  }
  await db.transaction((tx) => resumeTriggers(tx, MOST));
}
