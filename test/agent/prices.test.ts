import { expect, it } from "vitest";
import { costsWith } from "../../src/agent/prices.ts";

const costMicros = costsWith(new Map());

it("prices a dated model like its family, in millionths of a dollar", () => {
  expect(costMicros("gpt-4o-2024-08-06", { inputTokens: 1_000_000, outputTokens: 0 })).toBe(2_500_000);
  expect(costMicros("gpt-4o-mini", { inputTokens: 1, outputTokens: 1 })).toBe(1);
});

it("says unknown, never zero, of a model without a price", () => {
  expect(costMicros("some-model", { inputTokens: 1, outputTokens: 1 })).toBeNull();
});

it("takes the operator's price before the table's, for a dated name before the plain one", () => {
  const cost = costsWith(
    new Map([
      ["gpt-4o", { input: 1, output: 1 }],
      ["gpt-4o-2024-08-06", { input: 3, output: 3 }],
      ["some-model", { input: 0, output: 0.5 }],
    ]),
  );
  const usage = { inputTokens: 10, outputTokens: 10 };
  expect(cost("gpt-4o", usage)).toBe(20);
  expect(cost("gpt-4o-2024-08-06", usage)).toBe(60);
  expect(cost("gpt-4o-2025-01-01", usage)).toBe(20);
  expect(cost("some-model", usage)).toBe(5);
});
