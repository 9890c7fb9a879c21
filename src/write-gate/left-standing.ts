// What stands in each repository after a use of the WriteGate, so that people can be told of all of them.
import type { Database } from "../db/database.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { PullNumber, RepoId } from "../ids.ts";
import { readReceipts } from "./receipts.ts";
import type { WriteCase } from "./write-case.ts";
import { writeIdOf } from "./write-id.ts";

export type LeftStanding = Readonly<{
  repoId: RepoId;
  /** owner/name */
  name: string;
  /** Our branch holds the approved commit. */
  pushed: boolean;
  /** Null while it is not opened. */
  pullRequest: PullNumber | null;
}>;

type Target = Delivery["targets"][number];

const standingOf = async (db: Database, { written, patchSet }: Target) => {
  if (patchSet === null || patchSet.written) return { pushed: written !== null, pullRequest: written?.pullRequest };
  const receipts = await readReceipts(db, writeIdOf("patchset", patchSet.id, patchSet.digest));
  return { pushed: receipts !== null && receipts.branchAt !== null, pullRequest: receipts?.pullNumber };
};

/** Every repository with something to write, or written, in the declared order. */
export const leftStanding = async (
  db: Database,
  { delivery, places }: Pick<WriteCase, "delivery" | "places">,
): Promise<readonly LeftStanding[]> => {
  const all: LeftStanding[] = [];
  for (const target of delivery.targets) {
    const place = places.get(target.repoId);
    if (place === undefined || (target.patchSet === null && target.written === null)) continue;
    const { pushed, pullRequest = null } = await standingOf(db, target);
    all.push({ repoId: target.repoId, name: place.name, pushed, pullRequest });
  }
  return all;
};
