// The steps of one repository's write, each of which may have been done by an earlier run: look first, act once, keep the receipt.
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import { GitHubError } from "../github/errors.ts";
import type { PullFacts } from "../github/reading.ts";
import type { Sha } from "../ids.ts";
import type { Clock } from "../instant.ts";
import { orRefuse, refusalOf, refuse, type WriteStop, type WrittenRepo } from "./outcome.ts";
import type { PatchSetFacts } from "./permit-facts.ts";
import { type Receipts, receiveBranch, receiveCommit, receivePull, receiveTree } from "./receipts.ts";
import type { Survey } from "./survey.ts";
import type { MadeCommit, WriteClient } from "./write-client.ts";

export type StepDeps = Readonly<{ db: Database; clock: Clock; crash: CrashPoint; botId: number }>;

/** One repository on its way. */
export type Writing = Readonly<{ facts: PatchSetFacts; survey: Survey; client: WriteClient; receipts: Receipts }>;

const keep = async (
  deps: StepDeps,
  name: string,
  writing: Writing,
  kept: () => Promise<Receipts>,
): Promise<Writing> => {
  await deps.crash(`write.before.record_${name}`);
  const receipts = await kept();
  await deps.crash(`write.after.record_${name}`);
  return { ...writing, receipts };
};

/** A commit that cannot be what was approved is left unreferenced; GitHub forgets it. */
const checkCommit = ({ facts, survey, client }: Writing, made: MadeCommit): void => {
  const { repoId, content } = facts;
  const [parent, ...others] = made.parents;
  const asSent = made.tree === content.tree && parent === content.parentSha && others.length === 0;
  if (!asSent || made.message.trimEnd() !== client.message.trimEnd()) {
    throw refuse("commit_differs", repoId, "GitHub made another commit than the approved one");
  }
  if (survey.signaturesRequired && !made.verified) {
    throw refuse("unsigned", repoId, "the branch asks for signed commits and GitHub did not sign this one");
  }
};

/** Blobs, tree and commit: nothing of it can be seen yet. The tree must be the approved one. */
export const makeCommit = async (deps: StepDeps, start: Writing): Promise<Writing> => {
  const { facts, client } = start;
  const { repoId, content } = facts;
  if (start.receipts.commitSha !== null) return start;
  let writing = start;
  if (writing.receipts.treeSha === null) {
    for (const [position, { path, after, newBlob }] of content.changes.entries()) {
      if (after === null) continue;
      const sha = await orRefuse("not_writable", repoId, client.createBlob(position));
      if (sha !== newBlob) throw refuse("blob_differs", repoId, `GitHub stored another content of ${path}`);
    }
    const tree = await orRefuse("not_writable", repoId, client.createTree());
    if (tree !== content.tree) {
      throw refuse(
        "tree_differs",
        repoId,
        `GitHub made tree ${tree.slice(0, 7)}, approved is ${content.tree.slice(0, 7)}`,
      );
    }
    writing = await keep(deps, "tree", writing, () => receiveTree(deps.db, deps.clock, facts, tree));
  }
  const made = await orRefuse("not_writable", repoId, client.createCommit());
  checkCommit(writing, made);
  return keep(deps, "commit", writing, () => receiveCommit(deps.db, deps.clock, facts, made.sha, made.verified));
};

const commitOf = ({ facts, receipts }: Writing): Sha => {
  if (receipts.commitSha === null) throw new Error(`write ${facts.writeId} has no commit yet`);
  return receipts.commitSha;
};

/** The branch is not where it was approved to be. It is never moved from there. */
const elsewhere = ({ repoId, content }: PatchSetFacts, head: Sha | null): WriteStop =>
  head === null
    ? refuse("branch_gone", repoId, `the branch ${content.branch} was deleted`)
    : refuse("branch_taken", repoId, `the branch ${content.branch} stands at ${head.slice(0, 7)}, which is not ours`);

const pointBranch = async ({ facts, client }: Writing, commit: Sha): Promise<void> => {
  const { onTopOf } = facts;
  const head = await client.branchHead();
  if (head === commit) return;
  if (head !== onTopOf) throw elsewhere(facts, head);
  try {
    await (onTopOf === null ? client.createBranch(commit) : client.advanceBranch(commit));
  } catch (error) {
    if (!(error instanceof GitHubError) || error.transient) throw error;
    // Somebody was faster, perhaps another run of ours: what stands there now decides.
    const now = await client.branchHead();
    if (now === commit) return;
    throw now === onTopOf ? refusalOf("branch_refused", facts.repoId, error) : elsewhere(facts, now);
  }
};

/** The one call that makes the commit visible. */
export const publishBranch = async (deps: StepDeps, writing: Writing): Promise<Writing> => {
  if (writing.receipts.branchAt !== null) return writing;
  const commit = commitOf(writing);
  await pointBranch(writing, commit);
  return keep(deps, "branch", writing, () => receiveBranch(deps.db, deps.clock, writing.facts, commit));
};

const isOurs = (deps: StepDeps, { repoId }: PatchSetFacts, pull: PullFacts): boolean =>
  pull.author.id === deps.botId && pull.headRepoId === repoId;

/** One that we opened, whatever became of it since: a second one is never opened. */
const findPull = async (deps: StepDeps, { facts, client }: Writing): Promise<PullFacts | null> => {
  const pulls = await client.pullsOfBranch();
  const ours = pulls.find((pull) => isOurs(deps, facts, pull));
  if (ours !== undefined) return ours;
  const foreign = pulls.find((pull) => pull.state === "open" && pull.headRepoId === facts.repoId);
  if (foreign === undefined) return null;
  throw refuse("pull_taken", facts.repoId, `pull request #${foreign.number} from this branch is not ours`);
};

const openPull = async (deps: StepDeps, writing: Writing) => {
  const { facts, client } = writing;
  const found = await findPull(deps, writing);
  if (found !== null) return { pull: found, how: "found" } as const;
  const head = await client.branchHead();
  if (head !== writing.receipts.commitSha) throw elsewhere(facts, head);
  try {
    return { pull: await client.openPull(), how: "opened" } as const;
  } catch (error) {
    if (!(error instanceof GitHubError) || error.transient) throw error;
    const other = await findPull(deps, writing);
    if (other !== null) return { pull: other, how: "found" } as const;
    throw refusalOf("pull_refused", facts.repoId, error);
  }
};

export const openPullRequest = async (deps: StepDeps, writing: Writing): Promise<Writing> => {
  if (writing.receipts.pullNumber !== null) return writing;
  const { pull, how } = await openPull(deps, writing);
  return keep(deps, "pull", writing, () => receivePull(deps.db, deps.clock, writing.facts, pull.number, how));
};

/** Null until the pull request stands. */
export const finishedOf = ({ repoId, treeSha, commitSha, pullNumber }: Receipts): WrittenRepo | null =>
  treeSha === null || commitSha === null || pullNumber === null
    ? null
    : { repoId, head: commitSha, tree: treeSha, pullRequest: pullNumber };
