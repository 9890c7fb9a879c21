// Rule M0: holds come and go, each by its own hand; while one stands nothing is done.
import type { Delivery, Hold } from "../delivery.ts";
import type { EventOf } from "../event.ts";
import { move, notNow, type Ruling, refuse, stale, type Verdict } from "./ruling.ts";

const withHold = (d: Delivery, hold: Hold): Delivery => ({ ...d, holds: [...d.holds, hold] });
const withoutHold = (d: Delivery, hold: Hold): Delivery => ({ ...d, holds: d.holds.filter((each) => each !== hold) });

export const holdAdded = (d: Delivery, { hold }: EventOf<"hold_added">): Ruling => {
  // Once merged, a closed issue is the end that was wanted: by the merge's keyword or by our own closing.
  const wanted = hold === "issue_closed" && (d.phase === "observe" || d.phase === "close");
  return wanted || d.holds.includes(hold) ? stale : move(withHold(d, hold));
};

export const holdRemoved = (d: Delivery, { hold }: EventOf<"hold_removed">): Ruling =>
  d.holds.includes(hold) ? move(withoutHold(d, hold)) : stale;

export const hold = (d: Delivery): Verdict =>
  d.holds.includes("hold") ? refuse({ code: "on_hold", holds: [...d.holds] }) : move(withHold(d, "hold"));

/** Undoes `/hold` alone: an issue is reopened, a label put back, a freeze lifted by whoever may do that. */
export const resumeHeld = (d: Delivery): Verdict => {
  if (d.holds.includes("hold")) return move(withoutHold(d, "hold"));
  return d.holds.length > 0 ? refuse({ code: "on_hold", holds: [...d.holds] }) : notNow(d);
};
