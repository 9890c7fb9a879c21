// What a write rests on beside its content: the plan, and the head that it goes onto where people pushed that. Pure.
import type { GateSubject, PatchSetRef } from "../delivery/delivery.ts";
import type { Approvable } from "../delivery/event.ts";
import type { PatchSetId, RepoId, Sha, ShipId } from "../ids.ts";
import type { ShipCase } from "./ship-case.ts";
import type { WriteCase, WriteTarget } from "./write-case.ts";

/** Something that was approved, as its approvals are judged anew. */
export type Approved = Readonly<{
  kind: Approvable | "ship";
  row: PatchSetId | ShipId | null;
  /** Whose configuration, and whose write access: of the plan the issue's repository. */
  repoId: RepoId;
  subject: GateSubject;
  /** Policy warned of something, or it stands for a commit: only a typed code will do. */
  quote: boolean;
}>;

export const patchSetAs = ({ place, patchSet }: WriteTarget): Approved & Readonly<{ subject: PatchSetRef }> => ({
  kind: "patchset",
  row: patchSet.id,
  repoId: place.repoId,
  subject: patchSet,
  quote: patchSet.quote === true,
});

export const planAs = ({ delivery, issue }: Pick<WriteCase, "delivery" | "issue">): Approved | null =>
  delivery.plan === null
    ? null
    : { kind: "plan", row: null, repoId: issue.repoId, subject: delivery.plan, quote: false };

/** One approval stands for all merges and deployments of it. */
export const shipAs = ({ ship, subject, issue }: Pick<ShipCase, "ship" | "subject" | "issue">): Approved => ({
  kind: "ship",
  row: ship.id,
  repoId: issue.repoId,
  subject,
  quote: false,
});

/** Null where the patch set stands on its base, or on what was written before. A head that took in the base rests on it as well. */
export const headAs = ({ place, strayHead, written }: WriteTarget, parent: Sha): Approved | null =>
  strayHead === null || written?.head === parent
    ? null
    : { kind: "head", row: null, repoId: place.repoId, subject: strayHead, quote: true };
