// What models cost: one table with its date, and the operator's own. A model that is in neither costs `unknown`, never zero.
import type { Usage } from "./engine.ts";

/** US dollars for a million tokens. */
export type Price = Readonly<{ input: number; output: number }>;

/** Of the provider's standard tier, as of 7 August 2025. */
const PRICES: Readonly<Record<string, Price>> = {
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
export const withoutDate = (model: string): string => model.replace(/-\d{4}-\d{2}-\d{2}$/, "");

/** Millionths of a US dollar, rounded up; null when nobody said what the model costs. */
export type CostOf = (model: string, usage: Usage) => number | null;

/** The operator's prices count before the table's, and a dated name before the plain one. */
export const costsWith = (own: ReadonlyMap<string, Price>): CostOf => {
  const known = new Map([...Object.entries(PRICES), ...own]);
  return (model, usage) => {
    const price = known.get(model) ?? known.get(withoutDate(model));
    // Dollars a million tokens are millionths of a dollar a token.
    return price === undefined ? null : Math.ceil(usage.inputTokens * price.input + usage.outputTokens * price.output);
  };
};
