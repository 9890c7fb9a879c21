// What approving a plan will cost: made once, with the plan, and kept with it. Pure.
import type { CostOf } from "../prices.ts";

/** `most`: no past calls were there to learn from, so the answers count as long as they may be. */
export type Forecast = Readonly<{ tokens: number; micros: number | null; most: boolean; pastCalls: number }>;

export type Forecasting = Readonly<{
  /** What the patches of each repository will be asked with, in tokens. */
  questions: readonly number[];
  /** The role's bound of one answer, in tokens. */
  bound: number;
  /** How long past answers of this role were in this installation, in tokens. */
  past: readonly number[];
  model: string;
  costOf: CostOf;
}>;

/** Fewer say nothing of the next one. */
const ENOUGH_PAST = 3;

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
};

/**
 * One call for each repository: the question as it would be asked from the planner's own briefing, and an answer as long as the median of
 * the past ones, never longer than the role's bound. The same facts give the same forecast. Repairs, and files that are read for the
 * patches alone, are not in it.
 */
export const forecastOf = ({ questions, bound, past, model, costOf }: Forecasting): Forecast => {
  const most = past.length < ENOUGH_PAST;
  const answer = most ? bound : Math.min(bound, median(past));
  const inputTokens = questions.reduce((sum, tokens) => sum + tokens, 0);
  const outputTokens = questions.length * answer;
  return {
    tokens: inputTokens + outputTokens,
    micros: costOf(model, { inputTokens, outputTokens }),
    most,
    pastCalls: past.length,
  };
};
