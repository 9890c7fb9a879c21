// What approving a plan will cost: made once, with the plan, and kept with it. Pure.
import type { Usage } from "../engine.ts";
import type { CostOf } from "../prices.ts";

/** `most`: no past runs were there to learn from, so the answers count as long as they may be. */
export type Forecast = Readonly<{ tokens: number; micros: number | null; most: boolean; pastRuns: number }>;

export type Forecasting = Readonly<{
  /** What each run will be asked with, in tokens. */
  questions: readonly number[];
  /** The role's bound of one answer, in tokens. */
  bound: number;
  /** What past runs of this role used in this installation, with their looks and repairs. */
  past: readonly Usage[];
  model: string;
  costOf: CostOf;
}>;

/** Fewer say nothing of the next one. */
const ENOUGH_PAST = 3;

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
};

const medianOf = (past: readonly Usage[]): Usage => ({
  inputTokens: median(past.map(({ inputTokens }) => inputTokens)),
  outputTokens: median(past.map(({ outputTokens }) => outputTokens)),
});

/** Of several roles: nothing is known of the whole where it is not known of a part. */
export const together = (parts: readonly Forecast[]): Forecast => ({
  tokens: parts.reduce((sum, { tokens }) => sum + tokens, 0),
  micros: parts.reduce<number | null>((sum, { micros }) => (sum === null || micros === null ? null : sum + micros), 0),
  most: parts.some(({ most }) => most),
  pastRuns: Math.min(...parts.map(({ pastRuns }) => pastRuns)),
});

/**
 * One run for each question. In: the question as it would be asked from the planner's own briefing, or the median of past runs where that is
 * more, because looks and repairs ask it again. Out: the median of past runs; without any, one answer as long as the role's
 * bound. The same facts give the same forecast.
 */
export const forecastOf = ({ questions, bound, past, model, costOf }: Forecasting): Forecast => {
  const most = past.length < ENOUGH_PAST;
  const usual = most ? { inputTokens: 0, outputTokens: bound } : medianOf(past);
  const inputTokens = questions.reduce((sum, tokens) => sum + Math.max(tokens, usual.inputTokens), 0);
  const outputTokens = questions.length * usual.outputTokens;
  return {
    tokens: inputTokens + outputTokens,
    micros: costOf(model, { inputTokens, outputTokens }),
    most,
    pastRuns: past.length,
  };
};
