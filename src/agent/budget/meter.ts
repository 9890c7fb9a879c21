// The meter of a run: each call is judged against all budgets, set aside, and settled with what the endpoint counted.
import type { CrashPoint } from "../../crash-points.ts";
import type { Database, Tx } from "../../db/database.ts";
import type { Shortage } from "../../delivery/shortage.ts";
import { FrozenError } from "../../freeze/frozen.ts";
import { isFrozen } from "../../freeze/standing.ts";
import { type Digest, deliveryName } from "../../ids.ts";
import { type Clock, instant } from "../../instant.ts";
import { append } from "../../ledger/append.ts";
import { err, ok } from "../../result.ts";
import type { Assignment } from "../assignment.ts";
import { type Admission, admitCall, BREAKER_RULES, type BreakerRules } from "../breaker/breaker.ts";
import { endpointOf } from "../breaker/endpoint.ts";
import { hearCall } from "../breaker/hear.ts";
import { keepBreaker, lockBreaker, readBreaker } from "../breaker/store.ts";
import type { EngineFailure } from "../engine.ts";
import type { CallEnd, Meter } from "../meter.ts";
import type { CostOf } from "../prices.ts";
import { type Account, judgeCall, type Limits, type Need, NOTHING, plus, type Used } from "./amounts.ts";
import {
  allowedTo,
  type CallKey,
  hold,
  lockBudgets,
  releaseOrphans,
  settleCall,
  usedBy,
  usedOn,
} from "./reservations.ts";
import { dayEnd, dayOf, deliveryLimits, runLimits } from "./rules.ts";

/** Told for the metrics. */
export type OnSpending = Readonly<{
  settled: (spent: Readonly<{ role: string; tokens: number; micros: number | null; known: boolean }>) => void;
  refused: (shortage: Shortage) => void;
}>;

export type BudgetDeps = Readonly<{
  db: Database;
  clock: Clock;
  crash: CrashPoint;
  costOf: CostOf;
  /** Of an installation and a UTC day; the operator's. */
  dayLimits: Limits;
  /** Where all calls go; with the model it names the endpoint. */
  baseUrl: string;
  /** Instead of BREAKER_RULES. */
  breaker?: Partial<BreakerRules> | undefined;
  on: OnSpending;
}>;

/** Beyond the time-out of the call itself, until a reservation counts as left behind. */
const GRACE_MS = 60_000;

/** How calls end that no model was asked in: turned away before it, or by an endpoint that failed. */
const UNANSWERED: readonly EngineFailure["code"][] = ["rate_limited", "server", "rejected"];

/**
 * A call whose answer never arrived may have been paid for, and one whose answer does not say what it used was; nobody can tell
 * how much, so both count by their estimate.
 */
const isKnown = ({ failure, usage }: CallEnd): boolean =>
  usage.inputTokens + usage.outputTokens > 0 ||
  (failure !== null && (failure.unsent === true || UNANSWERED.includes(failure.code)));

