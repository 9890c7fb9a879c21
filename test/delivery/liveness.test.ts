// Rule M10 by enumeration: every state that can be come to is walked, so nothing is stuck and nothing goes round by itself.
import { describe, expect, it } from "vitest";
import { type Delivery, isTerminal, PHASES } from "../../src/delivery/delivery.ts";
import { stateName, statusName } from "../../src/delivery/docs/naming.ts";
import { machinePage } from "../../src/delivery/docs.ts";
import type { MachineEventType } from "../../src/delivery/event.ts";
import type { Example } from "../../src/delivery/examples/events.ts";
import { type Edge, explore, type Graph } from "../../src/delivery/explore.ts";
import { newborn, ofTwo, rollback } from "./reach.ts";

/** What somebody did on GitHub or with the app, beside commands. All else our own work and time do. */
const DONE_BY_PEOPLE: readonly MachineEventType[] = [
  ...(["hold_added", "hold_removed", "source_gone", "issue_edited", "trigger_repeated", "exit_shortened"] as const),
  ...(["gate_tampered", "base_moved", "base_rewritten", "head_unapproved", "head_restored"] as const),
  ...([
    "pull_closed",
    "pull_reopened",
    "pull_retargeted",
    "pull_target_restored",
    "pull_merged",
    "rolled_back",
    "rollback_ended",
  ] as const),
];

const typeOf = ({ recorded }: Example): MachineEventType => recorded.event.type;
const isOfPeople = (example: Example): boolean =>
  typeOf(example) === "command" || DONE_BY_PEOPLE.includes(typeOf(example));
const isTimer = (example: Example): boolean => typeOf(example) === "deadline" || typeOf(example) === "window_clean";

const isOfHolds = ({ label }: Example): boolean => /^(hold_|\/hold|\/resume)/.test(label);
/** How many approvals are missing changes no way, only its length. */
const isShort = ({ label }: Example): boolean => label.endsWith("more needed");

const few = (d: Delivery, left: number): Delivery => ({
  ...d,
  revisionsLeft: left,
  fixesLeft: left,
  restartsLeft: left,
});

/** A counter that can run out is enough of it; exit `close` is `observe` under another name. */
const alone = explore(
  (["plan", "review", "verify", "observe"] as const).map((exitPhase) => few(newborn({ exitPhase }), 1)),
  { follow: (example) => !isOfHolds(example) && !isShort(example) },
);

const held = explore([few(newborn(), 0)], {
  follow: (example) => (!isOfHolds(example) && !isShort(example)) || /^(hold_\w+, hold|\/resume)$/.test(example.label),
});

/** Of what people do to pull requests two repositories have hundreds of thousands of combinations, and no rule of their own. */
const together = explore([few(ofTwo(), 1)], {
  follow: (example) =>
    !isOfHolds(example) &&
    (typeOf(example) === "command" || !isOfPeople(example)) &&
    !/^resource_|dead$/.test(example.label),
});

/** A rollback begins elsewhere; once it has a plan it goes the way of all. */
const undoing = explore(
  (["verify", "observe"] as const).map((exitPhase) => few(rollback({ exitPhase }).delivery, 1)),
  { follow: (example) => !isOfHolds(example) && !isShort(example) },
);

const graphs: [string, Graph][] = [
  ["one repository, every exit", alone],
  ["a rollback", undoing],
  ["a hold that comes and goes at any time", held],
  ["two repositories", together],
];

const edgesBy = (edges: readonly Edge[], end: "from" | "to"): Map<Delivery, Edge[]> => {
  const by = new Map<Delivery, Edge[]>();
  for (const edge of edges) {
    const known = by.get(edge[end]);
    if (known === undefined) by.set(edge[end], [edge]);
    else known.push(edge);
  }
  return by;
};

describe.each(graphs)("%s", (_, { states, edges }) => {
  const live = states.filter((d) => !isTerminal(d));
  const names = (deliveries: readonly Delivery[]): string[] => [...new Set(deliveries.map(stateName))].sort();

  it("has many states, and each phase among them; nobody triages a rollback", () => {
    expect(states.length).toBeGreaterThan(1_000);
    const [first] = states;
    const phases = first?.undoes === undefined ? PHASES : PHASES.filter((phase) => phase !== "intake");
    expect(new Set(states.map(({ phase }) => phase))).toEqual(new Set(phases));
  });

  it("every live state is changed by something that an approver or the clock does, and not only ended", () => {
    const ways = edgesBy(edges, "from");
    const isWay = ({ example }: Edge): boolean =>
      example.label !== "/cancel" && (typeOf(example) === "command" || isTimer(example));
    expect(names(live.filter((d) => !(ways.get(d) ?? []).some(isWay)))).toEqual([]);
  });

  it("from every live state the good end can be come to", () => {
    const into = edgesBy(edges, "to");
    const reached = new Set(states.filter((d) => d.phase === "close" && d.runStatus === "succeeded"));
    for (const d of reached) for (const { from } of into.get(d) ?? []) reached.add(from);
    expect(names(live.filter((d) => !reached.has(d)))).toEqual([]);
  });

  it("nothing goes round without a person or a counter that shrinks", () => {
    const count = (d: Delivery): number => d.revisionsLeft + d.fixesLeft + d.restartsLeft;
    const own = edges.filter(({ from, to, example }) => !isOfPeople(example) && count(to) >= count(from));
    // Kahn: what nothing leads into is taken away until nothing is left; a circle would stay.
    const waiting = new Map(states.map((d) => [d, 0]));
    for (const { to } of own) waiting.set(to, (waiting.get(to) ?? 0) + 1);
    const out = edgesBy(own, "from");
    const free = states.filter((d) => waiting.get(d) === 0);
    for (const d of free) {
      for (const { to } of out.get(d) ?? []) {
        const left = (waiting.get(to) ?? 0) - 1;
        waiting.set(to, left);
        if (left === 0) free.push(to);
      }
    }
    expect(names(states.filter((d) => !free.includes(d) && (waiting.get(d) ?? 0) > 0))).toEqual([]);
  });

  it("no terminal state is left", () => {
    for (const { from, to } of edges) {
      if (isTerminal(from)) expect([to.phase, to.runStatus]).toEqual([from.phase, from.runStatus]);
    }
  });
});

describe("the page about the machine", () => {
  it("tells of every named state that a delivery of one repository comes to", () => {
    const sectionOf = (phase: string): string => page.split(`\n## ${phase}\n`)[1]?.split("\n## ")[0] ?? "";
    const page = machinePage();
    const names = [...new Map(alone.states.map((d) => [stateName(d), d])).values()].filter((d) => !isTerminal(d));
    const missing = names.filter(
      (d) => !sectionOf(d.phase).includes(`\`${statusName(d)}\``) && !page.includes(stateName(d)),
    );
    // Only a stray head that outlived a fix leads there: a longer history than the page tells.
    expect(missing.map(stateName)).toEqual(["verify/blocked(unapproved_head) · fix unwritten"]);
  });
});
