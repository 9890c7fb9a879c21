// `/retry` (M1): the same phase again with the same inputs, from a failure, or from a block whose cause is gone.
import type { Delivery } from "../delivery.ts";
import type { AskOf } from "../event.ts";
import { BLOCKED_REASONS, type BlockedReason, type Reason } from "../reason.ts";
import { isShip, retire } from "../subjects.ts";
import { isOpened } from "./pulls.ts";
import { begin, move, notNow, refuse, type Verdict } from "./ruling.ts";

/**
 * When a block may be tried again. `looks`: the work that starts reads the cause itself before it does anything, so only a
 * known cause refuses. `gone`: the cause must be known to be gone. `never`: with the same inputs it would be the same
 * again; `/plan` or `/revise` is the way on.
 */
const AGAIN: Record<BlockedReason, "looks" | "gone" | "never"> = {
  no_go: "never",
  defer: "never",
  questions: "never",
  injection: "never",
  policy: "gone",
  rolling_back: "gone",
  // The retry withdraws the wish for one revision too many: what was made is put up (or made) as it was.
  revisions_spent: "looks",
  // An opinion, asked for again: another look, or a configuration that asks for none, may let people see the patches.
  qa_failed: "looks",
  budget: "looks",
  endpoint: "looks",
  write_refused: "looks",
  no_checks: "looks",
  unproven: "looks",
  unapproved_head: "looks",
  pr_closed: "looks",
  retargeted: "looks",
  merged_unapproved: "looks",
  merged_unproven: "looks",
  not_ready: "looks",
  partial_merge: "looks",
};

const isBlockedReason = (reason: Reason | null): reason is BlockedReason =>
  BLOCKED_REASONS.some((each) => each === reason);

export const retry = (d: Delivery, { causeGone }: AskOf<"retry">): Verdict => {
  if (d.runStatus === "failed") return again(d);
  if (d.runStatus !== "blocked" || !isBlockedReason(d.reason)) return notNow(d);
  // What is merged has no checks to look at again.
  if (d.reason === "unproven" && !d.targets.some(isOpened)) return refuse({ code: "cause_remains", reason: d.reason });
  const rule = AGAIN[d.reason];
  const allowed = rule === "looks" ? causeGone !== false : rule === "gone" && causeGone === true;
  return allowed ? again(d) : refuse({ code: "cause_remains", reason: d.reason });
};

/** What a failed publication showed in part is put up again; readiness is never taken for what it was. */
const again = (d: Delivery): Verdict => {
  if (d.phase !== "deploy") return move(begin(d, d.phase));
  const { delivery, effects } = retire(d, isShip, "assessed again");
  return move(begin(delivery, d.phase), effects);
};
