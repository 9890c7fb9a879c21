// verify while the checks of the pull requests run: G4 judged them, here that becomes a state.
import type { Delivery } from "../delivery.ts";
import type { EventOf } from "../event.ts";
import { workIn } from "../work.ts";
import { leaveVerify } from "./exit.ts";
import { provenOr } from "./proving.ts";
import { hasOpenHead } from "./pulls.ts";
import { begin, block, fail, is, move, type Ruling, stale } from "./ruling.ts";

/** Checks speak of the head that they ran on: while a stray one is open they say nothing of what was approved. */
const judged = (d: Delivery, next: () => Delivery): Ruling => {
  if (workIn(d) !== "watch") return stale;
  return move(hasOpenHead(d) ? block(d, "unapproved_head") : next());
};

export const checksGreen = (d: Delivery, { unproven = [] }: EventOf<"checks_green">): Ruling =>
  judged(d, () => provenOr(d, unproven, leaveVerify));

export const checksRed = (d: Delivery): Ruling => judged(d, () => fail(d, "ci_red"));

/** M8. */
export const noChecks = (d: Delivery): Ruling => judged(d, () => block(d, "no_checks"));

/**
 * Red, analysed, and worth another patch set on the pull request's head, which goes through review like any other. Told
 * instead of `checks_red` or after it.
 */
export const fixProposed = (d: Delivery): Ruling => {
  const fix = (): Delivery => begin({ ...d, fixesLeft: d.fixesLeft - 1 }, "implement");
  const isRed = is(d, "verify", "failed") && d.reason === "ci_red";
  if (isRed) return d.fixesLeft > 0 ? move(fix()) : stale;
  return judged(d, () => (d.fixesLeft > 0 ? fix() : fail(d, "ci_red")));
};
