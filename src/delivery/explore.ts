// Walks every state that a delivery can come to, by trying every example of every event in each: for the docs and the proofs. Pure.
import type { Delivery, GateSubject } from "./delivery.ts";
import { type Example, examples } from "./examples/events.ts";
import { transition } from "./transition.ts";
import { rule } from "./transitions/table.ts";

export type Edge = Readonly<{ from: Delivery; example: Example; to: Delivery }>;
export type Graph = Readonly<{ states: readonly Delivery[]; edges: readonly Edge[] }>;

/** More approvals than this make no difference to any rule; the examples ask for a quorum of 1 or 2. */
const APPROVALS_TOLD_APART = 2;

const shapeOfSubject = (subject: GateSubject | null) =>
  subject && [subject.shown !== null, Math.min(subject.approvals.length, APPROVALS_TOLD_APART), subject.approved];

/**
 * What rules look at. Two deliveries of one shape differ in names alone (digests, ids, versions, attempts), which rules compare
 * but never read, and in remembered codes, which only choose between two refusals.
 */
export const shapeOf = (d: Delivery): string =>
  JSON.stringify([
    d.phase,
    d.runStatus,
    d.reason,
    [...d.holds].sort(),
    d.exitPhase,
    d.undoes !== undefined,
    d.revisionsLeft,
    d.fixesLeft,
    d.restartsLeft,
    shapeOfSubject(d.plan),
    d.targets.map(({ patchSet, written, strayHead, landed }) => [
      shapeOfSubject(patchSet),
      patchSet?.written,
      written !== null,
      shapeOfSubject(strayHead),
      landed,
    ]),
    shapeOfSubject(d.ship),
    d.ship?.shipped,
    d.unproven,
  ]);

export type Walk = Readonly<{
  /** Leaves out what is not asked about: holds, say, which would double everything. */
  follow?: (example: Example) => boolean;
  /** Puts back what is not asked about: counters, say. */
  simplify?: (d: Delivery) => Delivery;
  /** States of one key are taken for one another: the first that is come to stands for all. */
  keyOf?: (d: Delivery) => string;
}>;

/** Breadth first, so that each state is come to by a shortest way. */
export const explore = (starts: readonly Delivery[], walk: Walk = {}): Graph => {
  const { follow = () => true, simplify = (d) => d, keyOf = shapeOf } = walk;
  const states = new Map(starts.map((start) => [keyOf(start), start]));
  const edges: Edge[] = [];
  // A Map is iterated in order of insertion, what is added on the way included.
  for (const from of states.values()) {
    for (const example of examples(from)) {
      // Refusals list what applies, which is dear and of no interest here.
      if (!follow(example) || rule(from, example.recorded).kind !== "move") continue;
      const step = transition(from, example.recorded);
      if (step.kind !== "moved") continue;
      const next = simplify(step.next);
      const key = keyOf(next);
      const to = states.get(key) ?? next;
      states.set(key, to);
      edges.push({ from, example, to });
    }
  }
  return { states: [...states.values()], edges };
};
