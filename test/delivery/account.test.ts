// One ledger entry for every event: what changed, and what became of it.
import { describe, expect, it } from "vitest";
import { accountOf, difference } from "../../src/delivery/account.ts";
import { transition } from "../../src/delivery/transition.ts";
import { TraceId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { exampleOf, go, newborn } from "./reach.ts";

const trace = TraceId.parse("ab".repeat(16));
const at = instant("2026-11-21T10:05:00Z");
const account = (state: ReturnType<typeof newborn>, label: string) => {
  const { recorded } = exampleOf(state, label);
  return accountOf(state, recorded, transition(state, recorded), trace, at);
};

describe("the account of an event", () => {
  it("has the keys that changed, before and after", () => {
    const born = newborn();
    expect(account(born, "effect_started")).toEqual({
      deliveryId: born.id,
      at,
      actor: exampleOf(born, "effect_started").recorded.actor,
      action: "effect_started",
      entity: { kind: "delivery", id: "D-12" },
      before: { runStatus: "pending", version: 1 },
      after: { runStatus: "running", version: 2 },
      note: null,
      traceId: trace,
    });
  });

  it("calls a command by its name, and says why it was refused", () => {
    expect(account(newborn(), "/approve")).toMatchObject({
      action: "command.approve",
      before: null,
      after: null,
      note: "refused: not_now",
      actor: { kind: "human" },
    });
  });

  it("says of a note that it is one, and of what came too late that it did", () => {
    const plan = go(newborn(), "triaged, GO");
    expect(account(plan, "issue_edited")).toMatchObject({
      action: "issue_edited",
      before: null,
      after: null,
      note: "noted",
    });
    expect(account(plan, "triaged, GO")).toMatchObject({ action: "triaged", after: null, note: "stale" });
    expect(account(plan, "checks_red")).toMatchObject({ note: "stale: as an example" });
  });

  it("keeps the words that came with what moved it", () => {
    expect(account(newborn(), "effect_dead")).toMatchObject({
      after: { reason: "effect_dead" },
      note: "as an example",
    });
  });

  it("sees a change deep inside a key, and none where there is none", () => {
    const review = go(newborn(), "triaged, GO", "plan_made");
    expect(difference(review, { ...review })).toEqual({ before: {}, after: {} });
    const targets = review.targets.map((target) => ({ ...target, landed: "merged" as const }));
    expect(Object.keys(difference(review, { ...review, targets }).after)).toEqual(["targets"]);
  });
});
