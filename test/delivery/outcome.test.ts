// What each end and each stop is to a person.
import { describe, expect, it } from "vitest";
import { type Delivery, PHASES } from "../../src/delivery/delivery.ts";
import { type Outcome, outcomeOf } from "../../src/delivery/outcome.ts";
import { BLOCKED_REASONS } from "../../src/delivery/reason.ts";

type State = Pick<Delivery, "phase" | "runStatus" | "reason">;
const outcomes: readonly (readonly [State, Outcome | null])[] = [
  [{ phase: "close", runStatus: "succeeded", reason: null }, "done"],
  [{ phase: "close", runStatus: "succeeded", reason: "rolled_back" }, "failed"],
  [{ phase: "plan", runStatus: "succeeded", reason: null }, null],
  [{ phase: "implement", runStatus: "blocked", reason: "policy" }, "blocked_policy"],
  [{ phase: "verify", runStatus: "failed", reason: "ci_red" }, "needs_human"],
  [{ phase: "observe", runStatus: "failed", reason: "regressed" }, "needs_human"],
  [{ phase: "intake", runStatus: "failed", reason: "rejected" }, "failed"],
  [{ phase: "close", runStatus: "failed", reason: "effect_dead" }, "failed"],
];

describe("the outcome", () => {
  it.each(outcomes)("of %j is %s", (state, outcome) => {
    expect(outcomeOf(state)).toBe(outcome);
  });

  it("of work is none yet, and of a canceled delivery that", () => {
    for (const phase of PHASES) {
      expect(outcomeOf({ phase, runStatus: "pending", reason: null })).toBeNull();
      expect(outcomeOf({ phase, runStatus: "running", reason: null })).toBeNull();
      expect(outcomeOf({ phase, runStatus: "canceled", reason: "by_command" })).toBe("canceled");
    }
  });

  it("of every other block is a person's", () => {
    for (const reason of BLOCKED_REASONS.filter((each) => each !== "policy")) {
      expect(outcomeOf({ phase: "verify", runStatus: "blocked", reason })).toBe("needs_human");
    }
  });
});
