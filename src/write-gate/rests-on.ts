// What a write rests on beside its content: the plan, and the head that it goes onto where people pushed that. Pure.
import type { GateSubject, PatchSetRef } from "../delivery/delivery.ts";
import type { Approvable } from "../delivery/event.ts";
import type { PatchSetId, RepoId, Sha } from "../ids.ts";
import type { WriteCase, WriteTarget } from "./write-case.ts";

/** Something that was approved, as its approvals are judged anew. */
export type Approved = Readonly<{
  kind: Approvable;
  row: PatchSetId | null;
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

/** Null where the patch set stands on its base, or on what was written before. */
export const headAs = ({ place, strayHead }: WriteTarget, parent: Sha): Approved | null =>
  strayHead === null || strayHead.head !== parent
    ? null
    : { kind: "head", row: null, repoId: place.repoId, subject: strayHead, quote: true };
