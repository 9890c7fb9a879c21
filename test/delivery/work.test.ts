// Which work belongs to a state, and where nothing is missing but the publication of a gate.
import { describe, expect, it } from "vitest";
import type { Delivery } from "../../src/delivery/delivery.ts";
import type { Work } from "../../src/delivery/effect.ts";
import { isShowing, workOf } from "../../src/delivery/work.ts";
import { STATES } from "./states.ts";

const works: Readonly<Record<string, Work | "showing" | null>> = {
  "intake pending": "triage",
  "intake running": "triage",
  "plan pending": "plan",
  "plan running": "plan",
  "plan showing": "showing",
  "plan pending: again": "showing",
  "plan succeeded": null,
  "implement pending": "propose",
  "implement running": "propose",
  "implement a fix pending": "propose",
  "implement undoing": "revert",
  "review pending": "showing",
  "review succeeded": null,
  "verify pending: write": "write",
  "verify pending: watch": "watch",
  "verify running": "watch",
  "deploy pending": "assess",
  "deploy running": "assess",
  "deploy showing": "showing",
  "deploy succeeded": null,
  "observe pending: ship": "ship",
  "observe pending: window": "observe",
  "observe running": "observe",
  "close pending": "close",
  "close running": "close",
  "close succeeded": null,
};

const all = Object.entries(STATES).flatMap(([phase, states]) =>
  states.map(({ name, state }): [string, Delivery] => [`${phase} ${name}`, state]),
);

describe("the work", () => {
  it.each(all.filter(([name]) => !name.includes("never")))("of %s", (name, state) => {
    // What failed, is blocked or ended waits for somebody.
    const expected = works[name] ?? null;
    expect(workOf(state)).toBe(expected === "showing" ? null : expected);
    expect(isShowing(state)).toBe(expected === "showing");
  });

  it("is told for every state that is under way", () => {
    const underWay = all.filter(
      ([name, { runStatus }]) => !name.includes("never") && /pending|running/.test(runStatus),
    );
    expect(underWay.map(([name]) => name).filter((name) => works[name] === undefined)).toEqual([]);
  });
});
