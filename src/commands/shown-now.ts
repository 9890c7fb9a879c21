// What the open gate of a delivery shows. Pure.
import type { Delivery } from "../delivery/delivery.ts";
import { type PlacedSubject, subjectsIn } from "../delivery/subjects.ts";

/** Of other phases nothing is shown to be decided. */
export const shownNow = (delivery: Delivery): readonly PlacedSubject[] =>
  subjectsIn(delivery).filter(({ ref }) => {
    if (delivery.phase === "plan") return ref.kind === "plan";
    if (delivery.phase === "review") return ref.kind === "patchset";
    return delivery.phase === "deploy" ? ref.kind === "ship" : ref.kind === "head";
  });
