// The three lives of a gate comment (open, answered, replaced), told from the state and from who decided what.
import type { Digest } from "../../ids.ts";
import type { Instant } from "../../instant.ts";
import { isPaused } from "../audience.ts";
import type { DeliveryView, ShipView } from "../delivery-view.ts";
import type { PatchSetView, PlanView } from "../proposal-view.ts";

/** Who approved, oldest first; only approvals that still count. */
export type Approvals = readonly Readonly<{ login: string; at: Instant }>[];

export type GateLife =
  /** `have` of `quorum` approvals so far. */
  | Readonly<{ kind: "open"; have: Approvals; quorum: number; held: boolean }>
  | Readonly<{ kind: "approved"; by: Approvals }>
  | Readonly<{ kind: "rejected" | "revised" | "canceled"; by: string | null; at: Instant | null }>
  /** Not open, though nobody decided on it: something else comes first. */
  | Readonly<{ kind: "closed" }>
  /** `version` is the newest one. */
  | Readonly<{ kind: "replaced"; version: number }>;

export const approvalsOf = (view: DeliveryView, digest: Digest): Approvals =>
  view.approvals
    .filter((approval) => approval.digest === digest && approval.voided === null)
    .map(({ login, at }) => ({ login, at }));

const VERDICTS = { reject: "rejected", revise: "revised", cancel: "canceled" } as const;

const isVerdict = (name: string): name is keyof typeof VERDICTS => Object.hasOwn(VERDICTS, name);

/** The last decision since the version was made that ended its being open. */
const decided = (view: DeliveryView, since: Instant): GateLife => {
  const last = view.decisions.findLast(({ command, at }) => isVerdict(command) && at >= since);
  if (last === undefined || !isVerdict(last.command)) {
    return view.state.runStatus === "canceled" ? { kind: "canceled", by: null, at: view.endedAt } : { kind: "closed" };
  }
  return { kind: VERDICTS[last.command], by: last.login, at: last.at };
};

const waits = (view: DeliveryView, phase: "plan" | "review" | "deploy"): boolean =>
  view.state.phase === phase && ["pending", "running", "succeeded"].includes(view.state.runStatus);

const open = (view: DeliveryView, digest: Digest, quorum: number): GateLife => ({
  kind: "open",
  have: approvalsOf(view, digest),
  quorum,
  held: isPaused(view),
});

export const planLife = (view: DeliveryView, plan: PlanView): GateLife => {
  const newest = view.plans.at(-1);
  if (newest !== undefined && newest.version > plan.version) return { kind: "replaced", version: newest.version };
  const subject = view.state.plan;
  if (subject === null || subject.digest !== plan.digest) return decided(view, plan.madeAt);
  if (subject.approved) return { kind: "approved", by: approvalsOf(view, plan.digest) };
  if (waits(view, "plan")) return open(view, plan.digest, view.settings.quorum.plan);
  return view.state.runStatus === "canceled" ? decided(view, plan.madeAt) : { kind: "closed" };
};

export const patchSetLife = (view: DeliveryView, patchSet: PatchSetView): GateLife => {
  // What comes after it stands on it and takes nothing of it back.
  if (patchSet.written) return { kind: "approved", by: approvalsOf(view, patchSet.digest) };
  const newest = view.patchSets.findLast(({ repoId }) => repoId === patchSet.repoId);
  if (newest !== undefined && newest.version > patchSet.version) return { kind: "replaced", version: newest.version };
  const subject = view.state.targets.find(({ repoId }) => repoId === patchSet.repoId)?.patchSet ?? null;
  if (subject === null || subject.id !== patchSet.id) return decided(view, patchSet.madeAt);
  if (subject.approved) return { kind: "approved", by: approvalsOf(view, patchSet.digest) };
  if (waits(view, "review")) return open(view, patchSet.digest, view.settings.quorum.review);
  return view.state.runStatus === "canceled" ? decided(view, patchSet.madeAt) : { kind: "closed" };
};

export const shipLife = (view: DeliveryView, ship: ShipView): GateLife => {
  const newest = view.ships?.at(-1);
  if (newest !== undefined && newest.version > ship.version) return { kind: "replaced", version: newest.version };
  const subject = view.state.ship;
  if (subject === null || subject.digest !== ship.digest) return decided(view, ship.madeAt);
  if (subject.approved) return { kind: "approved", by: approvalsOf(view, ship.digest) };
  if (waits(view, "deploy")) return open(view, ship.digest, view.settings.quorum.deploy ?? 1);
  return view.state.runStatus === "canceled" ? decided(view, ship.madeAt) : { kind: "closed" };
};
