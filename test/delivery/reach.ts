// Drives a delivery along labels of examples, so that every state in a test is one that the machine itself came to.
import { type Birth, type BirthFacts, birth, birthOfRollback } from "../../src/delivery/birth.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { type Example, examples } from "../../src/delivery/examples/events.ts";
import type { Step } from "../../src/delivery/step.ts";
import { transition } from "../../src/delivery/transition.ts";
import { DeliveryId, RepoId } from "../../src/ids.ts";

export const SHOP = RepoId.parse(101);
export const DOCS = RepoId.parse(102);

const facts: BirthFacts = {
  id: DeliveryId.parse(12),
  exitPhase: "observe",
  maxRevisions: 2,
  maxFixes: 1,
  targets: [{ repoId: SHOP, role: "primary" }],
};

export const bornWith = (part: Partial<BirthFacts> = {}): Birth => birth({ ...facts, ...part });
export const newborn = (part: Partial<BirthFacts> = {}): Delivery => bornWith(part).delivery;
/** Of another delivery of the same issue. */
export const rollback = (part: Partial<BirthFacts> = {}): Birth =>
  birthOfRollback({ ...facts, id: DeliveryId.parse(13), ...part }, facts.id);
export const ofTwo = (part: Partial<BirthFacts> = {}): Delivery =>
  newborn({ targets: [...facts.targets, { repoId: DOCS, role: "secondary" }], ...part });

/** The one example of this label; of several (one a repository) the `nth`. */
export const exampleOf = (d: Delivery, label: string, nth = 0): Example => {
  const found = examples(d).filter((each) => each.label === label)[nth];
  if (found === undefined) throw new Error(`no example is called ${label}`);
  return found;
};

export const step = (d: Delivery, label: string, nth = 0): Step => transition(d, exampleOf(d, label, nth).recorded);

export const go = (d: Delivery, ...labels: readonly string[]): Delivery =>
  labels.reduce((state, label) => {
    const done = step(state, label);
    if (done.kind !== "moved") throw new Error(`${label} does not move ${nameOf(state)}: ${JSON.stringify(done)}`);
    return done.next;
  }, d);

/** `verify/blocked(no_checks)` */
export const nameOf = ({ phase, runStatus, reason }: Delivery): string =>
  `${phase}/${runStatus}${reason === null ? "" : `(${reason})`}`;
