// Which work belongs to a state. Nothing else decides that: effects, fences and repairs all ask here. Pure.
import { unreachable } from "../result.ts";
import type { Delivery, Target } from "./delivery.ts";
import type { Work } from "./effect.ts";

export const isUnderWay = (d: Pick<Delivery, "runStatus">): boolean =>
  d.runStatus === "pending" || d.runStatus === "running";

/** Whether an approved patch set is not yet in its repository. */
export const isUnwritten = ({ patchSet }: Target): boolean => patchSet !== null && !patchSet.written;

/** A rollback needs no plan as long as what undoes the merge can be computed. */
export const isUndoing = (d: Pick<Delivery, "undoes" | "plan">): boolean => d.undoes !== undefined && d.plan === null;

/** The work of the state as such, also while a hold stops it. */
export const workIn = (d: Delivery): Work | null => {
  if (!isUnderWay(d)) return null;
  switch (d.phase) {
    case "intake":
      return "triage";
    case "plan":
      return d.plan === null ? "plan" : null;
    case "implement":
      return isUndoing(d) ? "revert" : "propose";
    case "review":
      return null;
    case "verify":
      // A retry never writes again: what is written is only watched.
      return d.runStatus === "pending" && d.targets.some(isUnwritten) ? "write" : "watch";
    case "deploy":
      return d.ship === null ? "assess" : null;
    case "observe":
      // A human's merge and a new window leave nothing to ship.
      return d.runStatus === "pending" && d.ship !== null && !d.ship.shipped ? "ship" : "observe";
    case "close":
      return "close";
    default:
      return unreachable(d.phase);
  }
};

/** The work to do now; null where none belongs to the state or a hold stands (M0). */
export const workOf = (d: Delivery): Work | null => (d.holds.length > 0 ? null : workIn(d));

/**
 * Whether all that is missing is `gate_published`: the content is made, and its comments and checks are being put up.
 * Only then is a publisher that died for good the end of the attempt (`effect_dead`).
 */
export const isShowing = (d: Delivery): boolean => {
  if (!isUnderWay(d)) return false;
  if (d.phase === "review") return true;
  return (d.phase === "plan" && d.plan !== null) || (d.phase === "deploy" && d.ship !== null);
};
