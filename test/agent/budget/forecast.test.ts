// What is said of the cost before an approval: from the bounds of the roles, and from runs of the past.
import { describe, expect, it } from "vitest";
import { forecastOf, together } from "../../../src/agent/budget/forecast.ts";

const facts = {
  questions: [1_000, 500],
  bound: 16_000,
  past: [] as readonly Readonly<{ inputTokens: number; outputTokens: number }>[],
  model: "m",
  costOf: (model: string, usage: { inputTokens: number; outputTokens: number }) =>
    model === "m" ? usage.inputTokens + 10 * usage.outputTokens : null,
};

const out = (outputTokens: number) => ({ inputTokens: 0, outputTokens });

describe("a forecast", () => {
  it("counts answers as long as they may be while there is too little to learn from", () => {
    expect(forecastOf({ ...facts, past: [out(10), out(20)] })).toEqual({
      tokens: 33_500,
      micros: 1_500 + 320_000,
      most: true,
      pastRuns: 2,
    });
  });

  it("takes the median of past runs, whatever their order", () => {
    const expected = { tokens: 1_500 + 2 * 300, micros: 1_500 + 6_000, most: false };
    expect(forecastOf({ ...facts, past: [9_000, 300, 100].map(out) })).toMatchObject(expected);
    expect(forecastOf({ ...facts, past: [100, 9_000, 300].map(out) })).toMatchObject(expected);
    const asked = [700, 800, 900].map((inputTokens) => ({ inputTokens, outputTokens: 1 }));
    // The one question that is longer than usual counts as it is.
    expect(forecastOf({ ...facts, past: asked })).toMatchObject({ tokens: 1_000 + 800 + 2 });
  });

  it("says unknown, never zero, of a model without a price, and nothing of a plan without tasks", () => {
    expect(forecastOf({ ...facts, model: "other" })).toMatchObject({ micros: null });
    expect(forecastOf({ ...facts, questions: [] })).toMatchObject({ tokens: 0, micros: 0 });
  });
});

it("of several roles is known as far as each part is", () => {
  const known = { tokens: 10, micros: 5, most: false, pastRuns: 7 };
  expect(together([known, { ...known, most: true, pastRuns: 0 }])).toEqual({
    tokens: 20,
    micros: 10,
    most: true,
    pastRuns: 0,
  });
  expect(together([known, { ...known, micros: null }])).toMatchObject({ micros: null, most: false });
});
