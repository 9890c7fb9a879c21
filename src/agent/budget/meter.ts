// The meter of a run: each call is judged against all budgets, set aside, and settled with what the endpoint counted.
import type { CrashPoint } from "../../crash-points.ts";
import type { Database } from "../../db/database.ts";
import type { Shortage } from "../../delivery/shortage.ts";
import { type Digest, deliveryName } from "../../ids.ts";
import { type Clock, instant } from "../../instant.ts";
import { append } from "../../ledger/append.ts";
import { err, ok } from "../../result.ts";
import type { Assignment } from "../assignment.ts";
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
  /** The most that one call lasts, in milliseconds. */
  timeoutMs: number;
  on: OnSpending;
}>;

/** Beyond the time-out of the call itself, until a reservation counts as left behind. */
const GRACE_MS = 60_000;

/** A call whose answer never arrived may have been paid for; nobody can tell. */
const isKnown = ({ failure, usage }: CallEnd): boolean =>
  usage.inputTokens + usage.outputTokens > 0 || (failure?.code !== "timeout" && failure?.code !== "network");

/** A new one for each run: it remembers what the run has used. */
export const budgetMeter =
  (deps: BudgetDeps) =>
  (assignment: Assignment, contextHash: Digest): Meter => {
    const { db, clock, crash, costOf } = deps;
    const { delivery, traceId, repos, budget } = assignment;
    const [primary] = repos;
    if (primary === undefined) throw new Error(`${deliveryName(delivery.id)} has no repository`);
    const { installationId } = primary;
    let run: Used = NOTHING;

    const refuse = (shortage: Shortage) => {
      deps.on.refused(shortage);
      return err({ kind: "over_budget", shortage } as const);
    };

    return {
      admit: async ({ role, model, inputTokens, outputTokens }) => {
        const at = clock();
        const key: CallKey = { deliveryId: delivery.id, installationId, attempt: delivery.attempt, role, contextHash };
        const micros = costOf(model, { inputTokens, outputTokens });
        const need: Need = { tokens: inputTokens + outputTokens, micros, model };
        const held = await db.transaction(async (tx) => {
          await lockBudgets(tx, installationId);
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
          const expiresAt = new Date(at.getTime() + deps.timeoutMs + GRACE_MS);
          return hold(tx, { key, need, over: verdict.over, day: dayOf(at), at, expiresAt });
        });
        if (typeof held !== "number") return refuse(held.shortage);
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
            run = plus(run, { tokens, micros: costMicros ?? 0, ms: durationMs });
            await crash("budget.before.settle");
            await db.transaction((tx) => settleCall(tx, held, { usage, costMicros, durationMs, known, at: now }));
            deps.on.settled({ role, tokens, micros: costMicros, known });
            await crash("budget.after.settle");
          },
        });
      },
    };
  };
