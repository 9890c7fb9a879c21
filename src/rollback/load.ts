// What a rollback is told of the delivery that it undoes.
import type { Sql } from "../db/database.ts";
import type { Delivery, Target, Written } from "../delivery/delivery.ts";
import { loadDelivery } from "../delivery/store.ts";
import { type DeliveryId, deliveryName, type RepoId } from "../ids.ts";
import { approvedWords } from "../verify/approved-words.ts";

export type MergedTarget = Target & Readonly<{ written: Written }>;

export type Undoing = Readonly<{
  parent: DeliveryId;
  /** In the order in which they are undone: the last that was merged first. */
  merged: readonly MergedTarget[];
  /** Those of its pull requests, as they were approved. */
  titles: ReadonlyMap<RepoId, string>;
}>;

const isMerged = (target: Target): target is MergedTarget => target.landed === "merged" && target.written !== null;

export async function loadUndoing(sql: Sql, { id, undoes }: Delivery): Promise<Undoing> {
  const stored = undoes === undefined ? null : await loadDelivery({ sql }, undoes);
  if (undoes === undefined || stored === null) throw new Error(`${deliveryName(id)} undoes nothing`);
  const merged = stored.delivery.targets.filter(isMerged).toReversed();
  const titles = new Map<RepoId, string>();
  for (const { repoId } of merged) {
    const words = await approvedWords(sql, undoes, repoId);
    if (words !== null) titles.set(repoId, words.pullTitle);
  }
  return { parent: undoes, merged, titles };
}
