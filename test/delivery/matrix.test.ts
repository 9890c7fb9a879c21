// The answer to every event in every phase and status, against tables that were read and checked by eye.
import { describe, expect, it } from "vitest";
import { type Delivery, PHASES, type Phase, RUN_STATUSES } from "../../src/delivery/delivery.ts";
import { ASK_NAMES, EVENT_TYPES } from "../../src/delivery/event.ts";
import { examples } from "../../src/delivery/examples/events.ts";
import type { Refusal } from "../../src/delivery/refusal.ts";
import { transition } from "../../src/delivery/transition.ts";
import { nameOf } from "./reach.ts";
import { type Named, STATES } from "./states.ts";

const REFUSED: Record<Refusal["code"], string> = {
  not_now: "-",
  over: "-",
  on_hold: "-hold",
  still_publishing: "-soon",
  stale: "-old",
  unknown_code: "-code",
  superseded_code: "-was",
  rejected_code: "-no",
  expired: "-over-age",
  code_required: "-quote",
  already_approved: "-twice",
  owns_nothing_here: "-owner",
  name_one: "-which",
  no_such_target: "-none",
  cause_remains: "-cause",
  nothing_to_revise: "-empty",
  no_such_criterion: "-crit",
  exit_not_nearer: "-far",
  exit_passed: "-past",
  exit_undoes_nothing: "-early",
  undone_already: "-undone",
  not_yet_available: "-later",
};

const short = (d: Delivery): string => `${d.phase.slice(0, 3)}.${d.runStatus.slice(0, 4)}`;

/** `.` stale, `noted`, `-…` refused, `=` the state itself stays, otherwise where it goes. */
const answer = (from: Delivery, label: string): string => {
  const answers = examples(from)
    .filter((example) => example.label === label)
    .map(({ recorded }) => {
      const step = transition(from, recorded);
      switch (step.kind) {
        case "moved":
          return nameOf(step.next) === nameOf(from) && step.next.attempt === from.attempt ? "=" : short(step.next);
        case "noted":
          return "noted";
        case "refused":
          return REFUSED[step.refusal.code];
        default:
          return ".";
      }
    });
  return [...new Set(answers)].join("|") || " ";
};

const matrix = (states: readonly Named[]): string => {
  // The fullest state has the most examples, and so the order in which the rest fits in.
  const labelsOf = ({ state }: Named) => examples(state).map(({ label }) => label);
  const labels = [
    ...new Set(
      states
        .map(labelsOf)
        .sort((a, b) => b.length - a.length)
        .flat(),
    ),
  ];
  const rows = labels.map((label) => [label, ...states.map(({ state }) => answer(state, label))]);
  const isStale = ([, ...cells]: readonly string[]): boolean => cells.every((cell) => cell === ".");
  const shown = rows.filter((row) => !isStale(row));
  const numbered = ["", ...states.map((_, i) => `${i + 1}`)];
  const widths = numbered.map((_, column) => Math.max(...[numbered, ...shown].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  return [
    ...states.map(({ name, state }, i) => `${`${i + 1}`.padStart(2)}  ${name.padEnd(20)} ${nameOf(state)}`),
    "",
    ...[numbered, ...shown].map(line),
    "",
    "stale in all of them:",
    ...rows.filter(isStale).map(([label]) => `  ${label}`),
    "",
  ].join("\n");
};

describe("the matrix", () => {
  it("has every phase and status", () => {
    const named = PHASES.flatMap((phase) => STATES[phase].map(({ state }) => `${state.phase}/${state.runStatus}`));
    const all = PHASES.flatMap((phase) => RUN_STATUSES.map((status) => `${phase}/${status}`));
    expect(all.filter((each) => !named.includes(each))).toEqual([]);
  });

  it("has every event and every command in each of them", () => {
    for (const { state } of Object.values(STATES).flat()) {
      const events = examples(state).map(({ recorded }) => recorded.event);
      expect(new Set(events.map(({ type }) => type))).toEqual(new Set(EVENT_TYPES));
      expect(new Set(events.flatMap((event) => (event.type === "command" ? event.ask.name : [])))).toEqual(
        new Set(ASK_NAMES),
      );
    }
  });

  it.each(PHASES)("of %s", async (phase: Phase) => {
    await expect(matrix(STATES[phase])).toMatchFileSnapshot(`matrix/${phase}.txt`);
  });

  it("of deliveries on hold", async () => {
    const held = (named: Named): Named => ({ ...named, state: { ...named.state, holds: ["hold"] } });
    const states = PHASES.flatMap((phase) => STATES[phase].slice(0, 1)).map(held);
    await expect(matrix(states)).toMatchFileSnapshot("matrix/on-hold.txt");
  });
});
