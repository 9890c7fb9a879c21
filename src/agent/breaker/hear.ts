// What the end of a call makes of its endpoint's breaker: kept, put into the ledger, and those who wait are woken.
import type { Tx } from "../../db/database.ts";
import { type DeliveryId, deliveryName, type TraceId } from "../../ids.ts";
import { type Instant, instant } from "../../instant.ts";
import { append } from "../../ledger/append.ts";
import { type EngineFailure, isTransient } from "../engine.ts";
import { afterAnswer, afterFailure, type Breaker, type BreakerRules } from "./breaker.ts";
import { keepBreaker, lockBreaker, readBreaker } from "./store.ts";

export type Heard = Readonly<{
  endpoint: string;
  deliveryId: DeliveryId;
  traceId: TraceId;
  failure: EngineFailure | null;
  at: Date;
  rules: BreakerRules;
}>;

const isQuiet = (breaker: Breaker): boolean => breaker.state === "closed" && breaker.failures === 0;

const after = (before: Breaker, { failure, at, rules }: Heard): Breaker =>
  failure === null || !isTransient(failure)
    ? afterAnswer()
    : afterFailure(before, at.getTime(), (failure.retryAfter ?? 0) * 1_000, rules);

/** When the endpoint is asked again, where it is asked no more for now. An answer of a healthy endpoint changes nothing and locks nothing. */
export const hearCall = async (tx: Tx, heard: Heard): Promise<Instant | null> => {
  const { endpoint, deliveryId, traceId, at } = heard;
  if (isQuiet(await readBreaker(tx.sql, endpoint)) && isQuiet(after({ state: "closed", failures: 0 }, heard)))
    return null;
  const before = await lockBreaker(tx, endpoint, at);
  const next = after(before, heard);
  await keepBreaker(tx, endpoint, next, at);
  const [was, is] = [before.state === "closed", next.state === "closed"];
  if (was !== is || (before.state === "half_open" && next.state === "open")) {
    await append(tx, deliveryName(deliveryId), [
      {
        deliveryId,
        at: instant(at),
        actor: { kind: "system", id: "breaker" },
        action: is ? "endpoint_closed" : "endpoint_opened",
        entity: { kind: "endpoint", id: endpoint },
        before,
        after: next,
        note: heard.failure === null ? null : `${heard.failure.code}: ${heard.failure.message}`,
        traceId,
      },
    ]);
  }
  // Whoever waits for it is told at once, and by the next sweep at the latest.
  if (is && !was) await tx.enqueue("sweep", {});
  return next.state === "closed" ? null : instant(new Date(next.until));
};
