// Rule M9: when a state's time is up, and how that stands still while a hold stands. Pure.
import type { Delivery, Phase, RunStatus } from "./delivery.ts";

/**
 * `deadlineAt` is null while nothing is due or a hold stands; then `deadlineLeftSeconds` says what was left.
 * Half of `deadlineSeconds` before `deadlineAt` a gate reminds, once: `remindedAt`.
 */
export type DeadlineColumns = Readonly<{
  deadlineAt: Date | null;
  deadlineSeconds: number | null;
  deadlineLeftSeconds: number | null;
  remindedAt: Date | null;
}>;

/** Seconds that a state may last; null: as long as it likes. */
export type DeadlineOf = (phase: Phase, runStatus: RunStatus) => number | null;

export const NO_DEADLINE: DeadlineColumns = {
  deadlineAt: null,
  deadlineSeconds: null,
  deadlineLeftSeconds: null,
  remindedAt: null,
};

/** The deadline of a state that is entered at `now`. */
export function startDeadline(
  state: Pick<Delivery, "phase" | "runStatus" | "holds">,
  of: DeadlineOf,
  now: Date,
): DeadlineColumns {
  const seconds = of(state.phase, state.runStatus);
  if (seconds === null) return NO_DEADLINE;
  const running = { ...NO_DEADLINE, deadlineAt: after(now, seconds), deadlineSeconds: seconds };
  return state.holds.length > 0 ? stop(running, now) : running;
}

/** A state that is entered anew starts its time anew; one that goes on keeps it, but for holds. */
export function nextDeadline(
  before: Delivery,
  next: Delivery,
  deadline: DeadlineColumns,
  of: DeadlineOf,
  now: Date,
): DeadlineColumns {
  const entered = before.phase !== next.phase || before.runStatus !== next.runStatus || before.attempt !== next.attempt;
  if (entered) return startDeadline(next, of, now);
  const wasHeld = before.holds.length > 0;
  const isHeld = next.holds.length > 0;
  if (wasHeld === isHeld) return deadline;
  return isHeld ? stop(deadline, now) : goOn(deadline, now);
}

function stop(deadline: DeadlineColumns, now: Date): DeadlineColumns {
  const { deadlineAt } = deadline;
  if (deadlineAt === null) return deadline;
  const left = Math.max(0, Math.ceil((deadlineAt.getTime() - now.getTime()) / 1000));
  return { ...deadline, deadlineAt: null, deadlineLeftSeconds: left };
}

function goOn(deadline: DeadlineColumns, now: Date): DeadlineColumns {
  const { deadlineLeftSeconds: left } = deadline;
  return left === null ? deadline : { ...deadline, deadlineAt: after(now, left), deadlineLeftSeconds: null };
}

const after = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1000);
