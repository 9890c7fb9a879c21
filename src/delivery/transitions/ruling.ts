// The words in which rules answer: what becomes of a delivery, before transition.ts keeps the books (version, answers, work).
import type { Delivery, Phase, RunStatus } from "../delivery.ts";
import type { Effect } from "../effect.ts";
import type { BlockedReason, FailedReason } from "../reason.ts";
import type { Refusal } from "../refusal.ts";

/** `effects` are those that only this rule knows of; the work of the new state, `publish` and `answer` follow by themselves. */
export type Ruling =
  | Readonly<{ kind: "move"; next: Delivery; effects: readonly Effect[] }>
  | Readonly<{ kind: "note"; effects: readonly Effect[] }>
  | Readonly<{ kind: "drop" }>;

/** A command is never dropped: it is applied, noted, or refused. */
export type Verdict = Exclude<Ruling, { kind: "drop" }> | Readonly<{ kind: "refuse"; refusal: Refusal }>;

export type Moved = Extract<Ruling, { kind: "move" }>;

export const move = (next: Delivery, effects: readonly Effect[] = []): Moved => ({ kind: "move", next, effects });

export const note = (...effects: Effect[]): Extract<Ruling, { kind: "note" }> => ({ kind: "note", effects });

/** For results and facts that say nothing about the present state. */
export const stale: Ruling = { kind: "drop" };

export const refuse = (refusal: Refusal): Extract<Verdict, { kind: "refuse" }> => ({ kind: "refuse", refusal });

/** What does apply is filled in by transition.ts, which can ask for it. */
export const notNow = ({ phase, runStatus }: Delivery): Extract<Verdict, { kind: "refuse" }> =>
  refuse({ code: "not_now", phase, runStatus, applies: [] });

export const redraw: Effect = { kind: "publish" };

export const is = (d: Delivery, phase: Phase, ...statuses: readonly RunStatus[]): boolean =>
  d.phase === phase && statuses.includes(d.runStatus);

/** Work starts anew: a new attempt, so that results of whatever ran before are stale. */
export const begin = (
  { unproven: _, ...d }: Delivery,
  phase: Phase,
  runStatus: "pending" | "running" = "pending",
): Delivery => ({
  ...d,
  phase,
  runStatus,
  reason: null,
  attempt: d.attempt + 1,
});

export const fail = (d: Delivery, reason: FailedReason, phase: Phase = d.phase): Delivery => ({
  ...d,
  phase,
  runStatus: "failed",
  reason,
});

export const block = (d: Delivery, reason: BlockedReason, phase: Phase = d.phase): Delivery => ({
  ...d,
  phase,
  runStatus: "blocked",
  reason,
});
