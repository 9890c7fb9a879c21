// verify while something is still to be written: receipts, the last look (M5), and what happens to the base meanwhile.
import type { RepoId } from "../../ids.ts";
import { unreachable } from "../../result.ts";
import type { Delivery, Target } from "../delivery.ts";
import type { EventOf } from "../event.ts";
import {
  headOf,
  isHead,
  isPatchSet,
  isPlan,
  oneOf,
  type Pick,
  patchSetOf,
  retire,
  showAgain,
  subjectsIn,
} from "../subjects.ts";
import { isUnwritten, workIn } from "../work.ts";
import { begin, block, move, note, type Ruling, redraw, stale } from "./ruling.ts";

/** Receipts of some repositories are kept; only when every patch set is written is anything watched. */
export const written = (d: Delivery, { repos }: EventOf<"written">): Ruling => {
  if (workIn(d) !== "write") return stale;
  const receiptOf = ({ repoId, patchSet }: Target) =>
    patchSet === null || patchSet.written ? undefined : repos.find((each) => each.repoId === repoId);
  const received = d.targets.filter((target) => receiptOf(target) !== undefined).map(({ repoId }) => repoId);
  if (received.length === 0) return stale;

  // Our commit stands on what was the head, so that is no longer the last word.
  const isCovered: Pick = (each) => isHead(each) && received.some((repoId) => repoId === each.repoId);
  const { delivery, effects } = retire(d, isCovered, "our commit stands on it");
  const targets = delivery.targets.map((target) => {
    const receipt = receiptOf(target);
    if (receipt === undefined || target.patchSet === null) return target;
    const { head, tree, pullRequest } = receipt;
    return { ...target, patchSet: { ...target.patchSet, written: true }, written: { head, tree, pullRequest } };
  });
  const next = { ...delivery, targets };
  return move(targets.some(isUnwritten) ? next : begin(next, "verify", "running"), effects);
};

export const writeRefused = (d: Delivery): Ruling => (workIn(d) === "write" ? move(block(d, "write_refused")) : stale);

/** Null where nothing of that repository is still to be written. */
export const approveAgain = (d: Delivery, repoId: RepoId, why: string): Ruling | null => {
  const hit = subjectsIn(d).filter((each) => patchSetOf(repoId)(each) && !each.used);
  if (hit.length === 0) return null;
  const { delivery, effects } = showAgain(d, oneOf(hit), why);
  return move(begin(delivery, "review"), effects);
};

/** The plan is asked for again, and what was made of it stays: with the plan's approvals it is written as it is. */
const approvePlanAgain = (d: Delivery, why: string): Ruling => {
  if (d.plan === null) return stale;
  const { delivery, effects } = showAgain(d, isPlan, why);
  return move(begin(delivery, "plan"), effects);
};

/** What people pushed is to be countersigned again; then the write goes on. */
const approveHeadAgain = (d: Delivery, repoId: RepoId, why: string): Ruling => {
  const hit = subjectsIn(d).filter(headOf(repoId));
  if (hit.length === 0) return stale;
  const { delivery, effects } = showAgain(d, oneOf(hit), why);
  return move(block(delivery, "unapproved_head", "verify"), effects);
};

export const approvalVoid = (d: Delivery, { repoId, of, note: why }: EventOf<"approval_void">): Ruling => {
  if (workIn(d) !== "write") return stale;
  switch (of) {
    case "patchset":
      return approveAgain(d, repoId, why) ?? stale;
    case "plan":
      return approvePlanAgain(d, why);
    case "head":
      return approveHeadAgain(d, repoId, why);
    default:
      return unreachable(of);
  }
};

/** Before the approval nothing needs to be done: the last look finds it out, and a new patch set is made on the new base. */
export const baseRewritten = (d: Delivery, { repoId }: EventOf<"base_rewritten">): Ruling =>
  (workIn(d) === "write"
    ? approveAgain(d, repoId, "its base was rewritten, and only a revision takes in the new one")
    : null) ?? baseMoved(d);

/** The old base is still an ancestor: the write goes onto the base that was approved. */
export const baseMoved = (d: Delivery): Ruling =>
  d.phase === "implement" || d.phase === "review" || d.phase === "verify" ? note(redraw) : stale;

/** Nobody approves over a block: what is not yet written is made anew under today's policy. */
export const policyNowBlocks = (d: Delivery): Ruling => {
  if (workIn(d) !== "write") return stale;
  const { delivery, effects } = retire(d, (each) => isPatchSet(each) && !each.used, "today's policy blocks it");
  return move(block(delivery, "policy", "implement"), effects);
};
