// Rule M2: a gate is open only when all of it is shown, and shut again when somebody tampers with what was shown.

import { type Instant, olderThan } from "../../instant.ts";
import type { Delivery, Phase } from "../delivery.ts";
import type { EventOf } from "../event.ts";
import { g3 } from "../gates/g3.ts";
import {
  isPatchSet,
  isPlan,
  isShip,
  oneOf,
  type Pick,
  type PlacedSubject,
  replaceSubjects,
  showAgain,
  subjectsIn,
} from "../subjects.ts";
import { isShowing, workIn } from "../work.ts";
import { leaveReview } from "./exit.ts";
import { begin, fail, move, type Ruling, stale } from "./ruling.ts";
import { approveAgain } from "./writing.ts";

/** The subjects of a phase's gate, as far as they are made. */
export const subjectsOf = (d: Delivery, phase: Phase = d.phase): readonly PlacedSubject[] => {
  const kind: Partial<Record<Phase, Pick>> = { plan: isPlan, review: isPatchSet, deploy: isShip };
  const isOfGate = kind[phase];
  return isOfGate === undefined ? [] : subjectsIn(d).filter(isOfGate);
};

/** All or nothing: a digest that is not the one now open, or one that is missing, and the gate stays shut. */
export const gatePublished = (d: Delivery, { gate, subjects }: EventOf<"gate_published">): Ruling => {
  if (d.phase !== gate || !isShowing(d)) return stale;
  const open = subjectsOf(d);
  const shownOf = ({ repoId, subject }: PlacedSubject) =>
    subjects.find((each) => each.repoId === repoId && each.digest === subject.digest)?.shown ?? null;
  if (open.filter((each) => shownOf(each) !== null).length < subjects.length) return stale;

  const next = replaceSubjects(d, (each) => {
    const shown = oneOf(open)(each) ? shownOf(each) : null;
    return shown === null ? each.subject : { ...each.subject, shown };
  });
  if (!subjectsOf(next).every(({ subject }) => subject.shown !== null)) return stale;
  // A fix that came out as what was approved before leaves nobody anything to decide.
  if (gate === "review" && g3(next.targets).passed) return move(leaveReview(next));
  return move({ ...next, runStatus: "succeeded" });
};

const CHANGED = "the comment that showed it was changed";

/** Nobody knows which text the approvals since then were given to, so they count no more. */
export const gateTampered = (d: Delivery, { repoId }: EventOf<"gate_tampered">): Ruling => {
  // Told after the approval, or seen by the approver before we were told: what is not yet written is shown again.
  if (workIn(d) === "write") return (repoId === null ? null : approveAgain(d, repoId, CHANGED)) ?? stale;
  if (d.runStatus !== "succeeded" && !isShowing(d)) return stale;
  const hit = subjectsOf(d).filter((each) => !each.used && (repoId === null || each.repoId === repoId));
  if (hit.length === 0) return stale;
  const { delivery, effects } = showAgain(d, oneOf(hit), CHANGED);
  return move(begin(delivery, d.phase), effects);
};

const EXPIRED = "it was older than approvals may be";

/**
 * What nobody decided on in time is shown again by itself, as often as the machine does anything by itself (M10); then it waits
 * for a person's `/retry`. While a hold stands, its time does too: it is found when the hold goes.
 */
export const gateExpired = (d: Delivery, { ttl }: EventOf<"gate_expired">, at: Instant): Ruling => {
  if (d.runStatus !== "succeeded" || d.holds.length > 0) return stale;
  const hit = subjectsOf(d).filter(
    ({ subject, used }) => !used && subject.shown !== null && olderThan(subject.shown.at, ttl, at),
  );
  if (hit.length === 0) return stale;
  const { delivery, effects } = showAgain(d, oneOf(hit), EXPIRED);
  if (d.restartsLeft === 0) return move(fail(delivery, "expired"), effects);
  return move(begin({ ...delivery, restartsLeft: d.restartsLeft - 1 }, d.phase), effects);
};
