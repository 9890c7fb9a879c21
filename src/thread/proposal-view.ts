// What the thread shows of what is put to people: a plan, and a patch set.
import type { PlanDocument } from "../artifacts/plan.ts";
import type { Judgement } from "../artifacts/qa-report.ts";
import type { ArtifactId, Digest, PatchSetId, RepoId, Sha } from "../ids.ts";
import type { Instant } from "../instant.ts";
import type { Delta } from "../patches/delta.ts";
import type { FileChange } from "../patches/patch-set.ts";
import type { PolicyViolation } from "../policy/violation.ts";
import type { Visibilities } from "../visibility.ts";

export type PlanView = Readonly<{
  id: ArtifactId;
  version: number;
  digest: Digest;
  document: PlanDocument;
  madeAt: Instant;
  /** Comments on the issue between the label and this plan, which it does not know. */
  commentsUnused: number;
  /** What approving it was forecast to cost when it was made. */
  forecast?: Readonly<{ tokens: number; micros: number | null; most: boolean }> | undefined;
}>;

/** A changed file without its whole text: the diff is what people see. */
export type FileView = Pick<
  FileChange,
  "kind" | "path" | "previousPath" | "oldBlob" | "newBlob" | "oldMode" | "newMode" | "additions" | "deletions" | "tasks"
> &
  Readonly<{ diff: string }>;

/** What else the digest covers and will be written. */
export type PatchSetText = Readonly<{
  baseSha: Sha;
  parentSha: Sha;
  tree: Sha;
  branch: string;
  commitHeadline: string;
  commitBody: string;
  pullTitle: string;
  pullBody: string;
  planDigest: Digest;
  policyVersion: string;
}>;

/** The version before it that people saw, and what changed since. */
export type SinceView = Readonly<{ version: number; baseSha: Sha; delta: Delta }>;

export type PatchSetView = Readonly<{
  id: PatchSetId;
  repoId: RepoId;
  version: number;
  digest: Digest;
  madeAt: Instant;
  /** Comments on the issue between the newest plan before it and this patch set. */
  commentsUnused: number;
  text: PatchSetText;
  files: readonly FileView[];
  violations: readonly PolicyViolation[];
  /** What a second role said of the plan's criteria; null where none was asked, empty where it brought no usable answer. */
  judged: Judgement | null;
  /** It stands in a pull request, whatever was made after it. */
  written: boolean;
  /** Null for the first that was shown. */
  since: SinceView | null;
  /** Who saw each repository when its words were chosen. */
  visibilities: Visibilities;
}>;
