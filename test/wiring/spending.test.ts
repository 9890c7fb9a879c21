// What the operator says of spending becomes prices and the limits of a day; what is not said bounds nothing.
import { describe, expect, it } from "vitest";
import type { ModelEnv } from "../../src/env.ts";
import { spendingOf } from "../../src/wiring/spending.ts";

const env = (change: Partial<ModelEnv> = {}): ModelEnv => ({
  OPENAI_API_KEY: "k",
  OPENAI_BASE_URL: "https://models.example/v1",
  OPENAI_API: "auto",
  OPENAI_MODEL: "m",
  MODEL_PRICES: new Map(),
  ...change,
});
const usage = { inputTokens: 1_000, outputTokens: 100 };

describe("an operator's spending", () => {
  it("has no limit of a day where none is set", () => {
    expect(spendingOf(env()).dayLimits).toEqual({ tokens: null, micros: null, ms: null });
  });

  it("is counted in tokens, millionths of a dollar and milliseconds", () => {
    const set = env({ BUDGET_DAY_TOKENS: 5_000, BUDGET_DAY_DOLLARS: 12.5, BUDGET_DAY_MINUTES: 90 });
    expect(spendingOf(set).dayLimits).toEqual({ tokens: 5_000, micros: 12_500_000, ms: 5_400_000 });
  });

  it("goes by the operator's price before the table's, and is unknown for a model that is in neither", () => {
    const { costOf } = spendingOf(env({ MODEL_PRICES: new Map([["gpt-4o", { input: 1, output: 2 }]]) }));
    expect(costOf("gpt-4o", usage)).toBe(1_200);
    expect(costOf("gpt-4.1-2025-04-14", usage)).toBe(2_800);
    expect(costOf("m", usage)).toBeNull();
  });
});
