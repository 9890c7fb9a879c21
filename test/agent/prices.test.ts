import { expect, it } from "vitest";
import { costMicros } from "../../src/agent/prices.ts";

it("prices a dated model like its family, in millionths of a dollar", () => {
  expect(costMicros("gpt-4o-2024-08-06", { inputTokens: 1_000_000, outputTokens: 0 })).toBe(2_500_000);
  expect(costMicros("gpt-4o-mini", { inputTokens: 1, outputTokens: 1 })).toBe(1);
});

it("says unknown, never zero, of a model without a price", () => {
  expect(costMicros("some-model", { inputTokens: 1, outputTokens: 1 })).toBeNull();
});
