// Looks at a repository before anything is written anywhere: can it be written to, and is everything where it was approved?
import type { Reading } from "../github/reading.ts";
import { orRefuse, refuse, WriteStop } from "./outcome.ts";
import type { PatchSetFacts } from "./permit-facts.ts";
import type { Receipts } from "./receipts.ts";

export type SurveyPort = Pick<
  Reading,
  "repository" | "branchHead" | "compare" | "commit" | "requiresSignatures" | "pullsByHead"
>;

export type Survey = Readonly<{ signaturesRequired: boolean }>;

/** A base that moved on is fine: the write goes onto the commit that was approved. */
const checkBase = async (reading: SurveyPort, { repoId, content, onTopOf }: PatchSetFacts): Promise<void> => {
  const { baseBranch, baseSha, parentSha, baseTree } = content;
  const rewritten = (note: string) => new WriteStop({ kind: "base_rewritten", repoId, note });
  const head = await reading.branchHead(repoId, baseBranch);
  if (head === null) throw rewritten(`the branch ${baseBranch} is gone`);
  if (onTopOf === null && head !== baseSha && (await reading.compare(repoId, baseSha, head)) !== "ahead") {
    throw rewritten(`${baseSha.slice(0, 7)} is no longer part of ${baseBranch}`);
  }
  const parent = await reading.commit(repoId, parentSha);
  if (parent === null) throw rewritten(`the commit ${parentSha.slice(0, 7)} is gone`);
  if (parent.sha !== parentSha || parent.tree !== baseTree) {
    throw refuse("base_differs", repoId, `the commit ${parentSha.slice(0, 7)} has another tree than the approved base`);
  }
};

const checkBranch = async (reading: SurveyPort, facts: PatchSetFacts, receipts: Receipts | null): Promise<void> => {
  const { repoId, content, onTopOf } = facts;
  const head = await reading.branchHead(repoId, content.branch);
  if (receipts !== null && receipts.branchAt !== null) {
    // Ours to have made: what became of it since is told by the pull request, or by GitHub when that is opened.
    if (head === null) throw refuse("branch_gone", repoId, `the branch ${content.branch} was deleted`);
    return;
  }
  if (head === null && onTopOf !== null)
    throw refuse("branch_gone", repoId, `the branch ${content.branch} was deleted`);
  if (head === null || head === onTopOf) return;
  if (head !== receipts?.commitSha) {
    throw refuse(
      "branch_taken",
      repoId,
      `the branch ${content.branch} stands at ${head.slice(0, 7)}, which is not ours`,
    );
  }
};

/** A commit on top is for the pull request that was opened, as it was approved: nobody would review it on another one, or on none. */
const checkPull = async (reading: SurveyPort, facts: PatchSetFacts, receipts: Receipts | null): Promise<void> => {
  const { repoId, content, onTopOf } = facts;
  if (onTopOf === null || (receipts !== null && receipts.branchAt !== null)) return;
  const { items } = await reading.pullsByHead(repoId, content.branch);
  const pulls = items.filter(({ headRepoId }) => headRepoId === repoId);
  const [newest] = pulls.toSorted((a, b) => b.number - a.number);
  if (newest === undefined || pulls.some(({ state, baseRef }) => state === "open" && baseRef === content.baseBranch))
    return;
  const { number, state, merged, baseRef } = newest;
  const became = merged ? "was merged" : state === "closed" ? "is closed" : `now targets ${baseRef}`;
  throw refuse("pull_not_open", repoId, `pull request #${number} ${became}, so the commit would reach nobody there`);
};

/** Throws WriteStop, and GitHubError where GitHub does not answer. */
export const survey = async (reading: SurveyPort, facts: PatchSetFacts, receipts: Receipts | null): Promise<Survey> => {
  const { repoId, content } = facts;
  const repository = await orRefuse("not_writable", repoId, reading.repository(repoId));
  if (repository === null) throw refuse("not_writable", repoId, "the repository is gone, or not ours to see");
  if (repository.archived) throw refuse("not_writable", repoId, "the repository is archived");
  await orRefuse("not_writable", repoId, checkBase(reading, facts));
  await orRefuse("not_writable", repoId, checkBranch(reading, facts, receipts));
  await orRefuse("not_writable", repoId, checkPull(reading, facts, receipts));
  // Rules that cannot be read are left to GitHub, which refuses the branch itself.
  const onBase = await reading.requiresSignatures(repoId, content.baseBranch);
  const onBranch = await reading.requiresSignatures(repoId, content.branch);
  return { signaturesRequired: onBase === true || onBranch === true };
};
