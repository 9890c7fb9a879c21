// What a rollback's own course means for the delivery whose merge it undoes. Pure.
import { type DeliveryId, deliveryName } from "../ids.ts";
import { type Delivery, isTerminal } from "./delivery.ts";
import type { EventOf } from "./event.ts";

export type ToParent = Readonly<{
  parent: DeliveryId;
  event: EventOf<"rolled_back"> | EventOf<"rollback_ended"> | null;
}>;

/** All that it made is part of the base branches. A repository in which nothing was left to undo takes no part in that. */
const hasLanded = ({ targets }: Delivery): boolean => {
  const made = targets.filter(({ patchSet, written }) => patchSet !== null || written !== null);
  return made.length > 0 && made.every(({ landed }) => landed === "merged");
};

/** Null where the parent has nothing to hear; an event of null means that only what is said of it changes. */
export const toParent = (before: Delivery, next: Delivery): ToParent | null => {
  if (next.undoes === undefined) return null;
  const parent = next.undoes;
  const name = deliveryName(next.id);
  if (hasLanded(next) && !hasLanded(before)) {
    return { parent, event: { type: "rolled_back", note: `by ${name}` } };
  }
  if (!isTerminal(next) || isTerminal(before)) return null;
  if (next.runStatus === "canceled" && !hasLanded(next)) {
    return { parent, event: { type: "rollback_ended", note: `${name} was canceled` } };
  }
  return { parent, event: null };
};
