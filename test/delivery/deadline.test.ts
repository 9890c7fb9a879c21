// Rule M9: time runs from entering a state, and stands still while a hold stands.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DeadlineOf, NO_DEADLINE, nextDeadline, startDeadline } from "../../src/delivery/deadline.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { runs } from "../support/runs.ts";
import { go, newborn } from "./reach.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 10) + seconds * 1000);
const hour: DeadlineOf = (_phase, runStatus) => (runStatus === "failed" ? null : 3600);
const plan = go(newborn(), "triaged, GO");
const held: Delivery = { ...plan, holds: ["hold"] };

describe("a deadline", () => {
  it("starts when a state is entered", () => {
    expect(startDeadline(plan, hour, at(0))).toEqual({ ...NO_DEADLINE, deadlineAt: at(3600), deadlineSeconds: 3600 });
    expect(startDeadline(held, hour, at(0))).toEqual({
      ...NO_DEADLINE,
      deadlineSeconds: 3600,
      deadlineLeftSeconds: 3600,
    });
    expect(startDeadline({ ...plan, runStatus: "failed" }, hour, at(0))).toEqual(NO_DEADLINE);
  });

  it("starts anew with another phase, status or attempt, and so does its reminder", () => {
    const reminded = { ...startDeadline(plan, hour, at(0)), remindedAt: at(1800) };
    for (const change of [{ phase: "review" }, { runStatus: "running" }, { attempt: plan.attempt + 1 }] as const) {
      const next = nextDeadline(plan, { ...plan, ...change }, reminded, hour, at(2000));
      expect(next).toEqual({ ...NO_DEADLINE, deadlineAt: at(5600), deadlineSeconds: 3600 });
    }
  });

  it("is left alone by what changes neither", () => {
    const deadline = startDeadline(plan, hour, at(0));
    const approved = { ...plan, version: plan.version + 1, fixesLeft: 0 };
    expect(nextDeadline(plan, approved, deadline, hour, at(3000))).toBe(deadline);
    const two: Delivery = { ...held, holds: ["hold", "freeze"] };
    const stopped = nextDeadline(plan, held, deadline, hour, at(10));
    expect(nextDeadline(held, two, stopped, hour, at(20))).toBe(stopped);
    expect(nextDeadline(two, held, stopped, hour, at(30))).toBe(stopped);
  });

  it("runs for as long as no hold stands, whatever the pauses", () => {
    const seconds = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(fc.array(fc.tuple(seconds, seconds), { maxLength: 3 }), (turns) => {
        let now = 0;
        let pauses = 0;
        let deadline = startDeadline(plan, hour, at(0));
        for (const [run, pause] of turns) {
          now += run;
          deadline = nextDeadline(plan, held, deadline, hour, at(now));
          expect(deadline.deadlineAt).toBeNull();
          now += pause;
          pauses += pause;
          deadline = nextDeadline(held, plan, deadline, hour, at(now));
        }
        expect(deadline).toEqual({ ...NO_DEADLINE, deadlineAt: at(3600 + pauses), deadlineSeconds: 3600 });
      }),
      runs(100),
    );
  });

  it("that has passed already stays passed through a hold, and one that was taken off stays off", () => {
    const deadline = startDeadline(plan, hour, at(0));
    const late = nextDeadline(plan, held, deadline, hour, at(9999));
    expect(late.deadlineLeftSeconds).toBe(0);
    expect(nextDeadline(held, plan, late, hour, at(20_000)).deadlineAt).toEqual(at(20_000));
    const taken = { ...deadline, deadlineAt: null };
    expect(nextDeadline(plan, held, taken, hour, at(1))).toBe(taken);
    expect(nextDeadline(held, plan, taken, hour, at(1))).toBe(taken);
  });
});
