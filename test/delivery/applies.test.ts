// What help and refusals offer is what the machine accepts.
import { describe, expect, it } from "vitest";
import { applicable } from "../../src/delivery/applies.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import type { Ask } from "../../src/delivery/event.ts";
import { go, newborn, step } from "./reach.ts";

const gate = go(newborn(), "triaged, GO", "plan_made", "gate_published, plan");
const review = go(gate, "/approve", "patches_made", "gate_published, review");
const watching = go(review, "/approve", "written");
const done = go(watching, "pull_merged", "window_clean", "close_published");

const offers: readonly (readonly [string, Delivery, readonly Ask["name"][]])[] = [
  ["while triage runs", newborn(), ["cancel", "hold", "budget", "exit"]],
  ["after NO-GO", go(newborn(), "triaged, NO_GO"), ["cancel", "plan", "hold", "budget", "exit"]],
  ["at the plan", gate, ["approve", "reject", "revise", "cancel", "hold", "budget", "exit"]],
  ["at the patches", review, ["approve", "reject", "revise", "cancel", "hold", "budget", "exit"]],
  ["while checks run", watching, ["revise", "cancel", "hold", "accept", "budget", "exit"]],
  ["after red checks", go(watching, "checks_red"), ["revise", "retry", "cancel", "hold", "accept", "budget", "exit"]],
  [
    "at a strange head",
    go(watching, "head_unapproved"),
    ["approve", "retry", "cancel", "hold", "accept", "budget", "exit"],
  ],
  [
    "after a policy block",
    go(gate, "/approve", "policy_blocked"),
    ["revise", "retry", "cancel", "hold", "budget", "exit"],
  ],
  ["on hold", go(gate, "/hold"), ["cancel", "resume"]],
  ["frozen", go(gate, "hold_added, freeze"), ["cancel", "hold"]],
  ["when merged and over", done, ["rollback"]],
  ["when canceled", go(gate, "/cancel"), []],
];

describe("what applies", () => {
  it.each(offers)("%s", (_, d, names) => {
    expect(applicable(d)).toEqual(names);
  });

  it("is told by a refusal", () => {
    expect(step(newborn(), "/approve")).toEqual({
      kind: "refused",
      refusal: {
        code: "not_now",
        phase: "intake",
        runStatus: "pending",
        applies: ["cancel", "hold", "budget", "exit"],
      },
      effects: [{ kind: "answer", commandId: 1, refusal: expect.objectContaining({ code: "not_now" }) }],
    });
    expect(step(done, "/approve")).toMatchObject({ refusal: { code: "over", applies: ["rollback"] } });
  });
});
