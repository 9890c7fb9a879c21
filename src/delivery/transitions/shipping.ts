// deploy and observe: ready, merged and deployed by the WriteGate, and watched for a window (G5).
import type { Delivery } from "../delivery.ts";
import type { EventOf } from "../event.ts";
import { fresh, isShip, recall, retire } from "../subjects.ts";
import { isShowing, workIn } from "../work.ts";
import { isOpened } from "./pulls.ts";
import { begin, block, fail, is, move, note, type Ruling, redraw, stale } from "./ruling.ts";

export const readyToShip = (d: Delivery, { version, digest }: EventOf<"ready_to_ship">): Ruling => {
  if (workIn(d) !== "assess") return stale;
  return move(begin({ ...recall(d, [digest]), ship: { ...fresh(version, digest), shipped: false } }, "deploy"));
};

/** Says what is missing; only the deadline makes it `blocked(not_ready)`. */
export const notReady = (d: Delivery): Ruling => (workIn(d) === "assess" ? note(redraw) : stale);

/** Bounded (M10): a readiness that flutters ends up waiting for a person's `/retry`. */
export const readinessLost = (d: Delivery, { cause }: EventOf<"readiness_lost">): Ruling => {
  if (d.phase !== "deploy" || (d.runStatus !== "succeeded" && !isShowing(d))) return stale;
  const { delivery, effects } = retire(d, isShip, "no longer ready");
  if (d.restartsLeft === 0) return move(block(delivery, "not_ready"), effects);
  const next = { ...delivery, restartsLeft: d.restartsLeft - 1 };
  return move(cause === "checks" ? begin(next, "verify", "running") : begin(next, "deploy"), effects);
};

export const shipped = (d: Delivery): Ruling => {
  if (workIn(d) !== "ship" || d.ship === null) return stale;
  const targets = d.targets.map((target) =>
    target.written === null ? target : { ...target, landed: "merged" as const },
  );
  return move(begin({ ...d, targets, ship: { ...d.ship, shipped: true } }, "observe", "running"));
};

/** What is merged cannot be refused any more; what is left of it is to be approved anew. */
export const mergeRefused = (d: Delivery): Ruling => {
  if (workIn(d) !== "ship" || !d.targets.some(isOpened)) return stale;
  const { delivery, effects } = retire(d, isShip, "the merge was refused");
  return move(begin(delivery, "deploy"), effects);
};

export const partlyShipped = (d: Delivery, { merged }: EventOf<"partly_shipped">): Ruling => {
  if (workIn(d) !== "ship") return stale;
  const targets = d.targets.map((target) =>
    target.written !== null && merged.includes(target.repoId) ? { ...target, landed: "merged" as const } : target,
  );
  return move(block({ ...d, targets }, "partial_merge"));
};

export const windowClean = (d: Delivery): Ruling => (workIn(d) === "observe" ? move(begin(d, "close")) : stale);

export const regressed = (d: Delivery): Ruling =>
  is(d, "observe", "pending", "running") && workIn(d) === "observe" ? move(fail(d, "regressed")) : stale;
