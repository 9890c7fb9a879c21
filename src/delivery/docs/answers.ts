// What the machine answers to every example in a state, in the words of the page.
import type { Delivery } from "../delivery.ts";
import type { Effect } from "../effect.ts";
import { examples } from "../examples/events.ts";
import { rule } from "../transitions/table.ts";
import { workIn } from "../work.ts";
import { stateName, statusName } from "./naming.ts";

/** `becomes` is null where the answer is that nothing happens: refused or stale. */
export type Answer = Readonly<{ from: Delivery; event: string; becomes: string | null; effects: readonly string[] }>;

/** Every change is drawn; only what else is done tells something. */
const effectNames = (effects: readonly Effect[]): string[] =>
  effects.map(({ kind }) => kind).filter((kind) => kind !== "publish");

export const answersIn = (from: Delivery): readonly Answer[] =>
  examples(from).map(({ label: event, recorded }): Answer => {
    const ruling = rule(from, recorded);
    switch (ruling.kind) {
      case "move": {
        const { next } = ruling;
        const work = next.attempt === from.attempt ? null : workIn(next);
        const effects = [...effectNames(ruling.effects), ...(work === null ? [] : [`work ${work}`])];
        return { from, event, becomes: becomes(from, next), effects };
      }
      case "note":
        return { from, event, becomes: "unchanged, noted", effects: effectNames(ruling.effects) };
      default:
        return { from, event, becomes: null, effects: [] };
    }
  });

const becomes = (from: Delivery, next: Delivery): string => {
  if (next.holds.length > from.holds.length) return "the same, on hold";
  if (stateName(next) === stateName(from)) return next.attempt === from.attempt ? "the same" : "the same, begun anew";
  return next.phase === from.phase ? statusName(next) : stateName(next);
};
