// What people do to an open pull request in verify and deploy: push to it, close it, retarget it, merge it.
import type { RepoId } from "../../ids.ts";
import { type Delivery, isTerminal, type Phase, type Target, type Written } from "../delivery.ts";
import type { EventOf } from "../event.ts";
import { headDigest } from "../head-digest.ts";
import type { BlockedReason } from "../reason.ts";
import {
  type Changed,
  fresh,
  headOf,
  isShip,
  oneOf,
  type Pick,
  type PlacedSubject,
  patchSetOf,
  recall,
  retire,
  subjectsIn,
} from "../subjects.ts";
import { isUnderWay, isUnwritten } from "../work.ts";
import { leaveByMerge } from "./exit.ts";
import { provenOr } from "./proving.ts";
import { begin, block, move, type Ruling, stale } from "./ruling.ts";

export const hasOpenHead = (d: Delivery): boolean =>
  d.targets.some(({ strayHead }) => strayHead !== null && !strayHead.approved);

/** What stopped the delivery is gone; the work that starts reads GitHub's present state first (M7). */
export const resume = (d: Delivery): Delivery => {
  if (hasOpenHead(d)) return block(d, "unapproved_head", "verify");
  if (d.phase === "deploy") return begin(d, "deploy");
  if (d.targets.some(isOwed)) return begin(d, "implement");
  if (d.targets.some((target) => isUnwritten(target) && target.patchSet?.approved !== true)) return begin(d, "review");
  return begin(d, "verify", d.targets.some(isUnwritten) ? "pending" : "running");
};

/** People asked for another version of what stands on an open pull request, and it is still to be made. */
const isOwed = (target: Target): boolean => isOpened(target) && target.patchSet === null;

type Opened = Target & Readonly<{ written: Written }>;

export const isOpened = (target: Target): target is Opened => target.written !== null && target.landed === "no";

/** While a change on top of a pull request is made and reviewed, what people do to that counts as much as while it is watched. */
const WITH_PULLS: readonly Phase[] = ["implement", "review", "verify", "deploy"];

/** The target whose pull request is open and in the hands of this phase; null otherwise. */
const openedIn = (d: Delivery, repoId: RepoId): Opened | null => {
  if (!WITH_PULLS.includes(d.phase) || isTerminal(d)) return null;
  return d.targets.filter(isOpened).find((target) => target.repoId === repoId) ?? null;
};

const withTarget = (d: Delivery, repoId: RepoId, change: Partial<Target>): Delivery => ({
  ...d,
  targets: d.targets.map((target) => (target.repoId === repoId ? { ...target, ...change } : target)),
});

/** The merge that was to be approved was of a head that is no longer it. */
const stop = (d: Delivery, reason: BlockedReason, phase: Phase): Ruling => {
  const { delivery, effects } = retire(d, isShip, `stopped: ${reason}`);
  return move(block(delivery, reason, phase), effects);
};

/** What was to be written onto a pull request that is merged is written nowhere. */
const isMoot = (each: PlacedSubject, repoId: RepoId): boolean => patchSetOf(repoId)(each) && !each.used;

const stopMerged = (d: Delivery, reason: BlockedReason, repoId: RepoId): Ruling => {
  const { delivery, effects } = retire(d, (each) => isShip(each) || isMoot(each, repoId), `stopped: ${reason}`);
  return move(block(delivery, reason, "verify"), effects);
};

const isMergedAmiss = ({ reason }: Delivery): boolean => reason === "merged_unapproved" || reason === "merged_unproven";

export const headUnapproved = (d: Delivery, event: EventOf<"head_unapproved">): Ruling => {
  const { repoId, head } = event;
  if (d.phase === "close") return headAfterTheEnd(d, event);
  const target = openedIn(d, repoId);
  if (target === null || isMergedAmiss(d)) return stale;
  // While we write to it the head is ours to move: the WriteGate compares it, and the watch reads it first.
  if (isUnwritten(target)) return stale;
  const known = target.strayHead;
  if (known?.head === head && (known.approved || d.reason === "unapproved_head")) return madeByMore(d, target, event);
  const { delivery, effects } = withStrayHead(d, target, event, isShip);
  return move(block(delivery, "unapproved_head", "verify"), effects);
};

/** Pushes that nobody saw and that nobody countersigned: more of them ask for more people than there are. */
const REMEMBERED = 8;

/** Puts the head up to be countersigned; what stood there before is taken out with its approvals. */
const withStrayHead = (
  d: Delivery,
  { repoId, strayHead: known }: Target,
  { head, by = [], pushed }: EventOf<"head_unapproved">,
  also: Pick = () => false,
): Changed => {
  const isGone = oneOf(subjectsIn(d).filter((each) => headOf(repoId)(each) && known?.head !== head));
  const { delivery, effects } = retire(d, (each) => isGone(each) || also(each), "another commit is on the head");
  const digest = headDigest(repoId, head);
  // Whoever pushed what is still to be countersigned stands behind the next head too, whoever pushes that.
  const stillOpen = known !== null && (known.head === head || !known.approved);
  const madeBy = [...new Set([...(stillOpen ? (known.madeBy ?? []) : []), ...by])];
  const earlier = (stillOpen ? (known.pushedUnseen ?? []) : []).filter((each) => each !== head);
  const isSeen = pushed === true || (known?.head === head && known.pushedUnseen?.includes(head) !== true);
  const pushedUnseen = isSeen ? earlier : [...earlier, head].slice(-REMEMBERED);
  const before = known?.head === head ? known : { ...fresh((known?.version ?? 0) + 1, digest), head };
  const strayHead = { ...before, madeBy, pushedUnseen };
  return { delivery: recall(withTarget(delivery, repoId, { strayHead }), [digest]), effects };
};

