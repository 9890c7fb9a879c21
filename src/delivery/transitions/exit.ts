// Rule M3: where a delivery goes when a phase is passed, and how its exit may be brought nearer.
import { type Delivery, EXIT_PHASES, type ExitPhase, PHASES } from "../delivery.ts";
import type { AskOf, EventOf } from "../event.ts";
import { g3 } from "../gates/g3.ts";
import { isUnwritten } from "../work.ts";
import { begin, move, type Ruling, refuse, stale, type Verdict } from "./ruling.ts";

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

const isNearer = (d: Delivery, to: ExitPhase): boolean => EXIT_PHASES.indexOf(to) < EXIT_PHASES.indexOf(d.exitPhase);

const isPassed = (d: Delivery, phase: ExitPhase): boolean => PHASES.indexOf(phase) < PHASES.indexOf(d.phase);

/** What is never written undoes no merge, and its parent would wait for it without an end. */
const isTooEarly = ({ undoes }: Delivery, to: ExitPhase): boolean =>
  undoes !== undefined && (to === "plan" || to === "review");

/** By a label: what it cannot shorten any more it leaves as it is. */
export const exitShortened = (d: Delivery, { exitPhase }: EventOf<"exit_shortened">): Ruling =>
  isNearer(d, exitPhase) && !isPassed(d, exitPhase) && !isTooEarly(d, exitPhase) ? move({ ...d, exitPhase }) : stale;

/** By command. Going further than what was agreed at the label needs a new delivery: it is never put off. */
export const exitAsked = (d: Delivery, { exitPhase }: AskOf<"exit">): Verdict => {
  if (!isNearer(d, exitPhase)) return refuse({ code: "exit_not_nearer", exitPhase: d.exitPhase });
  if (isPassed(d, exitPhase)) return refuse({ code: "exit_passed", exitPhase });
  if (isTooEarly(d, exitPhase)) return refuse({ code: "exit_undoes_nothing", exitPhase });
  return move({ ...d, exitPhase });
};
