// The first state of a delivery and what it sets going, for admission and for rollbacks. Pure.
import type { DeliveryId, RepoId } from "../ids.ts";
import type { Delivery, ExitPhase, RepoRole } from "./delivery.ts";
import type { Effect } from "./effect.ts";
import { workOf } from "./work.ts";

export type Birth = Readonly<{ delivery: Delivery; effects: readonly Effect[] }>;

export type BirthFacts = Readonly<{
  id: DeliveryId;
  exitPhase: ExitPhase;
  /** Rule M1, from the configuration. */
  maxRevisions: number;
  /** Fixes of red checks that the machine may propose by itself. */
  maxFixes: number;
  targets: readonly Readonly<{ repoId: RepoId; role: RepoRole }>[];
}>;

/** An endpoint that half-opens every few minutes uses these up in an hour or two; after that somebody should look. */
const RESTARTS = 20;

const firstState = (facts: BirthFacts): Delivery => ({
  id: facts.id,
  phase: "intake",
  runStatus: "pending",
  reason: null,
  holds: [],
  exitPhase: facts.exitPhase,
  version: 1,
  attempt: 1,
  revisionsLeft: facts.maxRevisions,
  fixesLeft: facts.maxFixes,
  restartsLeft: RESTARTS,
  plan: null,
  targets: facts.targets.map(({ repoId, role }) => ({
    repoId,
    role,
    patchSet: null,
    written: null,
    strayHead: null,
    landed: "no",
  })),
  ship: null,
  retired: [],
});

const born = (delivery: Delivery): Birth => {
  const work = workOf(delivery);
  return {
    delivery,
    effects: [
      { kind: "publish" },
      ...(work === null ? [] : [{ kind: "work", work, attempt: delivery.attempt } as const]),
    ],
  };
};

/** An admitted issue: intake/pending, and triage starts. */
export const birth = (facts: BirthFacts): Birth => born(firstState(facts));

/** A rollback: nobody has to plan what can be computed, so it begins where patch sets are made. */
export const birthOfRollback = (facts: BirthFacts, undoes: DeliveryId): Birth =>
  born({ ...firstState(facts), phase: "implement", undoes });