/**
 * The webhook of the push may come after the watch found the head: then it says who pushed. Also of a head that was countersigned
 * meanwhile, because a write onto it is judged again.
 */
const madeByMore = (d: Delivery, { repoId, strayHead }: Target, event: EventOf<"head_unapproved">): Ruling => {
  const { head, by = [], pushed } = event;
  const { madeBy = [], pushedUnseen = [] } = strayHead ?? {};
  const more = by.filter((person) => !madeBy.includes(person));
  const isNews = more.length > 0 || (pushed === true && pushedUnseen.includes(head));
  if (strayHead === null || !isNews) return stale;
  const unseen = pushed === true ? pushedUnseen.filter((each) => each !== head) : pushedUnseen;
  return move(
    withTarget(d, repoId, { strayHead: { ...strayHead, madeBy: [...madeBy, ...more], pushedUnseen: unseen } }),
  );
};

/** The pull request outlives a delivery that ends at verify: its heads are still judged, and can still be countersigned. */
const headAfterTheEnd = (d: Delivery, event: EventOf<"head_unapproved">): Ruling => {
  const target = d.targets.filter(isOpened).find(({ repoId }) => repoId === event.repoId);
  if (target === undefined) return stale;
  if (target.strayHead?.head === event.head) return madeByMore(d, target, event);
  const { delivery, effects } = withStrayHead(d, target, event);
  return move(delivery, effects);
};

export const headRestored = (d: Delivery, { repoId, head, by }: EventOf<"head_restored">): Ruling => {
  const target =
    d.phase === "close" ? d.targets.filter(isOpened).find((each) => each.repoId === repoId) : openedIn(d, repoId);
  const stray = target?.strayHead ?? null;
  if (stray === null) return stale;
  // What was countersigned is no stranger to itself, nor to what brings it and nothing else.
  if (stray.approved && (stray.head === head || stray.digest === by)) return stale;
  const { delivery, effects } = retire(d, headOf(repoId), "the head is what was approved again");
  return move(d.reason === "unapproved_head" && !hasOpenHead(delivery) ? resume(delivery) : delivery, effects);
};

/** One cause is told at a time; when it is undone the watch finds the next. */
const isOffItsPath = (d: Delivery): boolean =>
  d.reason === "pr_closed" || d.reason === "retargeted" || isMergedAmiss(d);

export const pullClosed = (d: Delivery, { repoId, pullRequest }: EventOf<"pull_closed">): Ruling => {
  if (openedIn(d, repoId)?.written.pullRequest !== pullRequest || isOffItsPath(d)) return stale;
  return stop(d, "pr_closed", d.phase);
};

export const pullReopened = (d: Delivery, { repoId, pullRequest }: EventOf<"pull_reopened">): Ruling =>
  d.reason === "pr_closed" && openedIn(d, repoId)?.written.pullRequest === pullRequest ? move(resume(d)) : stale;

export const pullRetargeted = (d: Delivery, { repoId }: EventOf<"pull_retargeted">): Ruling =>
  openedIn(d, repoId) === null || isOffItsPath(d) ? stale : stop(d, "retargeted", d.phase);

export const pullTargetRestored = (d: Delivery, { repoId }: EventOf<"pull_target_restored">): Ruling =>
  d.reason === "retargeted" && openedIn(d, repoId) !== null ? move(resume(d)) : stale;

/** The merge may have closed the issue by its keyword: that is the end that was wanted, not a wish to pause. */
const withoutIssueHold = (d: Delivery): Delivery => ({
  ...d,
  holds: d.holds.filter((hold) => hold !== "issue_closed"),
});

export const pullMerged = (d: Delivery, event: EventOf<"pull_merged">): Ruling => {
  const { repoId, approvedTree, green } = event;
  if (d.phase === "close") return mergedLater(d, event);
  if (openedIn(d, repoId) === null) return stale;
  const amiss = !approvedTree ? "merged_unapproved" : !green ? "merged_unproven" : null;
  if (amiss !== null) return d.reason === amiss ? stale : stopMerged(d, amiss, repoId);

  const isOver = (each: PlacedSubject): boolean => isShip(each) || headOf(repoId)(each) || isMoot(each, repoId);
  const { delivery, effects } = retire(d, isOver, "merged by a human");
  const next = withoutIssueHold(withTarget(delivery, repoId, { landed: "merged" }));
  const unproven = event.unproven ?? d.unproven ?? [];
  if (!next.targets.some(isOpened)) return move(provenOr(next, unproven, leaveByMerge), effects);
  const isMaking = d.phase === "implement" || d.phase === "review";
  if (d.reason === "merged_unproven" || isMaking) return move(resume(next), effects);
  // The merges that are left are another thing to approve than all of them were.
  const assessAgain = d.phase === "deploy" && (isUnderWay(d) || d.runStatus === "succeeded");
  return move(assessAgain ? begin(next, "deploy") : next, effects);
};

/** An exit at verify leaves the merge to people; what they merged can be rolled back. */
const mergedLater = (d: Delivery, { repoId, approvedTree }: EventOf<"pull_merged">): Ruling => {
  const hit = d.targets.filter(isOpened).some((target) => target.repoId === repoId);
  return hit && approvedTree ? move(withTarget(d, repoId, { landed: "merged" })) : stale;
};
