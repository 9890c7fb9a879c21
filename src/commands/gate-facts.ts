// What was found of the gate that an approval speaks of, beside who says it: is it shown as we left it, and is the code one of its own? Pure.
import { standsFor } from "../delivery/code.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { AskOf } from "../delivery/event.ts";
import { codeIn, type PlacedSubject, subjectsIn } from "../delivery/subjects.ts";
import type { CommentId, Digest, IssueNumber, RepoId } from "../ids.ts";
import type { Instant } from "../instant.ts";
import type { CommandRefusal } from "./refusal.ts";
import { shownNow } from "./shown-now.ts";

/** A comment that shows something to be decided, and is not as we left it. */
export type TouchedGate = Readonly<{
  repoId: RepoId | null;
  digest: Digest;
  /** Under which it was opened, and which was changed. */
  shownIn: CommentId;
  commentId: CommentId;
  /** Null: it is gone. */
  changedAt: Instant | null;
}>;

/** A code that stands for what another delivery of the same repository has shown. */
export type Elsewhere = Readonly<{ code: string; delivery: string; issue: IssueNumber }>;

export type GateFacts = Readonly<{
  touched: readonly TouchedGate[];
  /** Being edited by ourselves for longer than anybody waits. */
  unsettled: readonly Digest[];
  elsewhere: readonly Elsewhere[];
}>;

export const NOTHING_FOUND: GateFacts = { touched: [], unsettled: [], elsewhere: [] };

/** Codes that none of this delivery's versions has or had. */
export const isForeign = (delivery: Delivery, code: string): boolean =>
  ![...subjectsIn(delivery).map(({ subject }) => subject.digest), ...delivery.retired.map(({ digest }) => digest)].some(
    (digest) => standsFor(code, digest),
  );

const isSame = ({ subject }: PlacedSubject, { digest, shownIn }: TouchedGate): boolean =>
  subject.digest === digest && subject.shown?.commentId === shownIn;

/** Of what was read, that which still is so: what was shown again since is another showing. */
export const stillTouched = (delivery: Delivery, { touched }: GateFacts): readonly TouchedGate[] =>
  touched.filter((each) => shownNow(delivery).some((open) => isSame(open, each)));

/** Null: the machine may be asked. */
export const whyNotAsked = (
  { target, code }: Pick<AskOf<"approve">, "target" | "code">,
  delivery: Delivery,
  gate: GateFacts,
): CommandRefusal | null => {
  const other = gate.elsewhere.find((each) => each.code === code);
  if (code !== null && other !== undefined && isForeign(delivery, code)) {
    return { code: "other_code", given: code, delivery: other.delivery, issue: other.issue };
  }
  const meant = shownNow(delivery).filter(
    ({ repoId, used }) => !used && (target === null || target === "all" || target === repoId),
  );
  const changed = meant.find((open) => gate.touched.some((each) => isSame(open, each)));
  if (changed !== undefined) {
    const { digest, version } = changed.subject;
    const { repoId } = changed;
    return { code: "gate_changed", shownVersion: version, shownCode: codeIn(delivery, digest), repoId };
  }
  return meant.some(({ subject }) => gate.unsettled.includes(subject.digest)) ? { code: "still_publishing" } : null;
};
