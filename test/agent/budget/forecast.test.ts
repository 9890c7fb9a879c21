import { describe, expect, it } from "vitest";
import { forecastOf } from "../../../src/agent/budget/forecast.ts";

const facts = {
  questions: [1_000, 500],
  bound: 16_000,
  past: [] as readonly number[],
  model: "m",
  costOf: (model: string, usage: { inputTokens: number; outputTokens: number }) =>
    model === "m" ? usage.inputTokens + 10 * usage.outputTokens : null,
};

describe("a forecast", () => {
  it("counts answers as long as they may be while there is too little to learn from", () => {
    expect(forecastOf({ ...facts, past: [10, 20] })).toEqual({
      tokens: 33_500,
      micros: 1_500 + 320_000,
      most: true,
      pastCalls: 2,
    });
  });

  it("takes the median of past answers, whatever their order, and never more than the bound", () => {
    const expected = { tokens: 1_500 + 2 * 300, micros: 1_500 + 6_000, most: false };
    expect(forecastOf({ ...facts, past: [9_000, 300, 100] })).toMatchObject(expected);
    expect(forecastOf({ ...facts, past: [100, 9_000, 300] })).toMatchObject(expected);
    expect(forecastOf({ ...facts, past: [90_000, 90_000, 90_000] })).toMatchObject({ tokens: 33_500, most: false });
  });

  it("says unknown, never zero, of a model without a price, and nothing of a plan without tasks", () => {
    expect(forecastOf({ ...facts, model: "other" })).toMatchObject({ micros: null });
    expect(forecastOf({ ...facts, questions: [] })).toMatchObject({ tokens: 0, micros: 0 });
  });
});
