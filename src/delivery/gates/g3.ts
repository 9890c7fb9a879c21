// G3, the review: every patch set that is made has its approvals.
import { codeOf } from "../code.ts";
import type { Target } from "../delivery.ts";
import type { Judgement } from "./judgement.ts";

type Approved = Readonly<{
  repoId: number;
  version: number;
  digest: string;
  code: string;
  approvals: number;
  approved: boolean;
}>;

export type G3 = Judgement<"G3", "complete" | "open", { patchSets: readonly Approved[] }>;

/** Quorum was judged when each approval came in; no patch set at all is nothing that could be approved. */
export const g3 = (targets: readonly Target[]): G3 => {
  const patchSets = targets.flatMap(({ repoId, patchSet }): Approved[] => {
    if (patchSet === null) return [];
    const { version, digest, approvals, approved } = patchSet;
    return [{ repoId, version, digest, code: codeOf(digest), approvals: approvals.length, approved }];
  });
  const passed = patchSets.length > 0 && patchSets.every(({ approved }) => approved);
  return { gate: "G3", verdict: passed ? "complete" : "open", passed, evidence: { patchSets } };
};
