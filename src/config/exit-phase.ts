// Where a delivery may end by configuration: only what works today, and a sentence for everything else.
import { z } from "zod";
import { PHASES } from "../delivery/delivery.ts";

export const AVAILABLE_EXITS = ["plan", "review", "verify"] as const;

const list = "plan, review or verify";

export const exitPhase = z.enum(AVAILABLE_EXITS, {
  error: ({ input }) => {
    if (input === "observe" || input === "deploy" || input === "close") {
      return `is not available yet: ${input}. A delivery can end at ${list}`;
    }
    const known = PHASES.find((phase) => phase === input);
    return known === undefined ? `must be ${list}` : `cannot be where a delivery ends: ${known}. It can end at ${list}`;
  },
});
