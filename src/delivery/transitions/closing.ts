// The ends: the result is published, the source is gone, and what may still happen to a delivery that is over.
import { type Delivery, isTerminal } from "../delivery.ts";
import type { EventOf, MachineEvent } from "../event.ts";
import { workIn } from "../work.ts";
import { headRestored, headUnapproved, pullMerged } from "./pulls.ts";
import { begin, fail, move, note, type Ruling, redraw, stale } from "./ruling.ts";

export const isReverted = (d: Delivery): boolean => d.targets.some(({ landed }) => landed === "reverted");

export const closePublished = (d: Delivery): Ruling =>
  workIn(d) === "close" ? move({ ...d, runStatus: "succeeded", reason: isReverted(d) ? "rolled_back" : null }) : stale;

/** Nobody is left to tell, and nothing to write to. */
export const sourceGone = (d: Delivery): Ruling => move({ ...d, runStatus: "canceled", reason: "source_gone" });

/** The child delivery that undoes the merge is done. */
export const rolledBack = (d: Delivery): Ruling => {
  const over = isTerminal(d);
  if (!over && d.reason !== "rolling_back") return stale;
  if (!d.targets.some(({ landed }) => landed === "merged")) return stale;
  const targets = d.targets.map((target) =>
    target.landed === "merged" ? { ...target, landed: "reverted" as const } : target,
  );
  return move(over ? { ...d, targets, reason: "rolled_back" } : begin({ ...d, targets }, "close"));
};

/** People decide again: another rollback, another look, or the end. */
export const rollbackEnded = (d: Delivery): Ruling => {
  if (isTerminal(d)) return d.reason === null ? note(redraw) : stale;
  return d.reason === "rolling_back" ? move(fail(d, "rollback_ended")) : stale;
};

/** A terminal state is never left (M10); only what became of its pull requests is still written down. */
export const afterTheEnd = (d: Delivery, event: Exclude<MachineEvent, EventOf<"command">>): Ruling => {
  if (d.runStatus === "canceled") return stale;
  if (event.type === "pull_merged") return pullMerged(d, event);
  if (event.type === "head_unapproved") return headUnapproved(d, event);
  if (event.type === "head_restored") return headRestored(d, event);
  if (event.type === "rollback_ended") return rollbackEnded(d);
  return event.type === "rolled_back" ? rolledBack(d) : stale;
};
