// Who approves what: each gate has the people of `approvers`, or people of its own. Pure.
import type { Phase } from "../delivery/delivery.ts";
import { unreachable } from "../result.ts";
import type { Approvers } from "./approvers.ts";
import type { Config } from "./schema.ts";

export const GATES = ["plan", "review", "deploy"] as const;
export type Gate = (typeof GATES)[number];

/** The gate that waits in a phase, or would. A pull request's head, also one that outlives the delivery, is approved as patches are. */
export const gateOf = (phase: Phase): Gate => {
  switch (phase) {
    case "intake":
    case "plan":
      return "plan";
    case "implement":
    case "review":
    case "verify":
    case "close":
      return "review";
    case "deploy":
    case "observe":
      return "deploy";
    default:
      return unreachable(phase);
  }
};

/** Null: whoever has the role maintain or admin. */
export const approversOf = (config: Pick<Config, "approvers" | "gate_approvers">, gate: Gate): Approvers | null =>
  config.gate_approvers[gate] ?? config.approvers;
