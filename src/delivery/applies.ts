// Which commands apply to a delivery now: found by asking the rules themselves, so that help and refusals cannot differ. Pure.
import type { Delivery } from "./delivery.ts";
import { ASK_NAMES, type Ask } from "./event.ts";
import { askExamples } from "./examples/asks.ts";
import { rule } from "./transitions/table.ts";

/**
 * Names in the order of help; those that the catalogue does not offer yet are among them. `retry` applies where it would if the
 * cause were gone: whether it is, only whoever asks can find out.
 */
export const applicable = (delivery: Delivery): readonly Ask["name"][] => {
  const accepted = askExamples(delivery)
    .filter(({ recorded }) => rule(delivery, recorded).kind !== "refuse")
    .map(({ recorded }) => recorded.event.ask.name);
  return ASK_NAMES.filter((name) => accepted.includes(name));
};
