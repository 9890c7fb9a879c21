// Read right before each call: whether the write is still wanted, still approved, and not frozen. What was finished before stays.
import type { Sql } from "../db/database.ts";
import { loadDelivery } from "../delivery/store.ts";
import { isFrozen } from "../freeze/standing.ts";
import { allStand } from "./approval-rows.ts";
import { refuse, WriteStop } from "./outcome.ts";
import type { PatchSetFacts, PermitFacts, ShipFacts } from "./permit-facts.ts";
import { whyNotWanted } from "./write-case.ts";

/** The last look of all. Where it cannot be read, the error is thrown on and no call is made. */
const notFrozen = async (sql: Sql, { deliveryId }: PermitFacts): Promise<void> => {
  if (await isFrozen(sql, deliveryId)) throw new WriteStop({ kind: "not_wanted", why: "frozen" });
};

/** Throws WriteStop. */
export const stillWanted = async (sql: Sql, facts: PatchSetFacts): Promise<void> => {
  const delivery = (await loadDelivery({ sql }, facts.deliveryId))?.delivery ?? null;
  const why = whyNotWanted(delivery, facts.attempt, "write");
  if (why !== null) throw new WriteStop({ kind: "not_wanted", why });
  const subject = delivery?.targets.find(({ repoId }) => repoId === facts.repoId)?.patchSet;
  if (subject?.id !== facts.subjectId || subject.digest !== facts.digest) {
    throw new WriteStop({ kind: "not_wanted", why: "superseded" });
  }
  const ids = [...facts.approvals.map(({ id }) => id), ...facts.restsOn];
  if (!subject.approved || !(await allStand(sql, ids))) {
    throw new WriteStop({
      kind: "approval_void",
      of: "patchset",
      repoId: facts.repoId,
      note: "an approval was voided during the write",
    });
  }
  await notFrozen(sql, facts);
};

/** Throws WriteStop. Of what was merged before the approval was lost, nothing is taken back. */
export const shipStillWanted = async (sql: Sql, facts: ShipFacts): Promise<void> => {
  const delivery = (await loadDelivery({ sql }, facts.deliveryId))?.delivery ?? null;
  const why = whyNotWanted(delivery, facts.attempt, "ship");
  if (why !== null) throw new WriteStop({ kind: "not_wanted", why });
  const subject = delivery?.ship ?? null;
  if (subject?.digest !== facts.ship.digest) throw new WriteStop({ kind: "not_wanted", why: "superseded" });
  const stands =
    subject.approved &&
    (await allStand(
      sql,
      facts.approvals.map(({ id }) => id),
    ));
  if (!stands) throw refuse("not_approved", facts.repoId, "an approval was voided during the merge");
  await notFrozen(sql, facts);
};
