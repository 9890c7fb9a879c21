// Rule M3: where a delivery goes when a phase is passed, and how its exit may be brought nearer.
import { type Delivery, EXIT_PHASES, type ExitPhase, PHASES } from "../delivery.ts";
import type { EventOf } from "../event.ts";
import { g3 } from "../gates/g3.ts";
import { isUnwritten } from "../work.ts";
import { begin, move, type Ruling, stale } from "./ruling.ts";

const endsAt = (d: Delivery, phase: ExitPhase): boolean => d.exitPhase === phase;

/** A plan that was asked for again at the write (M5) finds what was made of it in its place. */
export const leavePlan = (d: Delivery): Delivery => {
  if (endsAt(d, "plan")) return begin(d, "close");
  if (!d.targets.some(isUnwritten)) return begin(d, "implement");
  return g3(d.targets).passed ? leaveReview(d) : begin(d, "review");
};

export const leaveReview = (d: Delivery): Delivery => begin(d, endsAt(d, "review") ? "close" : "verify");

export const leaveVerify = (d: Delivery): Delivery => begin(d, endsAt(d, "verify") ? "close" : "deploy");

/** A human did what verify and deploy lead to; only a delivery that is to be observed goes on. */
export const leaveByMerge = (d: Delivery): Delivery =>
  endsAt(d, "observe") || endsAt(d, "close") ? begin(d, "observe", "running") : begin(d, "close");

export const exitShortened = (d: Delivery, { exitPhase }: EventOf<"exit_shortened">): Ruling => {
  const nearer = EXIT_PHASES.indexOf(exitPhase) < EXIT_PHASES.indexOf(d.exitPhase);
  const passed = PHASES.indexOf(exitPhase) < PHASES.indexOf(d.phase);
  return nearer && !passed ? move({ ...d, exitPhase }) : stale;
};
