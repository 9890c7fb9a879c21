// Where a delivery may end by configuration, and a sentence for everything else. Pure.
import { z } from "zod";
import { EXIT_PHASES, type ExitPhase, PHASES } from "../delivery/delivery.ts";

/** From the nearest to the farthest. */
export const AVAILABLE_EXITS = ["plan", "review", "verify", "deploy", "observe", "close"] as const;
type ConfiguredExit = (typeof AVAILABLE_EXITS)[number];

const list = "plan, review, verify, deploy, observe or close";

export const exitPhase = z.enum(AVAILABLE_EXITS, {
  error: ({ input }) => {
    const known = PHASES.find((phase) => phase === input);
    return known === undefined ? `must be ${list}` : `cannot be where a delivery ends: ${known}. It can end at ${list}`;
  },
});

/** The exit that a person types, in any case; null where a delivery cannot end there. */
export const exitOf = (word: string): ExitPhase | null =>
  EXIT_PHASES.find((exit) => exit === word.toLowerCase()) ?? null;

/** Rule M3: to end at `deploy` is to observe for no time at all. */
export const endOf = (configured: ConfiguredExit): ExitPhase => (configured === "deploy" ? "observe" : configured);

/** Whether a delivery that ends there merges, or leaves that to people. */
export const merges = (configured: ConfiguredExit): boolean =>
  AVAILABLE_EXITS.indexOf(configured) >= AVAILABLE_EXITS.indexOf("deploy");
