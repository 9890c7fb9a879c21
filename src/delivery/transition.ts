// The machine: (delivery, event) → what becomes of it, as data. Pure and total; rules are in transitions/, the books kept here.
import type { CommandId } from "../ids.ts";
import { unreachable } from "../result.ts";
import { applicable } from "./applies.ts";
import { type Delivery, isTerminal } from "./delivery.ts";
import type { Effect } from "./effect.ts";
import type { Recorded } from "./event.ts";
import type { Refusal } from "./refusal.ts";
import type { Step } from "./step.ts";
import { type Moved, redraw } from "./transitions/ruling.ts";
import { rule } from "./transitions/table.ts";
import { workOf } from "./work.ts";

/**
 * Never throws, has no clock but `recorded.at`, and answers every command exactly once. `next.version` is one more than
 * `delivery.version`; `next.attempt` is one more where work starts anew.
 */
export const transition = (delivery: Delivery, recorded: Recorded): Step => {
  const ruling = rule(delivery, recorded);
  const { event } = recorded;
  const answer = (refusal: Refusal | null): Effect[] =>
    event.type === "command" ? [answerTo(event.commandId, refusal)] : [];
  switch (ruling.kind) {
    case "move":
      return moved(delivery, ruling, answer(null));
    case "note":
      return { kind: "noted", effects: [...visible(delivery, ruling.effects), ...answer(null)] };
    case "refuse": {
      const refusal = withWhatApplies(delivery, ruling.refusal);
      return { kind: "refused", refusal, effects: answer(refusal) };
    }
    case "drop":
      return { kind: "stale", effects: [] };
    default:
      return unreachable(ruling);
  }
};

const answerTo = (commandId: CommandId, refusal: Refusal | null): Effect => ({ kind: "answer", commandId, refusal });

const withWhatApplies = (delivery: Delivery, refusal: Refusal): Refusal =>
  refusal.code === "not_now" || refusal.code === "over" ? { ...refusal, applies: [...applicable(delivery)] } : refusal;

/** Rule M0: on hold nothing is drawn; the books (approvals, words, budget) are kept all the same. */
const visible = (delivery: Delivery, effects: readonly Effect[]): readonly Effect[] =>
  delivery.holds.length > 0 ? effects.filter(({ kind }) => kind !== "publish") : effects;

/** One order for all: the books, the answer, what is seen, and last the work. */
const moved = (before: Delivery, { next: ruled, effects }: Moved, answer: readonly Effect[]): Step => {
  const next: Delivery = { ...ruled, version: before.version + 1 };
  const held = next.holds.length > 0;
  const holdsChanged = next.holds.length !== before.holds.length;
  const drawn = !held || holdsChanged || isTerminal(next) ? [redraw] : [];

  const work = workOf(next);
  // M0: when the last hold goes, the work of the state is started again, under the attempt that it had.
  const starts = next.attempt !== before.attempt || (holdsChanged && !held);
  const started: Effect[] = work !== null && starts ? [{ kind: "work", work, attempt: next.attempt }] : [];
  return { kind: "moved", next, effects: [...effects, ...answer, ...drawn, ...started] };
};
