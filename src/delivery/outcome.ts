// What a delivery that is over or stuck is to a person: derived from its state, never stored. Pure.
import { unreachable } from "../result.ts";
import type { Delivery } from "./delivery.ts";

export const OUTCOMES = ["done", "needs_human", "blocked_policy", "failed", "canceled"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Null while it works or waits at a gate. */
export const outcomeOf = (d: Pick<Delivery, "phase" | "runStatus" | "reason">): Outcome | null => {
  switch (d.runStatus) {
    case "pending":
    case "running":
      return null;
    case "succeeded":
      if (d.phase !== "close") return null;
      return d.reason === "rolled_back" ? "failed" : "done";
    case "failed":
      // A pull request or a merge stands in the world: that is a person's to settle, not just a failure.
      return d.phase === "verify" || d.phase === "observe" ? "needs_human" : "failed";
    case "blocked":
      return d.reason === "policy" ? "blocked_policy" : "needs_human";
    case "canceled":
      return "canceled";
    default:
      return unreachable(d.runStatus);
  }
};
