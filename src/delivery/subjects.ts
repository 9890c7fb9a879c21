// What of a delivery can be approved, and how that is superseded or must be shown again. Pure.
import type { Digest, RepoId } from "../ids.ts";
import { codeOf } from "./code.ts";
import type { Delivery, GateSubject, PatchSetRef, Retirement, ShipSubject, StrayHead, Target } from "./delivery.ts";
import type { Effect, SubjectRef } from "./effect.ts";
import { unapproved } from "./needs.ts";

/** One subject where it stands. `used`: what it approves has happened, so its approvals stay as the proof of that. */
export type PlacedSubject = Readonly<{ ref: SubjectRef; repoId: RepoId | null; subject: GateSubject; used: boolean }>;

export type Pick = (placed: PlacedSubject) => boolean;

export type Changed = Readonly<{ delivery: Delivery; effects: readonly Effect[] }>;

const ofPlan = (subject: GateSubject): PlacedSubject => ({
  ref: { kind: "plan", version: subject.version, digest: subject.digest },
  repoId: null,
  subject,
  used: false,
});

const ofPatchSet = (repoId: RepoId, subject: PatchSetRef): PlacedSubject => ({
  ref: { kind: "patchset", repoId, patchSetId: subject.id, digest: subject.digest },
  repoId,
  subject,
  used: subject.written,
});

const ofHead = (repoId: RepoId, subject: StrayHead): PlacedSubject => ({
  ref: { kind: "head", repoId, head: subject.head, digest: subject.digest },
  repoId,
  subject,
  used: subject.approved,
});

const ofShip = (subject: ShipSubject): PlacedSubject => ({
  ref: { kind: "ship", version: subject.version, digest: subject.digest },
  repoId: null,
  subject,
  used: subject.shipped,
});

const ofTarget = ({ repoId, patchSet, strayHead }: Target): PlacedSubject[] => [
  ...(patchSet === null ? [] : [ofPatchSet(repoId, patchSet)]),
  ...(strayHead === null ? [] : [ofHead(repoId, strayHead)]),
];

export const subjectsIn = (d: Delivery): readonly PlacedSubject[] => [
  ...(d.plan === null ? [] : [ofPlan(d.plan)]),
  ...d.targets.flatMap(ofTarget),
  ...(d.ship === null ? [] : [ofShip(d.ship)]),
];

export const isPlan: Pick = ({ ref }) => ref.kind === "plan";
export const isPatchSet: Pick = ({ ref }) => ref.kind === "patchset";
export const isHead: Pick = ({ ref }) => ref.kind === "head";
export const isShip: Pick = ({ ref }) => ref.kind === "ship";
export const patchSetOf =
  (repoId: RepoId): Pick =>
  (placed) =>
    isPatchSet(placed) && placed.repoId === repoId;
export const headOf =
  (repoId: RepoId): Pick =>
  (placed) =>
    isHead(placed) && placed.repoId === repoId;

/** Exactly these subjects. */
export const oneOf =
  (subjects: readonly PlacedSubject[]): Pick =>
  ({ ref, repoId }) =>
    subjects.some((each) => each.ref.kind === ref.kind && each.repoId === repoId);

const onto = <S extends GateSubject>(subject: S, next: GateSubject | null): S | null =>
  next === null ? null : { ...subject, ...next };

/** Puts another subject, or none, in the place of each. */
export const replaceSubjects = (d: Delivery, next: (placed: PlacedSubject) => GateSubject | null): Delivery => ({
  ...d,
  plan: d.plan === null ? null : next(ofPlan(d.plan)),
  targets: d.targets.map((target) => ({
    ...target,
    patchSet: target.patchSet === null ? null : onto(target.patchSet, next(ofPatchSet(target.repoId, target.patchSet))),
    strayHead: target.strayHead === null ? null : onto(target.strayHead, next(ofHead(target.repoId, target.strayHead))),
  })),
  ship: d.ship === null ? null : onto(d.ship, next(ofShip(d.ship))),
});

const voiding = (subjects: readonly PlacedSubject[], why: string): Effect[] => {
  const refs = subjects.filter(({ subject }) => subject.approvals.length > 0).map(({ ref }) => ref);
  return refs.length === 0 ? [] : [{ kind: "void_approvals", subjects: refs, people: null, why }];
};

/** People quote codes from pages that they have open; nobody has more versions of one delivery open than this. */
const REMEMBERED = 32;

/** Takes subjects out for good: their codes are remembered, their approvals count no more. */
export const retire = (d: Delivery, pick: Pick, why: string, as: Retirement = "replaced"): Changed => {
  const gone = subjectsIn(d).filter(pick);
  const digests = gone.map(({ subject }) => subject.digest);
  const others = recall(d, digests).retired;
  const retired = [...others, ...digests.map((digest) => ({ digest, as }))].slice(-REMEMBERED);
  const without = replaceSubjects({ ...d, targets: d.targets.map(remembering(gone)) }, (each) =>
    pick(each) ? null : each.subject,
  );
  const unused = gone.filter(({ used }) => !used);
  return { delivery: { ...without, retired }, effects: voiding(unused, why) };
};

/** A head that was countersigned stays approved when another takes its place. */
const remembering =
  (gone: readonly PlacedSubject[]) =>
  (target: Target): Target => {
    const { repoId, strayHead, countersigned = [] } = target;
    if (strayHead?.approved !== true || !gone.some(headOf(repoId))) return target;
    return { ...target, countersigned: [...countersigned, strayHead.head].slice(-REMEMBERED) };
  };

/** The content stays, but has to be shown and approved again. */
export const showAgain = (d: Delivery, pick: Pick, why: string): Changed => ({
  delivery: replaceSubjects(d, (each) =>
    pick(each) ? { ...unapproved(each.subject), shown: null, again: true } : each.subject,
  ),
  effects: voiding(subjectsIn(d).filter(pick), why),
});

/** Something just made: nobody has seen it. */
export const fresh = (version: number, digest: Digest): GateSubject => ({
  version,
  digest,
  shown: null,
  approvals: [],
  approved: false,
});

/** A digest that comes back is no longer retired. */
export const recall = (d: Delivery, digests: readonly Digest[]): Delivery => ({
  ...d,
  retired: d.retired.filter(({ digest }) => !digests.includes(digest)),
});

/** The code of a version among all that this delivery has before people or had: as long as it takes to be no other's. */
export const codeIn = (d: Delivery, digest: Digest): string =>
  codeOf(digest, [...subjectsIn(d).map(({ subject }) => subject.digest), ...d.retired.map((each) => each.digest)]);
