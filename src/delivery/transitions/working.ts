// What can happen to any work, whichever phase it belongs to: it starts, stumbles, dies, runs out of means or of time.
import type { Delivery } from "../delivery.ts";
import type { Work } from "../effect.ts";
import type { EventOf } from "../event.ts";
import { isShip, retire } from "../subjects.ts";
import { isUnderWay, workIn } from "../work.ts";
import { begin, block, fail, move, note, type Ruling, redraw, stale } from "./ruling.ts";

export const effectStarted = (d: Delivery): Ruling => {
  const work = workIn(d);
  if (d.runStatus !== "pending" || work === null) return stale;
  // Until everything is written (shipped) the phase counts as pending: that is when its plan may still be revised.
  return work === "write" || work === "ship" ? note() : move({ ...d, runStatus: "running" });
};

/** Tries are left: the queue goes on, the status comment says what is waited for. */
export const effectFailed = (d: Delivery): Ruling => (isUnderWay(d) ? note(redraw) : stale);

export const effectDead = (d: Delivery): Ruling => (isUnderWay(d) ? move(fail(d, "effect_dead")) : stale);

/** `watch` asks the model for an analysis, and goes on without one where it is not to be had. */
const ASKS_MODEL: readonly (Work | null)[] = ["triage", "plan", "propose", "watch"];
const NEEDS_MODEL: readonly (Work | null)[] = ["triage", "plan", "propose"];

export const modelUnusable = (d: Delivery): Ruling =>
  NEEDS_MODEL.includes(workIn(d)) ? move(fail(d, "model_unusable")) : stale;

export const resourceRefused = (d: Delivery, { resource }: EventOf<"resource_refused">): Ruling =>
  ASKS_MODEL.includes(workIn(d)) ? move(block(d, resource)) : stale;

/** Bounded (M10): a resource that flutters ends up waiting for a person's `/retry`. */
export const resourceBack = (d: Delivery, { resource }: EventOf<"resource_back">): Ruling => {
  if (d.runStatus !== "blocked" || d.reason !== resource) return stale;
  if (d.restartsLeft === 0) return note();
  return move(begin({ ...d, restartsLeft: d.restartsLeft - 1 }, d.phase));
};

export const injectionFound = (d: Delivery): Ruling =>
  ASKS_MODEL.includes(workIn(d)) ? move(block(d, "injection")) : stale;

/** Rule M9. While a hold stands, deadlines stand still. */
export const deadline = (d: Delivery): Ruling => {
  if (d.holds.length > 0) return stale;
  if (d.runStatus === "succeeded") return note(redraw);
  if (!isUnderWay(d)) return stale;
  if (d.phase !== "deploy") return move(fail(d, "deadline"));
  const { delivery, effects } = retire(d, isShip, "not ready in time");
  return move(block(delivery, "not_ready"), effects);
};
