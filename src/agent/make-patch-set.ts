// Makes a patch set of fitting edits: judged by policy, with every word that will be written already rendered.
import type { TaskSummary } from "../artifacts/edits.ts";
import type { AnalysisDocument } from "../artifacts/failure-analysis.ts";
import type { PlanDocument } from "../artifacts/plan.ts";
import type { QaReport } from "../artifacts/qa-report.ts";
import { type BlobStoreDeps, readBlob, textOf } from "../context/blob-store.ts";
import { policyBase } from "../context/policy-base.ts";
import type { RepositoryRead } from "../context/read-repository.ts";
import type { OwnedPaths } from "../delivery/needs.ts";
import type { Reading } from "../github/reading.ts";
import { type ArtifactId, branchOf, type Digest } from "../ids.ts";
import { assemblePatchSet } from "../patches/assemble.ts";
import type { FileChange, PatchSetContent } from "../patches/patch-set.ts";
import { judge } from "../policy/judge.ts";
import { proposalOf } from "../policy/proposal.ts";
import type { PolicySettings } from "../policy/settings.ts";
import type { PolicyViolation } from "../policy/violation.ts";
import { err, ok, type Result } from "../result.ts";
import type { Assignment } from "./assignment.ts";
import type { OnTop } from "./on-top.ts";

type Repo = Assignment["repos"][number];

export type Words = Pick<PatchSetContent, "commitHeadline" | "commitBody" | "pullTitle" | "pullBody">;

export type WordsInput = Readonly<{
  assignment: Assignment;
  repo: Repo;
  plan: Readonly<{ document: PlanDocument; digest: Digest }>;
  /** What stands on the pull request's head is told by itself; `analysis` where it is to mend red checks. */
  onTop: Readonly<{ analysis: AnalysisDocument | null }> | null;
  summaries: readonly TaskSummary[];
  changes: readonly FileChange[];
  violations: readonly PolicyViolation[];
  /** The repository's own template for pull requests. */
  template: string | null;
}>;

/** The texts of the commit and the pull request, and whether all of a patch set can be shown to people. Pure. */
export type PatchSetWords = Readonly<{
  render: (input: WordsInput) => Words;
  fits: (content: PatchSetContent, violations: readonly PolicyViolation[]) => boolean;
}>;

export type MakeDeps = Readonly<{ blobs: BlobStoreDeps; reading: Pick<Reading, "blob">; words: PatchSetWords }>;

export type MakeInput = Readonly<{
  assignment: Assignment;
  repo: Repo;
  plan: Readonly<{ document: PlanDocument; digest: Digest }>;
  onTop: OnTop | null;
  read: RepositoryRead;
  policy: PolicySettings;
  /** What it was made of. */
  artifactId: ArtifactId;
  summaries: readonly TaskSummary[];
  changes: readonly FileChange[];
}>;

/** `content` is null where policy blocks: nobody is shown, and nothing can write, what nobody may approve. */
export type Made = Readonly<{
  repo: Repo;
  artifactId: ArtifactId;
  changes: readonly FileChange[];
  violations: readonly PolicyViolation[];
  content: PatchSetContent | null;
  /** What a second role said of it; null where none was asked. */
  report: QaReport | null;
  /** Paths whose owners must approve too, as far as that can be told now. */
  owned: readonly OwnedPaths[];
}>;

/** Throws GitHubError. */
export type OwnedPathsOf = (
  assignment: Pick<Assignment, "delivery">,
  repo: Repo,
  changes: readonly FileChange[],
  signal: AbortSignal,
) => Promise<readonly OwnedPaths[]>;

/** Where GitHub looks for one, in its order. */
const TEMPLATES = [".github/pull_request_template.md", "pull_request_template.md", "docs/pull_request_template.md"];

async function templateOf(
  { blobs, reading }: MakeDeps,
  repo: Repo,
  { entries }: RepositoryRead,
): Promise<string | null> {
  const found = TEMPLATES.map((path) =>
    entries.find((entry) => entry.type === "blob" && entry.mode !== "120000" && entry.path.toLowerCase() === path),
  ).find((entry) => entry !== undefined);
  return found === undefined ? null : textOf(await readBlob(blobs, reading, repo.repoId, found.sha));
}

export const TOO_LARGE: PolicyViolation = {
  rule: "size-limits",
  severity: "block",
  path: null,
  line: null,
  message: "The patch set is too large to be shown whole, so nobody could review it.",
};

/** The error says why no patch set can be made of these changes. Throws GitHubError. */
export async function makePatchSet(deps: MakeDeps, input: MakeInput): Promise<Result<Made, string>> {
  const { assignment, repo, plan, onTop, read, policy, artifactId, summaries, changes } = input;
  const base = await policyBase(deps.blobs, deps.reading, repo.repoId, read.entries);
  const judged = await judge(proposalOf(changes, base), policy);
  const made = { repo, artifactId, changes, owned: [], report: null };
  const blocked = (violations: readonly PolicyViolation[]) => ok({ ...made, violations, content: null });
  if (judged.verdict === "block") return blocked(judged.violations);

  const words = deps.words.render({
    assignment,
    repo,
    plan,
    onTop,
    summaries,
    changes,
    violations: judged.violations,
    template: await templateOf(deps, repo, read),
  });
  const assembled = assemblePatchSet(
    {
      ...words,
      repoId: repo.repoId,
      baseBranch: repo.baseBranch,
      baseSha: repo.baseSha,
      baseTree: read.baseTree,
      parentSha: onTop?.parent ?? repo.baseSha,
      changes: [...changes],
      branch: branchOf(assignment.delivery.id),
      planDigest: plan.digest,
      policyVersion: judged.policyVersion,
    },
    read.entries,
  );
  if (!assembled.ok) {
    const { code } = assembled.error;
    return err(`the change cannot be put onto the base: ${code}`);
  }
  if (!deps.words.fits(assembled.value, judged.violations)) return blocked([TOO_LARGE, ...judged.violations]);
  return ok({ ...made, violations: judged.violations, content: assembled.value });
}
