// Makes the patch set that undoes a merge in one repository: judged by policy, with every word that will be written already rendered.
import type { TakingPart } from "../agent/assignment.ts";
import { TOO_LARGE, type Words } from "../agent/make-patch-set.ts";
import type { BlobStoreDeps } from "../context/blob-store.ts";
import { policyBase } from "../context/policy-base.ts";
import type { Reading } from "../github/reading.ts";
import { branchOf } from "../ids.ts";
import { assemblePatchSet } from "../patches/assemble.ts";
import type { FileChange, PatchSetContent } from "../patches/patch-set.ts";
import { judge } from "../policy/judge.ts";
import { proposalOf } from "../policy/proposal.ts";
import type { PolicySettings } from "../policy/settings.ts";
import type { PolicyViolation } from "../policy/violation.ts";
import { err, ok, type Result } from "../result.ts";
import { fileChanges } from "./file-changes.ts";
import type { ReadUndo } from "./read.ts";
import type { RevertWordsInput } from "./words-input.ts";

export type RevertWords = Readonly<{
  render: (input: RevertWordsInput) => Words;
  fits: (content: PatchSetContent, violations: readonly PolicyViolation[]) => boolean;
}>;

export type MakeRevertDeps = Readonly<{ blobs: BlobStoreDeps; reading: Pick<Reading, "blob">; words: RevertWords }>;

export type MakeRevertInput = Omit<RevertWordsInput<TakingPart>, "changes" | "violations"> &
  Readonly<{ read: ReadUndo; policy: PolicySettings }>;

/** `content` is null where policy blocks. */
export type MadeRevert = Readonly<{
  changes: readonly FileChange[];
  violations: readonly PolicyViolation[];
  content: PatchSetContent | null;
}>;

/** The error says why nothing can be made of it. Throws GitHubError. */
export async function makeRevert(deps: MakeRevertDeps, input: MakeRevertInput): Promise<Result<MadeRevert, string>> {
  const { assignment, here, read, policy, order } = input;
  const { repo } = here;
  const changes = fileChanges(read.undone);
  const base = await policyBase(deps.blobs, deps.reading, repo.repoId, read.entries);
  const { verdict, violations, policyVersion } = await judge(proposalOf(changes, base), policy);
  if (verdict === "block") return ok({ changes, violations, content: null });
  const assembled = assemblePatchSet(
    {
      ...deps.words.render({ ...input, changes, violations }),
      repoId: repo.repoId,
      baseBranch: repo.baseBranch,
      baseSha: read.onto,
      baseTree: read.baseTree,
      parentSha: read.onto,
      changes,
      branch: branchOf(assignment.delivery.id),
      planDigest: order,
      policyVersion,
    },
    read.entries,
  );
  if (!assembled.ok) return err(`what undoes it cannot be put onto ${repo.name}: ${assembled.error.code}`);
  const content = assembled.value;
  if (deps.words.fits(content, violations)) return ok({ changes, violations, content });
  return ok({ changes, violations: [TOO_LARGE, ...violations], content: null });
}
