// What can happen to check runs and commit statuses.
import { ApiError, unprocessable } from "../api-error.ts";
import type { Account, Actor, App, CheckRun, CheckSuite, Repo, Status } from "../records.ts";
import { runShape, suiteShape, suiteState } from "../render/check.ts";
import { commitsShape, statusShape } from "../render/commit.ts";
import type { World } from "../world.ts";
import { suiteFor } from "./refs.ts";

export type RunDraft = Partial<
  Pick<
    CheckRun,
    "name" | "externalId" | "detailsUrl" | "status" | "conclusion" | "startedAt" | "completedAt" | "output" | "actions"
  >
>;

const tellOfRun = (
  world: World,
  repo: Repo,
  run: CheckRun,
  sender: Account,
  action: string,
  more: { only?: App; requested_action?: { identifier: string } } = {},
): void => {
  const { only, ...rest } = more;
  const check_run = { ...runShape(world, repo, run), check_suite: suiteShape(world, repo, run.suite) };
  world.emit({
    name: "check_run",
    action,
    repo,
    sender,
    payload: { check_run, ...rest },
    ...(only === undefined ? {} : { only }),
  });
};

const tellOfSuite = (world: World, repo: Repo, suite: CheckSuite, sender: Account): void => {
  const commit = repo.git.commit(suite.sha);
  const head = commitsShape(world, repo, [suite.sha])[0]?.commit;
  const head_commit = {
    id: suite.sha,
    tree_id: commit?.tree,
    message: commit?.message,
    timestamp: head?.committer.date,
    author: head?.author,
    committer: head?.committer,
  };
  const payload = { check_suite: { ...suiteShape(world, repo, suite), head_commit } };
  world.emit({ name: "check_suite", action: "completed", repo, sender, payload });
};

const apply = (world: World, run: CheckRun, draft: RunDraft): void => {
  run.name = draft.name ?? run.name;
  run.externalId = draft.externalId ?? run.externalId;
  run.detailsUrl = draft.detailsUrl ?? run.detailsUrl;
  run.startedAt = draft.startedAt ?? run.startedAt;
  run.output = draft.output ?? run.output;
  run.actions = draft.actions ?? run.actions;
  // A conclusion completes the run, whatever status was sent with it.
  run.status = draft.conclusion == null ? (draft.status ?? run.status) : "completed";
  if (run.status === "completed") {
    run.conclusion = draft.conclusion ?? run.conclusion;
    run.completedAt = draft.completedAt ?? run.completedAt ?? world.now();
  } else {
    run.conclusion = null;
    run.completedAt = null;
  }
  run.suite.updatedAt = world.now();
};

const requireConclusion = (
  status: CheckRun["status"] | undefined,
  conclusion: CheckRun["conclusion"] | undefined,
): void => {
  if (status === "completed" && conclusion == null)
    throw unprocessable("Invalid request.\n\nMissing `conclusion`: it is required when `status` is `completed`.");
};

export const createRun = (
  world: World,
  repo: Repo,
  actor: Actor,
  app: App,
  sha: string,
  draft: RunDraft & { name: string },
): CheckRun => {
  if (repo.git.commit(sha) === null) throw unprocessable(`No commit found for SHA: ${sha}`);
  requireConclusion(draft.status, draft.conclusion);
  const run: CheckRun = {
    id: world.nextId(),
    suite: suiteFor(world, repo, app, sha),
    name: draft.name,
    externalId: null,
    detailsUrl: null,
    status: "queued",
    conclusion: null,
    startedAt: world.now(),
    completedAt: null,
    output: { title: null, summary: null, text: null, annotations: [] },
    actions: [],
  };
  repo.runs.push(run);
  apply(world, run, draft);
  tellOfRun(world, repo, run, actor.account, "created");
  if (suiteState(repo, run.suite).status === "completed") tellOfSuite(world, repo, run.suite, actor.account);
  return run;
};

export const updateRun = (world: World, repo: Repo, actor: Actor, run: CheckRun, draft: RunDraft): void => {
  if (run.suite.app !== actor.via)
    throw new ApiError(
      403,
      `Invalid app_id \`${actor.via?.id}\` - check run can only be modified by the GitHub App that created it.`,
    );
  requireConclusion(draft.status, draft.conclusion ?? run.conclusion);
  const before = run.status;
  apply(world, run, draft);
  if (run.status !== "completed" || before === "completed") return;
  tellOfRun(world, repo, run, actor.account, "completed");
  if (suiteState(repo, run.suite).status === "completed") tellOfSuite(world, repo, run.suite, actor.account);
};

/** A button on a check run: only the app that made the run hears of it. */
export const requestAction = (world: World, repo: Repo, actor: Actor, run: CheckRun, identifier: string): void => {
  if (!run.actions.some((action) => action.identifier === identifier))
    throw new ApiError(422, `check run ${run.id} has no button ${identifier}`);
  tellOfRun(world, repo, run, actor.account, "requested_action", {
    only: run.suite.app,
    requested_action: { identifier },
  });
};

export const rerequestRun = (world: World, repo: Repo, actor: Actor, run: CheckRun): void =>
  tellOfRun(world, repo, run, actor.account, "rerequested", { only: run.suite.app });

export const createStatus = (
  world: World,
  repo: Repo,
  actor: Actor,
  draft: Pick<Status, "sha" | "state" | "context" | "description" | "targetUrl">,
): Status => {
  if (repo.git.commit(draft.sha) === null) throw unprocessable(`No commit found for SHA: ${draft.sha}`);
  const status: Status = { id: world.nextId(), ...draft, by: actor.account, at: world.now() };
  repo.statuses.push(status);
  const branches = [...repo.refs]
    .filter(([, sha]) => sha === status.sha)
    .map(([ref]) => ({ name: ref.replace("refs/heads/", ""), commit: { sha: status.sha, url: "" }, protected: false }));
  const payload = {
    ...statusShape(world, repo, status),
    sha: status.sha,
    name: `${repo.owner.login}/${repo.name}`,
    commit: commitsShape(world, repo, [status.sha])[0],
    branches,
  };
  world.emit({ name: "status", action: null, repo, sender: actor.account, payload });
  return status;
};
