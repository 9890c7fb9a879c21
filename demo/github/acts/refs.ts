// Moving a ref, and what GitHub does because of it: push events, pull request heads that follow, check suites, issues closed.
import { ApiError, notForApps, unprocessable } from "../api-error.ts";
import { ancestors, changedFiles, commitsBetween, isAncestor, workflowChanges } from "../git-history.ts";
import type { CommitFacts, Signature } from "../git-objects.ts";
import type { Account, Actor, CheckSuite, Issue, Permissions, Repo } from "../records.ts";
import { iso } from "../records.ts";
import { suiteShape } from "../render/check.ts";
import { noreply } from "../render/commit.ts";
import { htmlUrl } from "../render/repository.ts";
import type { World } from "../world.ts";
import { closeIssue, tellOfIssue } from "./issues.ts";

const NO_COMMIT = "0".repeat(40);
const HEADS = "refs/heads/";

export const signatureOf = (account: Account, at: Date): Signature => ({
  name: account.login,
  email: noreply(account),
  at,
});

/** A branch name, ref, or full SHA as the commit it means; null when there is none. */
export const resolve = (repo: Repo, ref: string): string | null => {
  for (const name of [ref, `refs/${ref}`, `refs/heads/${ref}`, `refs/tags/${ref}`]) {
    const sha = repo.refs.get(name);
    if (sha !== undefined) return sha;
  }
  const head = /^(?:refs\/)?pull\/(\d+)\/head$/.exec(ref)?.[1];
  if (head !== undefined) return repo.issues.get(Number(head))?.pull?.headSha ?? null;
  return repo.git.commit(ref) === null ? null : ref;
};

/** The suite in which an app's runs on a commit are gathered; made when there is none. */
export const suiteFor = (world: World, repo: Repo, app: CheckSuite["app"], sha: string): CheckSuite => {
  const known = repo.suites.find((suite) => suite.app === app && suite.sha === sha);
  if (known !== undefined) return known;
  const branch = [...repo.refs].find(([name, at]) => name.startsWith(HEADS) && at === sha)?.[0] ?? null;
  const at = world.now();
  const suite: CheckSuite = {
    id: world.nextId(),
    app,
    sha,
    branch: branch === null ? null : branch.slice(HEADS.length),
    before: null,
    createdAt: at,
    updatedAt: at,
  };
  repo.suites.push(suite);
  return suite;
};

const commitLine = (world: World, repo: Repo, sha: string, commit: CommitFacts) => {
  const changes = changedFiles(repo.git, commit.parents[0] ?? null, sha);
  const named = (status: string) =>
    changes.filter((change) => change.status === status).map((change) => change.filename);
  const who = (one: Signature) => ({ name: one.name, email: one.email, date: iso(one.at), username: one.name });
  return {
    id: sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: iso(commit.committer.at),
    url: `${htmlUrl(world, repo)}/commit/${sha}`,
    author: who(commit.author),
    committer: who(commit.committer),
    added: [...named("added"), ...named("renamed")],
    removed: named("removed"),
    modified: named("modified"),
  };
};

const tellOfPush = (
  world: World,
  repo: Repo,
  actor: Actor,
  push: { ref: string; before: string | null; after: string | null; forced: boolean },
): void => {
  const { ref, before, after, forced } = push;
  const known = before ?? repo.refs.get(HEADS + repo.defaultBranch) ?? null;
  const shas = after === null ? [] : known === null || known === after ? [] : commitsBetween(repo.git, known, after);
  const lines = shas.flatMap((sha) => {
    const commit = repo.git.commit(sha);
    return commit === null ? [] : [commitLine(world, repo, sha, commit)];
  });
  const tip = after === null ? null : repo.git.commit(after);
  world.emit({
    name: "push",
    action: null,
    repo,
    sender: actor.account,
    payload: {
      ref,
      before: before ?? NO_COMMIT,
      after: after ?? NO_COMMIT,
      created: before === null,
      deleted: after === null,
      forced,
      base_ref: null,
      compare: `${htmlUrl(world, repo)}/compare/${before ?? NO_COMMIT}...${after ?? NO_COMMIT}`,
      commits: lines,
      head_commit: after === null || tip === null ? null : commitLine(world, repo, after, tip),
      pusher: { name: actor.account.login, email: noreply(actor.account) },
    },
  });
};

