// What the words of a patch set that undoes a merge are made of: for who makes it and for who words it. Pure.
import type { DeliveryId, Digest, PullNumber, Sha } from "../ids.ts";
import type { FileChange } from "../patches/patch-set.ts";
import type { PolicyViolation } from "../policy/violation.ts";
import type { Visibility } from "../visibility.ts";

type Part = Readonly<{ name: string; visibility: Visibility; role: "primary" | "secondary" }>;

/** A repository in which a merge is undone, and what is undone there. */
export type UndoneIn<P extends Part = Part> = Readonly<{ repo: P; pullRequest: PullNumber; merge: Sha }>;

export type RevertWordsInput<P extends Part = Part> = Readonly<{
  assignment: Readonly<{ delivery: Readonly<{ id: DeliveryId }>; issueNumber: number; repos: readonly Part[] }>;
  parent: DeliveryId;
  here: UndoneIn<P>;
  /** Of the pull request that is undone here, as it was approved; null where that is not known. */
  title: string | null;
  /** All of the rollback, in the order in which they are to be merged. */
  all: readonly UndoneIn[];
  order: Digest;
  changes: readonly FileChange[];
  violations: readonly PolicyViolation[];
}>;
