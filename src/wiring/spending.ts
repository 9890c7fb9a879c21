// What the operator says of spending, from the environment: prices beside the table, and the limits of a day.
import type { Limits } from "../agent/budget/amounts.ts";
import type { OnSpending } from "../agent/budget/meter.ts";
import { microsOf, msOf } from "../agent/budget/rules.ts";
import { type CostOf, costsWith } from "../agent/prices.ts";
import type { ModelEnv } from "../env.ts";
import type { Metrics } from "../ops/metrics.ts";

/** `dayLimits`: of all deliveries of an installation on one UTC day. */
export type Spending = Readonly<{ costOf: CostOf; dayLimits: Limits; baseUrl: string }>;

export const spendingOf = (env: ModelEnv): Spending => ({
  costOf: costsWith(env.MODEL_PRICES),
  baseUrl: env.OPENAI_BASE_URL,
  dayLimits: {
    tokens: env.BUDGET_DAY_TOKENS ?? null,
    micros: env.BUDGET_DAY_DOLLARS === undefined ? null : microsOf(env.BUDGET_DAY_DOLLARS),
    ms: env.BUDGET_DAY_MINUTES === undefined ? null : msOf(env.BUDGET_DAY_MINUTES),
  },
});

const costWords = (known: boolean, micros: number | null): string => {
  if (!known) return "lost";
  return micros === null ? "unpriced" : "known";
};

export const toldToMetrics = (metrics: Metrics): OnSpending => ({
  settled: ({ role, micros, known }) => {
    metrics.calls.inc({ role, cost: costWords(known, micros) });
    metrics.spent.inc({ role }, (micros ?? 0) / 1_000_000);
  },
  refused: ({ scope, unit }) => metrics.refused.inc({ scope, unit }),
});
