// What is left of a budget, and which calls it lets through.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Account,
  judgeCall,
  type Limits,
  type Need,
  plus,
  shortageIn,
  UNLIMITED,
} from "../../../src/agent/budget/amounts.ts";
import { BudgetRules, dayEnd, dayOf, deliveryLimits, runLimits } from "../../../src/agent/budget/rules.ts";
import { instant } from "../../../src/instant.ts";
import { runs } from "../../support/runs.ts";

const TOMORROW = instant("2026-11-22T00:00:00Z");

const account = (
  limits: Partial<Limits>,
  used: Partial<Account["used"]> = {},
  scope: Account["scope"] = "delivery",
) => ({
  scope,
  limits: { ...UNLIMITED, ...limits },
  used: { tokens: 0, micros: 0, ms: 0, ...used },
  until: scope === "day" ? TOMORROW : null,
});

const need = (tokens: number, micros: number | null = 0): Need => ({ tokens, micros, model: "m" });

describe("the first limit that a call would break", () => {
  const cases: readonly [string, Account, Need, object | null][] = [
    ["nothing is limited", account({}), need(1e9, null), null],
    ["the last of it fits", account({ tokens: 100 }, { tokens: 40 }), need(60), null],
    [
      "one token more does not",
      account({ tokens: 100 }, { tokens: 40 }),
      need(61),
      { unit: "tokens", limit: 100, used: 40, needed: 61 },
    ],
    ["the last cent fits", account({ micros: 100 }, { micros: 40 }), need(1, 60), null],
    [
      "one more does not",
      account({ micros: 100 }, { micros: 40 }),
      need(1, 61),
      { unit: "money", used: 40, needed: 61 },
    ],
    [
      "a price that nobody knows, under a limit of money",
      account({ micros: 100 }),
      need(1, null),
      { unit: "price", limit: 100, needed: 0 },
    ],
    ["the same without one", account({ tokens: 100 }), need(1, null), null],
    ["time that is not over", account({ ms: 100 }, { ms: 99 }), need(1), null],
    ["time that is over", account({ ms: 100 }, { ms: 100 }), need(1), { unit: "time", limit: 100, used: 100 }],
    ["of a day, until the next", account({ tokens: 1 }, {}, "day"), need(2), { scope: "day", until: TOMORROW }],
  ];
  it.each(cases)("%s", (_name, of, wanted, expected) => {
    const short = shortageIn([of], wanted);
    if (expected === null) expect(short).toBeNull();
    else expect(short).toMatchObject(expected);
  });
});

describe("a mode", () => {
  const own = [account({ tokens: 10 })];
  const day = [account({ tokens: 10 }, {}, "day")];
  it("strict refuses, warn says so, off only counts", () => {
    expect(judgeCall("strict", own, [], need(11))).toMatchObject({ kind: "refuse", shortage: { scope: "delivery" } });
    expect(judgeCall("warn", own, [], need(11))).toMatchObject({ kind: "pass", over: { scope: "delivery" } });
    expect(judgeCall("off", own, [], need(11))).toEqual({ kind: "pass", over: null });
  });
  it.each(["strict", "warn", "off"] as const)("%s does not loosen the operator's limits", (mode) => {
    expect(judgeCall(mode, [], day, need(11))).toMatchObject({ kind: "refuse", shortage: { scope: "day" } });
  });
});

it("in strict mode, calls that were let pass never use more than any limit of tokens or money, in any order", () => {
  const limit = fc.option(fc.nat(1_000), { nil: null });
  const calls = fc.array(
    fc.record({
      tokens: fc.nat(300),
      micros: fc.option(fc.nat(300), { nil: null }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  );
  fc.assert(
    fc.property(limit, limit, limit, calls, (tokens, micros, dayTokens, all) => {
      let used = { tokens: 0, micros: 0, ms: 0 };
      for (const { share, ...each } of all) {
        const own = [account({ tokens, micros }, used)];
        if (
          judgeCall("strict", own, [account({ tokens: dayTokens }, used, "day")], need(each.tokens, each.micros))
            .kind === "refuse"
        )
          continue;
        // What was set aside is the most that it may cost.
        used = plus(used, {
          tokens: Math.floor(each.tokens * share),
          micros: Math.floor((each.micros ?? 0) * share),
          ms: 1,
        });
        if (tokens !== null) expect(used.tokens).toBeLessThanOrEqual(tokens);
        if (dayTokens !== null) expect(used.tokens).toBeLessThanOrEqual(dayTokens);
        if (micros !== null) expect(used.micros).toBeLessThanOrEqual(micros);
      }
    }),
    runs(200),
  );
});

it("reads limits in the units that are counted, with what was allowed beyond them", () => {
  const rules = BudgetRules.parse({ run: { tokens: 5_000, dollars: 0.29, minutes: 2 }, delivery: { dollars: 1.5 } });
  expect(rules.mode).toBe("strict");
  expect(runLimits(rules)).toEqual({ tokens: 5_000, micros: 290_000, ms: 120_000 });
  const allowed = { tokens: 9, micros: 500_000, ms: 60_000 };
  expect(deliveryLimits(rules, allowed)).toEqual({ tokens: 9, micros: 2_000_000, ms: null });
  // A snapshot of before there were budgets.
  expect(deliveryLimits(BudgetRules.parse(undefined), allowed)).toEqual({ tokens: 9, micros: null, ms: null });
});

it("knows the UTC day and its end, over the end of a year too", () => {
  const last = new Date("2026-12-31T23:59:59.999Z");
  expect(dayOf(last)).toBe("2026-12-31");
  expect(dayEnd(last).toISOString()).toBe("2027-01-01T00:00:00.000Z");
});
