// How long each state of a delivery may last by its configuration.
import type { Phase, RunStatus } from "../delivery/delivery.ts";
import { unreachable } from "../result.ts";
import type { Config } from "./schema.ts";

/** For the one phase that no configuration sets: long enough for the slowest, short enough that nothing is forgotten. */
const AN_HOUR = 3_600;

/** Seconds from entering the state, or null where nothing runs and no gate waits (failed, blocked, ended). */
export const deadlineSeconds = (config: Config, phase: Phase, runStatus: RunStatus): number | null => {
  if (runStatus === "failed" || runStatus === "blocked" || runStatus === "canceled") return null;
  if (runStatus === "succeeded") {
    return phase === "plan" || phase === "review" || phase === "deploy" ? config.deadlines.gate : null;
  }
  switch (phase) {
    case "intake":
    case "plan":
    case "implement":
    case "review":
    case "verify":
    case "deploy":
      return config.deadlines[phase];
    case "observe":
      return config.deadlines.observe + config.observe.window;
    case "close":
      return AN_HOUR;
    default:
      return unreachable(phase);
  }
};
