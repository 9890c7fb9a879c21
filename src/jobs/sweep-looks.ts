// What is to be compared with GitHub again, because nobody can be sure that it told of everything.

import { lookFrom } from "../webhooks/missed/missed.ts";
import { dueDeliveries, dueRepositories, meetRepositories } from "../webhooks/reconcile/due.ts";
import { keyOf } from "./queueing.ts";
import type { SweepDeps } from "./sweep.ts";

export async function sweepLooks({ db, queue, clock }: SweepDeps): Promise<void> {
  const now = clock();
  await meetRepositories(db.sql, now, lookFrom(null, now));
  // One that is tried again already is not asked for twice.
  const alive = await queue.alive(["reconcile", "find_labeled"]);
  for (const deliveryId of await dueDeliveries(db.sql, now)) {
    if (alive.has(`reconcile ${keyOf("reconcile", { deliveryId })}`)) continue;
    await db.transaction((tx) => tx.enqueue("reconcile", { deliveryId }));
  }
  for (const repoId of await dueRepositories(db.sql, now)) {
    if (alive.has(`find_labeled ${keyOf("find_labeled", { repoId })}`)) continue;
    await db.transaction((tx) => tx.enqueue("find_labeled", { repoId }));
  }
}
