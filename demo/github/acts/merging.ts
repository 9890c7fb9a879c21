// Bringing branches together: the three ways to merge a pull request, the merge queue, and a base merged into a branch.
import { ApiError, unprocessable } from "../api-error.ts";
import { commitsBetween, isAncestor, mergedTree, pickedTree } from "../git-history.ts";
import type { Signature } from "../git-objects.ts";
import type { Actor, Issue, Pull, Repo } from "../records.ts";
import { commitsShape, WEB_FLOW } from "../render/commit.ts";
import type { World } from "../world.ts";
import { closeIssue } from "./issues.ts";
import { pullOf } from "./pulls.ts";
import { closeNamedIssues, createRef, deleteRef, moveRef, signatureOf } from "./refs.ts";

export type MergeMethod = "merge" | "squash" | "rebase";

const notMergeable = (): ApiError => new ApiError(405, "Pull Request is not mergeable");

type Commit = Readonly<{ tree: string; parents: readonly string[]; author: Signature; message: string }>;

/** GitHub itself is the committer of what it merges, and signs it. */
const put = (world: World, repo: Repo, commit: Commit): string =>
  repo.git.putCommit({ ...commit, committer: { ...WEB_FLOW, at: world.now() }, signed: true });

/** Each commit that is no merge, once more on top of the base. */
const replay = (world: World, repo: Repo, base: string, head: string): string => {
  let tip = base;
  for (const sha of commitsBetween(repo.git, base, head)) {
    const commit = repo.git.commit(sha);
    if (commit === null || commit.parents.length > 1) continue;
    const tree = pickedTree(repo.git, tip, sha);
    if (tree === null) throw notMergeable();
    tip = put(world, repo, { tree, parents: [tip], author: commit.author, message: commit.message });
  }
  return tip;
};

type How = Readonly<{ method: MergeMethod; sha: string | null; title: string | null; message: string | null }>;

const mergeCommit = (world: World, repo: Repo, issue: Issue, actor: Actor, base: string, how: How): string => {
  const pull = pullOf(issue);
  if (how.method === "rebase") return replay(world, repo, base, pull.headSha);
  const tree = mergedTree(repo.git, base, pull.headSha);
  if (tree === null) throw notMergeable();
  const headline =
    how.method === "merge"
      ? `Merge pull request #${issue.number} from ${repo.owner.login}/${pull.headRef}`
      : `${issue.title} (#${issue.number})`;
  const message = [how.title ?? headline, how.message ?? (how.method === "merge" ? issue.title : "")]
    .filter((part) => part !== "")
    .join("\n\n");
  const parents = how.method === "merge" ? [base, pull.headSha] : [base];
  return put(world, repo, { tree, parents, author: signatureOf(actor.account, world.now()), message });
};

const land = (world: World, repo: Repo, issue: Issue, actor: Actor, pull: Pull, sha: string): void => {
  // Recorded first, so that the push below does not take it for a merge made by hand.
  pull.merged = { at: world.now(), by: actor.account, sha };
  closeIssue(world, repo, issue, actor, null);
  moveRef(world, repo, actor, `refs/heads/${pull.baseRef}`, sha, { force: false, permissions: null });
  if (pull.baseRef === repo.defaultBranch) closeNamedIssues(world, repo, actor, issue.body ?? "");
};

const openBase = (repo: Repo, issue: Issue): Readonly<{ pull: Pull; base: string }> => {
  const pull = pullOf(issue);
  const base = repo.refs.get(`refs/heads/${pull.baseRef}`);
  if (base === undefined || issue.state === "closed" || pull.merged !== null || pull.draft) throw notMergeable();
  return { pull, base };
};

export const mergePull = (world: World, repo: Repo, issue: Issue, actor: Actor, how: How): string => {
  const { pull, base } = openBase(repo, issue);
  if (how.sha !== null && how.sha !== pull.headSha)
    throw new ApiError(409, "Head branch was modified. Review and try the merge again.");
  const sha = mergeCommit(world, repo, issue, actor, base, how);
  land(world, repo, issue, actor, pull, sha);
  return sha;
};

const queueRef = (pull: Pull, number: number, base: string): string =>
  `refs/heads/gh-readonly-queue/${pull.baseRef}/pr-${number}-${base}`;

/** Puts a pull request into the merge queue: GitHub makes the merge on a branch of its own and asks for checks of it. */
export const enqueuePull = (world: World, repo: Repo, issue: Issue, actor: Actor): string => {
  const { pull, base } = openBase(repo, issue);
  const how = { method: "merge", sha: null, title: null, message: null } as const;
  const sha = mergeCommit(world, repo, issue, actor, base, how);
  const ref = queueRef(pull, issue.number, base);
  createRef(world, repo, actor, ref, sha, null);
  const merge_group = {
    head_sha: sha,
    head_ref: ref,
    base_sha: base,
    base_ref: `refs/heads/${pull.baseRef}`,
    head_commit: commitsShape(world, repo, [sha])[0]?.commit,
  };
  world.emit({
    name: "merge_group",
    action: "checks_requested",
    repo,
    sender: actor.account,
    payload: { merge_group },
  });
  return sha;
};

/** The queue's turn: what was checked there becomes the base, as it is. */
export const landQueued = (world: World, repo: Repo, issue: Issue, actor: Actor): string => {
  const { pull, base } = openBase(repo, issue);
  const ref = queueRef(pull, issue.number, base);
  const sha = repo.refs.get(ref);
  if (sha === undefined) throw unprocessable("the pull request is not in the queue, or the base has moved");
  land(world, repo, issue, actor, pull, sha);
  deleteRef(world, repo, actor, ref);
  return sha;
};

/** As *Update branch* does it: a merge commit on the branch. `files` replaces what a person settled by hand. */
export const mergeInto = (
  world: World,
  repo: Repo,
  actor: Actor,
  branch: string,
  from: string,
  settled: string | null,
): string => {
  const [into, tip] = [repo.refs.get(`refs/heads/${branch}`), repo.refs.get(`refs/heads/${from}`)];
  if (into === undefined || tip === undefined) throw unprocessable("there is no such branch");
  if (isAncestor(repo.git, tip, into)) return into;
  const tree = settled ?? mergedTree(repo.git, into, tip);
  if (tree === null) throw unprocessable("merge conflict between base and head");
  const author = signatureOf(actor.account, world.now());
  const message = `Merge branch '${from}' into ${branch}\n`;
  const sha = repo.git.putCommit({ tree, parents: [into, tip], author, committer: author, message, signed: false });
  moveRef(world, repo, actor, `refs/heads/${branch}`, sha, { force: false, permissions: null });
  return sha;
};
