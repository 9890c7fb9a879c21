// Makes GitHub show what is: drives every publication of a delivery to its desired state, and reports a gate that is wholly shown.

import type { DeliveryId } from "../ids.ts";
import { type ClosedPlaces, closedPlaces } from "./closed-places.ts";
import type { DeliveryView } from "./delivery-view.ts";
import { type Desk, openDesk, type PublishDeps, type Put } from "./desk.ts";
import { openGate, type Proofs, unshown } from "./open-gate.ts";
import { type Missing, type Publication, publicationsOf } from "./publications.ts";
import { hashOfCheck, putCheck } from "./put-check.ts";
import { isPut, putComment } from "./put-comment.ts";
import { putLabel, putReaction } from "./put-mark.ts";
import { loadView } from "./view.ts";

export type { PublishDeps } from "./desk.ts";

/** `later`: not everything stands yet, and before so many seconds it cannot. */
export type Published = Readonly<{ kind: "all" } | { kind: "later"; seconds: number }>;

/** How long a permission that is missing is waited for before it is tried again. */
const PERMISSION_SECONDS = 600;

/** More turns than any delivery has publications: a text that changes with every drawing is a fault, not a loop. */
const MOST_TURNS = 300;

const ALL: Published = { kind: "all" };

/** Killed anywhere and run again, it leaves one of each. Two at once for one delivery are kept apart by the queue. */
export async function publish(deps: PublishDeps, deliveryId: DeliveryId, signal: AbortSignal): Promise<Published> {
  await deps.crash("publish.before.load");
  const view = await loadView(deps.db.sql, deliveryId);
  if (view === null) return ALL;
  // Where nothing can be said, it is drawn again when that is over.
  const closed = await closedPlaces(deps.db.sql, view);
  if (closed.issue) return ALL;
  const desk = await openDesk(deps, view, signal);
  const proofs: Proofs = new Map();
  const missing = { checks: false };
  const refused = new Set<string>();

  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const seen = remembered(view, desk);
    const wanted = publicationsOf(seen, deps.place, missing);
    const next = wanted.find(
      (one) => !refused.has(one.key) && !isIn(closed, one) && !isSettled(desk, seen, one, proofs, missing),
    );
    if (next === undefined) {
      if (missing.checks) return { kind: "later", seconds: PERMISSION_SECONDS };
      await openGate(desk, seen, wanted, proofs);
      return ALL;
    }
    const put = await putOne(desk, next, needOf(seen, next));
    if (put.kind === "later") return put;
    if (put.kind === "forbidden") {
      if (next.kind === "check_run") missing.checks = true;
      else refused.add(next.key);
    } else {
      proofs.delete(next.key);
      proofs.set(next.key, put);
    }
  }
  throw new Error("the desired state of a delivery does not come to rest");
}

const isIn = ({ others }: ClosedPlaces, one: Publication): boolean => others.has(one.repoId);

/** The view with what has been published since it was loaded, so that one comment can link to another. */
const remembered = (view: DeliveryView, desk: Desk): DeliveryView => ({
  ...view,
  published: [...desk.rows.values()].map(({ key, remoteId, url }) => ({ key, id: remoteId, url })),
});

/** A part of a gate that is about to be opened must have been seen in this very run. */
const needOf = (view: DeliveryView, one: Publication): "memory" | "proof" =>
  (one.kind === "comment" || one.kind === "check_run") &&
  one.shows !== null &&
  unshown(view).some(({ subject }) => subject.digest === one.shows?.digest)
    ? "proof"
    : "memory";

const isSettled = (desk: Desk, view: DeliveryView, one: Publication, proofs: Proofs, missing: Missing): boolean => {
  const row = desk.rows.get(one.key);
  switch (one.kind) {
    case "comment":
      if (row === undefined && !one.makes) return true;
      if (needOf(view, one) === "proof" && !proofs.has(one.key)) return false;
      return isPut(desk, one);
    case "check_run":
      if (missing.checks || (row === undefined && !one.makes)) return true;
      if (needOf(view, one) === "proof" && !proofs.has(one.key)) return false;
      return row !== undefined && row.remoteId !== null && row.bodyHash === hashOfCheck(one);
    case "reaction":
      return row !== undefined && row.publishedAt !== null;
    case "label":
      return one.wanted ? row !== undefined && row.publishedAt !== null : row === undefined;
  }
};

const putOne = async (desk: Desk, one: Publication, need: "memory" | "proof"): Promise<Put> => {
  switch (one.kind) {
    case "comment":
      return putComment(desk, one, need);
    case "check_run":
      return putCheck(desk, one);
    case "reaction":
      return putReaction(desk, one);
    case "label":
      return putLabel(desk, one);
  }
};
