// What models cost: one table with its date. A model that is not in it costs `unknown`, never zero.
import type { Usage } from "./engine.ts";

/** US dollars for a million tokens of the provider's standard tier, as of 7 August 2025. */
const PRICES: Readonly<Record<string, Readonly<{ input: number; output: number }>>> = {
  "gpt-4o": { input: 2.5, output: 10 },
  "gpt-4o-mini": { input: 0.15, output: 0.6 },
  "gpt-4.1": { input: 2, output: 8 },
  "gpt-4.1-mini": { input: 0.4, output: 1.6 },
  "gpt-4.1-nano": { input: 0.1, output: 0.4 },
  o3: { input: 2, output: 8 },
  "o4-mini": { input: 1.1, output: 4.4 },
  "gpt-5": { input: 1.25, output: 10 },
  "gpt-5-mini": { input: 0.25, output: 2 },
  "gpt-5-nano": { input: 0.05, output: 0.4 },
};

/** Endpoints answer with dated names such as `gpt-4o-2024-08-06`. */
const withoutDate = (model: string): string => model.replace(/-\d{4}-\d{2}-\d{2}$/, "");

/** Millionths of a US dollar, rounded up; null when the model is not in the table. */
export function costMicros(model: string, usage: Usage): number | null {
  const price = PRICES[withoutDate(model)];
  // Dollars a million tokens are millionths of a dollar a token.
  return price === undefined ? null : Math.ceil(usage.inputTokens * price.input + usage.outputTokens * price.output);
}
