// Criteria without evidence: a delivery waits with them until an approver accepts each, or other content proves them.
import type { UserId } from "../../ids.ts";
import type { Delivery } from "../delivery.ts";
import type { AskOf } from "../event.ts";
import { leaveByMerge, leaveVerify } from "./exit.ts";
import { block, move, note, notNow, redraw, refuse, type Verdict } from "./ruling.ts";

/** Green checks prove nothing of what no check looks at. */
export const provenOr = (d: Delivery, unproven: readonly string[], leave: (d: Delivery) => Delivery): Delivery =>
  unproven.length === 0 ? leave(d) : { ...block(d, "unproven", "verify"), unproven: [...unproven] };

const isToMerge = (d: Delivery): boolean =>
  d.targets.some(({ written, landed }) => written !== null && landed === "no");

/** From the pull request on: before it there is nothing to look at. */
export const accept = (
  d: Delivery,
  { criterion }: AskOf<"accept">,
  { id, login }: Readonly<{ id: UserId; login: string }>,
): Verdict => {
  const isLate = d.phase === "verify" || d.phase === "deploy" || d.phase === "observe" || d.phase === "close";
  if (!isLate || !d.targets.some(({ written }) => written !== null)) return notNow(d);
  const accepted = { kind: "accept_criterion", criterion, person: id, login } as const;
  if (d.reason !== "unproven" || d.unproven === undefined) return note(accepted, redraw);
  if (!d.unproven.includes(criterion)) {
    return refuse({ code: "no_such_criterion", given: criterion, open: [...d.unproven] });
  }
  const left = d.unproven.filter((each) => each !== criterion);
  // Merged meanwhile by people: there is nothing left to get ready.
  const next = left.length > 0 ? { ...d, unproven: left } : isToMerge(d) ? leaveVerify(d) : leaveByMerge(d);
  return move(next, [accepted]);
};
