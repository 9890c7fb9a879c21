// Rule M0: while a hold stands everything is written down and nothing is done; when the last one goes, work goes on.
import { describe, expect, it } from "vitest";
import { type Delivery, HOLDS, PHASES } from "../../src/delivery/delivery.ts";
import { examples } from "../../src/delivery/examples/events.ts";
import { transition } from "../../src/delivery/transition.ts";
import { workIn, workOf } from "../../src/delivery/work.ts";
import { go, newborn, step } from "./reach.ts";
import { STATES } from "./states.ts";

const live = PHASES.flatMap((phase) => STATES[phase]).filter(
  ({ state }) => state.runStatus !== "canceled" && state.phase !== "close",
);
const held = (d: Delivery): Delivery => ({ ...d, holds: ["freeze"] });

describe("while a hold stands", () => {
  it("results lead where they would, without work and without drawing", () => {
    for (const { state } of live) {
      for (const { label, recorded } of examples(state)) {
        // Holds themselves, deadlines and ages that stand still, and a merge that lifts its own hold are told below.
        if (recorded.event.type === "command" || /^(hold_|deadline|gate_expired)/.test(label)) continue;
        const free = transition(state, recorded);
        const stopped = transition(held(state), recorded);
        expect(stopped.kind).toBe(free.kind);
        if (free.kind === "noted")
          expect(stopped.effects).toEqual(free.effects.filter(({ kind }) => kind !== "publish"));
        if (free.kind !== "moved" || stopped.kind !== "moved") continue;
        expect(stopped.next).toEqual(held(free.next));
        const isOut = free.next.runStatus === "canceled";
        const books = free.effects.filter(({ kind }) => kind !== "work" && (isOut || kind !== "publish"));
        expect(stopped.effects).toEqual(books);
      }
    }
  });

  it("commands are refused, but to cancel, to hold, and to lift a hold", () => {
    for (const { state } of live) {
      for (const { recorded } of examples({ ...state, holds: ["freeze"] })) {
        if (recorded.event.type !== "command") continue;
        const { name } = recorded.event.ask;
        const done = transition(held(state), recorded);
        if (name === "cancel" || name === "hold") expect(done.kind).toBe("moved");
        else expect(done).toMatchObject({ kind: "refused", refusal: { code: "on_hold" } });
      }
    }
  });

  it("what a change of the world asks to be drawn is drawn when the hold goes", () => {
    expect(step(newborn(), "issue_edited").effects).toEqual([{ kind: "publish" }]);
    expect(step(held(newborn()), "issue_edited")).toEqual({ kind: "noted", effects: [] });
  });

  it("deadlines stand still", () => {
    expect(step(held(newborn()), "deadline").kind).toBe("stale");
  });

  it("no work belongs to the delivery, though it does to its state", () => {
    expect([workOf(held(newborn())), workIn(held(newborn()))]).toEqual([null, "triage"]);
  });
});

describe("a hold", () => {
  it.each(HOLDS)("%s comes once, is drawn, and starts the work of the state again when it goes", (hold) => {
    const d = go(newborn(), "triaged, GO");
    const added = step(d, `hold_added, ${hold}`);
    expect(added.effects).toEqual([{ kind: "publish" }]);
    const on = go(d, `hold_added, ${hold}`);
    expect(on.holds).toEqual([hold]);
    expect(step(on, `hold_added, ${hold}`).kind).toBe("stale");
    const removed = step(on, `hold_removed, ${hold}`);
    expect(removed.effects).toEqual([{ kind: "publish" }, { kind: "work", work: "plan", attempt: on.attempt }]);
    expect(step(d, `hold_removed, ${hold}`).kind).toBe("stale");
  });

  it("that goes while another stands starts nothing", () => {
    const two = go(newborn(), "hold_added, freeze", "hold_added, suspended");
    expect(step(two, "hold_removed, freeze").effects).toEqual([{ kind: "publish" }]);
  });

  it("starts the work of the state that was come to meanwhile", () => {
    const on = go(newborn(), "/hold", "triaged, GO");
    expect(step(on, "/resume").effects.map((effect) => (effect.kind === "work" ? effect.work : effect.kind))).toEqual([
      "answer",
      "publish",
      "plan",
    ]);
  });

  it("starts nothing where a gate waits", () => {
    const gate = go(newborn(), "triaged, GO", "plan_made", "gate_published, plan", "hold_added, unlabeled");
    expect(step(gate, "hold_removed, unlabeled").effects).toEqual([{ kind: "publish" }]);
  });

  it("of another kind is not lifted by /resume", () => {
    const on = go(newborn(), "hold_added, freeze");
    expect(step(on, "/resume")).toMatchObject({ kind: "refused", refusal: { code: "on_hold" } });
    expect(go(go(on, "/hold"), "/resume").holds).toEqual(["freeze"]);
    expect(step(newborn(), "/resume")).toMatchObject({ kind: "refused", refusal: { code: "not_now" } });
  });

  it("that stands is not put on again", () => {
    expect(step(go(newborn(), "/hold"), "/hold")).toMatchObject({ kind: "refused", refusal: { code: "on_hold" } });
  });
});