/** A new one for each run: it remembers what the run has used. */
export const budgetMeter =
  (deps: BudgetDeps) =>
  (assignment: Assignment, contextHash: Digest): Meter => {
    const { db, clock, crash, costOf } = deps;
    const { delivery, traceId, repos, budget } = assignment;
    const [primary] = repos;
    if (primary === undefined) throw new Error(`${deliveryName(delivery.id)} has no repository`);
    const { installationId } = primary;
    /** A probe is over when its call must be. */
    const rulesFor = (timeoutMs: number): BreakerRules => ({
      ...BREAKER_RULES,
      probeMs: timeoutMs + GRACE_MS,
      ...deps.breaker,
    });
    let run: Used = NOTHING;

    /** A closed breaker is only read: nobody waits for another's call to be admitted. */
    const admitTo = async (tx: Tx, endpoint: string, at: Date, rules: BreakerRules): Promise<Admission> => {
      const seen = await readBreaker(tx.sql, endpoint);
      if (seen.state === "closed") return { go: true, next: seen };
      return admitCall(await lockBreaker(tx, endpoint, at), at.getTime(), rules);
    };

    const refuse = (shortage: Shortage) => {
      deps.on.refused(shortage);
      return err({ kind: "over_budget", shortage } as const);
    };

    return {
      admit: async ({ role, model, inputTokens, outputTokens, timeoutMs }) => {
        const at = clock();
        const rules = rulesFor(timeoutMs);
        const endpoint = endpointOf(deps.baseUrl, model);
        const key: CallKey = { deliveryId: delivery.id, installationId, attempt: delivery.attempt, role, contextHash };
        const micros = costOf(model, { inputTokens, outputTokens });
        const need: Need = { tokens: inputTokens + outputTokens, micros, model };
        const held = await db.transaction(async (tx) => {
          await lockBudgets(tx, installationId);
          // The freeze is put under the same lock; a trigger refuses the row all the same.
          if (await isFrozen(tx.sql, delivery.id)) throw new FrozenError(`no model is paid for ${role}`);
          await releaseOrphans(tx, key, at);
          const own: Account[] = [
            { scope: "run", limits: runLimits(budget), used: run, until: null },
            {
              scope: "delivery",
              limits: deliveryLimits(budget, await allowedTo(tx.sql, delivery.id)),
              used: await usedBy(tx.sql, delivery.id),
              until: null,
            },
          ];
          const day: Account = {
            scope: "day",
            limits: deps.dayLimits,
            used: await usedOn(tx.sql, installationId, dayOf(at)),
            until: instant(dayEnd(at)),
          };
          const admission = await admitTo(tx, endpoint, at, rules);
          if (!admission.go && admission.next.state !== "closed") {
            return { kind: "away", until: instant(new Date(admission.next.until)) } as const;
          }
          const verdict = judgeCall(budget.mode, own, [day], need);
          if (verdict.kind === "refuse") {
            await append(tx, deliveryName(delivery.id), [
              {
                deliveryId: delivery.id,
                at: instant(at),
                actor: { kind: "system", id: "budget" },
                action: "call_refused",
                entity: { kind: "budget", id: deliveryName(delivery.id) },
                before: null,
                after: { role, attempt: delivery.attempt, mode: budget.mode, ...verdict.shortage },
                note: null,
                traceId,
              },
            ]);
            return verdict;
          }
          if (admission.next.state !== "closed") await keepBreaker(tx, endpoint, admission.next, at);
          const expiresAt = new Date(at.getTime() + timeoutMs + GRACE_MS);
          return hold(tx, { key, need, over: verdict.over, day: dayOf(at), at, expiresAt });
        });
        if (typeof held !== "number") {
          if (held.kind === "refuse") return refuse(held.shortage);
          return err({ kind: "endpoint_away", endpoint, until: held.until, failure: null });
        }
        await crash("budget.after.reserve");

        return ok({
          settle: async (end: CallEnd) => {
            const now = clock();
            const { usage } = end;
            const known = isKnown(end);
            // An endpoint may call the model by a name that has no price.
            const costMicros = known ? (costOf(end.model, usage) ?? costOf(model, usage)) : null;
            const durationMs = Math.max(0, now.getTime() - at.getTime());
            const tokens = usage.inputTokens + usage.outputTokens;
            const counts = known
              ? { tokens, micros: costMicros ?? 0 }
              : { tokens: need.tokens, micros: need.micros ?? 0 };
            run = plus(run, { ...counts, ms: durationMs });
            await crash("budget.before.settle");
            const { failure } = end;
            const about = { endpoint, deliveryId: delivery.id, traceId, failure, at: now, rules };
            const until = await db.transaction(async (tx) => {
              await settleCall(tx, held, { usage, costMicros, durationMs, known, at: now });
              return hearCall(tx, about);
            });
            deps.on.settled({ role, tokens, micros: costMicros, known });
            await crash("budget.after.settle");
            return until === null ? null : { endpoint, until };
          },
        });
      },
    };
  };
