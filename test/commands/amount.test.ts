// What `/budget` takes as an amount, and what it does not.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amountOf } from "../../src/commands/amount.ts";
import { raiseOf } from "../../src/commands/raising.ts";
import { runs } from "../support/runs.ts";

const money = (micros: number) => ({ unit: "money", raise: { tokens: 0, micros, ms: 0 } });
const tokens = (count: number) => ({ unit: "tokens", raise: { tokens: count, micros: 0, ms: 0 } });

describe("an amount", () => {
  it.each([
    ["+50000", tokens(50_000)],
    ["+50k", tokens(50_000)],
    ["+1K", tokens(1_000)],
    ["+$2", money(2_000_000)],
    ["+$1.5", money(1_500_000)],
    ["+$0.05", money(50_000)],
    ["+30min", { unit: "time", raise: { tokens: 0, micros: 0, ms: 1_800_000 } }],
  ])("%s", (word, expected) => expect(amountOf(word)).toEqual(expected));

  it.each([
    "50k",
    "-50k",
    "+",
    "+k",
    "+0",
    "+0k",
    "+$0.00",
    "+0min",
    "+$1.505",
    "+1.5k",
    "+1e9",
    "+５０",
    "+50 k",
    "+999999999",
    "+50kk",
    "+$",
    "+30 min",
    "+50k\n",
  ])("%j is none", (word) => expect(amountOf(word)).toBeNull());
});

describe("a raise", () => {
  const none = { now: null, most: 10, stored: 0 };
  const facts = {
    tokens: { now: 200_000, most: 260_000, stored: 200_000 },
    money: { now: 2_000_000, most: 3_000_000, stored: 500_000 },
    time: none,
  };
  const asked = (word: string) => {
    const amount = amountOf(word);
    if (amount === null) throw new Error(word);
    return raiseOf(amount, facts);
  };

  it("stays within the operator's ceiling, and says so of what is stored beside the configured limit", () => {
    expect(asked("+60k")).toMatchObject({ ok: true, value: { tokens: 60_000, most: 260_000 } });
    expect(asked("+61k")).toEqual({
      ok: false,
      error: { code: "budget_ceiling", unit: "tokens", now: 200_000, most: 260_000 },
    });
    // 1.50 are configured: what is stored may become 1.50 too.
    expect(asked("+$1")).toMatchObject({ ok: true, value: { micros: 1_000_000, most: 1_500_000 } });
    expect(asked("+$1.01")).toMatchObject({ ok: false, error: { code: "budget_ceiling", unit: "money" } });
  });

  it("needs a limit", () => {
    expect(asked("+5min")).toEqual({ ok: false, error: { code: "budget_unlimited", unit: "time" } });
  });

  it("never allows more than the ceiling, whatever is asked", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), fc.nat(9_000_000), fc.nat(9_000_000), (more, now, most) => {
        const raised = raiseOf(
          { unit: "tokens", raise: { tokens: more, micros: 0, ms: 0 } },
          { ...facts, tokens: { now, most, stored: now } },
        );
        expect(raised.ok).toBe(now + more <= most);
      }),
      runs(200),
    );
  });
});
