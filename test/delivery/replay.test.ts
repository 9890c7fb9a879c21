// The ledger alone gives the state back, and says where it does not hold together.
import { describe, expect, it } from "vitest";
import { difference } from "../../src/delivery/account.ts";
import { replay, type StateChange } from "../../src/delivery/replay.ts";
import { go, newborn } from "./reach.ts";

const first = newborn();
const second = go(first, "triaged, GO");
const third = go(second, "plan_made");
const born: StateChange = { before: null, after: first };
const changes = [born, difference(first, second), { before: null, after: null }, difference(second, third)];

const at = (entry: number, change: StateChange): StateChange[] =>
  changes.map((each, i) => (i === entry ? change : each));

describe("replay", () => {
  it("puts what changed on one another", () => {
    expect(replay(changes)).toEqual({ ok: true, value: third });
  });

  it("does not mind the order of keys, which Postgres does not keep", () => {
    const turned: unknown = JSON.parse(JSON.stringify(changes), (_, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    );
    if (!Array.isArray(turned)) throw new Error("a list went in");
    expect(replay(turned)).toEqual({ ok: true, value: third });
  });

  it("takes away a key that is there no more", () => {
    const waiting = { ...third, version: third.version + 1, unproven: ["AC-1"] };
    const { unproven: _, ...gone } = { ...waiting, version: waiting.version + 1 };
    const entries: unknown = JSON.parse(
      JSON.stringify([...changes, difference(third, waiting), difference(waiting, gone)]),
    );
    if (!Array.isArray(entries)) throw new Error("a list went in");
    expect(replay(entries)).toEqual({ ok: true, value: gone });
  });

  const broken: readonly (readonly [string, readonly StateChange[], number, string])[] = [
    ["a missing birth", changes.slice(1), 0, "no_birth"],
    ["nothing at all", [], 0, "no_birth"],
    ["a missing entry", changes.filter((_, i) => i !== 1), 2, "does_not_follow"],
    ["entries in another order", [born, difference(second, third), difference(first, second)], 1, "does_not_follow"],
    ["a second birth", [...changes, born], 4, "born_twice"],
    ["a birth that is no state", at(0, { before: null, after: { ...first, phase: "lunch" } }), 0, "not_a_state"],
    ["a change to no state", at(1, { before: {}, after: { phase: "lunch" } }), 1, "not_a_state"],
    ["a change that is none", at(1, { before: "plan", after: 3 }), 1, "not_a_state"],
    [
      "an altered value before",
      at(3, { ...difference(second, third), before: { plan: second.targets } }),
      3,
      "does_not_follow",
    ],
    ["a version left out", at(1, { before: { version: 1 }, after: { version: 3 } }), 1, "version_skipped"],
  ];
  it.each(broken)("finds %s", (_, entries, entry, problem) => {
    expect(replay(entries)).toEqual({ ok: false, error: { entry, problem } });
  });
});
