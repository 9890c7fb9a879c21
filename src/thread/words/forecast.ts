// Forecasts in words: what approving will cost, and afterwards what it did cost beside that.
import { codeSpan } from "../defuse.ts";
import type { DeliveryView, RunView } from "../delivery-view.ts";
import type { PlanView } from "../proposal-view.ts";
import { dollars, showsCost } from "./cost.ts";
import { number } from "./phrase.ts";

type Amount = Readonly<{ tokens: number; micros: number | null }>;

/** Two digits are as much as a forecast knows. */
const rounded = (tokens: number): number => {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, tokens))) - 1);
  return Math.round(tokens / step) * step;
};

const amountOf = (view: DeliveryView, { tokens, micros }: Amount): string =>
  `${number(tokens)} tokens${micros === null || !showsCost(view) ? "" : `, ${codeSpan(dollars(micros))}`}`;

/** "about 40,000 tokens, `$0.09`"; null of plans that were made before there were forecasts. */
export const forecastWords = (view: DeliveryView, { forecast }: PlanView): string | null =>
  forecast === undefined
    ? null
    : `${forecast.most ? "up to" : "about"} ${amountOf(view, { ...forecast, tokens: rounded(forecast.tokens) })}`;

/** What was asked before the plan was approved is no part of it, nor what tells of the end. */
const OTHERS: readonly string[] = ["triage", "planner", "summariser"];

const sumOf = (runs: readonly RunView[]): Amount =>
  runs.reduce<Amount>(
    ({ tokens, micros }, { inputTokens, outputTokens, costMicros }) => ({
      tokens: tokens + inputTokens + outputTokens,
      micros: micros === null || costMicros === null ? null : micros + costMicros,
    }),
    { tokens: 0, micros: 0 },
  );

/** Revisions and retries are in what it came to, and never in the forecast. */
export const comparedWords = (view: DeliveryView, plan: PlanView | null): string | null => {
  const forecast = plan === null ? null : forecastWords(view, plan);
  const after = view.runs.filter(({ role }) => !OTHERS.includes(role));
  if (forecast === null || after.length === 0) return null;
  return `**Forecast** of the patches: ${forecast}. It came to ${amountOf(view, sumOf(after))}.`;
};
