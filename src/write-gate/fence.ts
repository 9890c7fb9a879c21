// Read right before each call: whether the write is still wanted, and still approved. What was finished before stays.
import type { Sql } from "../db/database.ts";
import { loadDelivery } from "../delivery/store.ts";
import { allStand } from "./approval-rows.ts";
import type { PermitFacts } from "./authorize.ts";
import { WriteStop } from "./outcome.ts";
import { whyNotWanted } from "./write-case.ts";

/** Throws WriteStop. */
export const stillWanted = async (sql: Sql, facts: PermitFacts): Promise<void> => {
  const delivery = (await loadDelivery({ sql }, facts.deliveryId))?.delivery ?? null;
  const why = whyNotWanted(delivery, facts.attempt);
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
};