const tellOfBranch = (world: World, repo: Repo, actor: Actor, name: "create" | "delete", ref: string): void => {
  const payload = {
    ref: ref.replace(/^refs\/(heads|tags)\//, ""),
    full_ref: ref,
    ref_type: ref.startsWith("refs/tags/") ? "tag" : "branch",
    pusher_type: "user",
    ...(name === "create" ? { master_branch: repo.defaultBranch, description: null } : {}),
  };
  world.emit({ name, action: null, repo, sender: actor.account, payload });
};

/** Every app that may write checks gets a suite for each pushed commit, used or not. */
const requestSuites = (world: World, repo: Repo, actor: Actor, sha: string): void => {
  for (const installation of world.installations.values()) {
    if (!world.covers(installation, repo) || installation.permissions["checks"] !== "write") continue;
    const { app } = installation;
    if (repo.suites.some((suite) => suite.app === app && suite.sha === sha)) continue;
    const payload = { check_suite: suiteShape(world, repo, suiteFor(world, repo, app, sha)) };
    world.emit({ name: "check_suite", action: "requested", repo, sender: actor.account, payload, only: app });
  }
};

const openPulls = (repo: Repo): Issue[] =>
  [...repo.issues.values()].filter((issue) => issue.pull !== null && issue.state === "open");

const followHeads = (world: World, repo: Repo, actor: Actor, branch: string, sha: string | null): void => {
  for (const issue of openPulls(repo)) {
    const pull = issue.pull;
    if (pull === null || pull.headRef !== branch) continue;
    if (sha === null) {
      closeIssue(world, repo, issue, actor, null);
      continue;
    }
    const before = pull.headSha;
    pull.headSha = sha;
    issue.updatedAt = world.now();
    tellOfIssue(world, repo, issue, actor, "synchronize", { before, after: sha });
  }
};

/** A push that brings a pull request's head into its base merges it, as does a merge made by hand. */
const noticeMerges = (world: World, repo: Repo, actor: Actor, branch: string, sha: string): void => {
  for (const issue of openPulls(repo)) {
    const pull = issue.pull;
    if (pull === null || pull.baseRef !== branch || !isAncestor(repo.git, pull.headSha, sha)) continue;
    pull.merged = { at: world.now(), by: actor.account, sha };
    closeIssue(world, repo, issue, actor, null);
  }
};

/** Closing keywords act from commit messages and pull request bodies that reach the default branch. */
export const closeNamedIssues = (world: World, repo: Repo, actor: Actor, text: string): void => {
  for (const [, number] of text.matchAll(/\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)\b/gi)) {
    const issue = repo.issues.get(Number(number));
    if (issue !== undefined && issue.pull === null) closeIssue(world, repo, issue, actor, "completed");
  }
};

/** GitHub refuses an app without `workflows` whatever brings workflow changes that no ref has yet. */
const refuseWorkflows = (repo: Repo, after: string): void => {
  const known = new Set([...repo.refs.values()].flatMap((sha) => [...ancestors(repo.git, sha)]));
  const fresh = [...ancestors(repo.git, after)].filter((sha) => !known.has(sha));
  if (fresh.some((sha) => workflowChanges(repo.git, sha).length > 0)) throw notForApps();
};

/** Creates a ref. `permissions` are those of an app's token; null stands for a person. */
export const createRef = (
  world: World,
  repo: Repo,
  actor: Actor,
  ref: string,
  sha: string,
  permissions: Permissions | null,
): void => {
  if (!/^refs\/(heads|tags)\/[^\s~^:?*[\\]+$/.test(ref) || ref.includes("..") || ref.endsWith(".lock"))
    throw unprocessable("Reference name is not valid");
  if (repo.refs.has(ref)) throw unprocessable("Reference already exists");
  if ([...repo.refs.keys()].some((known) => known.startsWith(`${ref}/`) || ref.startsWith(`${known}/`)))
    throw unprocessable("Reference already exists");
  if (repo.git.commit(sha) === null) throw unprocessable("Object does not exist");
  if (permissions !== null && permissions["workflows"] === undefined) refuseWorkflows(repo, sha);
  repo.refs.set(ref, sha);
  repo.pushedAt = world.now();
  tellOfBranch(world, repo, actor, "create", ref);
  tellOfPush(world, repo, actor, { ref, before: null, after: sha, forced: false });
  if (ref.startsWith(HEADS)) requestSuites(world, repo, actor, sha);
};

export const moveRef = (
  world: World,
  repo: Repo,
  actor: Actor,
  ref: string,
  sha: string,
  how: { force: boolean; permissions: Permissions | null },
): void => {
  const before = repo.refs.get(ref);
  if (before === undefined) throw unprocessable("Reference does not exist");
  if (repo.git.commit(sha) === null) throw unprocessable("Object does not exist");
  const forward = isAncestor(repo.git, before, sha);
  if (!forward && !how.force) throw unprocessable("Update is not a fast forward");
  if (how.permissions !== null && how.permissions["workflows"] === undefined) refuseWorkflows(repo, sha);
  if (before === sha) return;
  repo.refs.set(ref, sha);
  repo.pushedAt = world.now();
  tellOfPush(world, repo, actor, { ref, before, after: sha, forced: !forward });
  if (!ref.startsWith(HEADS)) return;
  const branch = ref.slice(HEADS.length);
  followHeads(world, repo, actor, branch, sha);
  requestSuites(world, repo, actor, sha);
  noticeMerges(world, repo, actor, branch, sha);
  if (branch !== repo.defaultBranch) return;
  for (const one of commitsBetween(repo.git, before, sha))
    closeNamedIssues(world, repo, actor, repo.git.commit(one)?.message ?? "");
};

export const deleteRef = (world: World, repo: Repo, actor: Actor, ref: string): void => {
  const before = repo.refs.get(ref);
  if (before === undefined) throw unprocessable("Reference does not exist");
  if (ref === HEADS + repo.defaultBranch) throw new ApiError(422, "Cannot delete the default branch");
  repo.refs.delete(ref);
  tellOfBranch(world, repo, actor, "delete", ref);
  tellOfPush(world, repo, actor, { ref, before, after: null, forced: false });
  if (ref.startsWith(HEADS)) followHeads(world, repo, actor, ref.slice(HEADS.length), null);
};
