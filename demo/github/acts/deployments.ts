// Deployments and their statuses: who wants a commit in an environment, and how far whoever brings it there has come.
import { ApiError, unprocessable } from "../api-error.ts";
import { isAncestor } from "../git-history.ts";
import type { Actor, Deployment, DeploymentStatus, Repo } from "../records.ts";
import { deploymentShape, deploymentStatusShape } from "../render/deployment.ts";
import type { World } from "../world.ts";
import { resolve } from "./refs.ts";

export type DeploymentDraft = Readonly<{
  ref: string;
  task: string;
  autoMerge: boolean;
  /** Null: every check and status of the commit must be green. */
  requiredContexts: readonly string[] | null;
  payload: unknown;
  environment: string;
  description: string | null;
}>;

/** Of each context of a commit whether it is green now, from check runs and statuses alike. */
export const contextsOf = (repo: Repo, sha: string): ReadonlyMap<string, boolean> => {
  const found = new Map<string, boolean>();
  for (const { state, context } of repo.statuses.filter((one) => one.sha === sha)) {
    found.set(context, state === "success");
  }
  for (const { name, conclusion } of repo.runs.filter((run) => run.suite.sha === sha)) {
    found.set(name, conclusion === "success" || conclusion === "neutral" || conclusion === "skipped");
  }
  return found;
};

export const createDeployment = (world: World, repo: Repo, actor: Actor, draft: DeploymentDraft): Deployment => {
  const sha = resolve(repo, draft.ref);
  if (sha === null) throw unprocessable(`No ref found for: ${draft.ref}`);
  const base = repo.refs.get(`refs/heads/${repo.defaultBranch}`);
  // GitHub merges the default branch into what is deployed, unless it was told not to.
  if (draft.autoMerge && base !== undefined && !isAncestor(repo.git, base, sha))
    throw new ApiError(409, `Conflict merging ${repo.defaultBranch} into ${draft.ref}.`);
  const contexts = contextsOf(repo, sha);
  const required = draft.requiredContexts ?? [...contexts.keys()];
  if (required.some((context) => contexts.get(context) !== true))
    throw new ApiError(409, `Conflict: Commit status checks failed for ${draft.ref}.`);
  const deployment: Deployment = {
    id: world.nextId(),
    sha,
    ref: draft.ref,
    task: draft.task,
    payload: draft.payload,
    environment: draft.environment,
    description: draft.description,
    creator: actor.account,
    via: actor.via,
    createdAt: world.now(),
    statuses: [],
  };
  repo.deployments.push(deployment);
  const payload = { deployment: deploymentShape(world, repo, deployment) };
  world.emit({ name: "deployment", action: "created", repo, sender: actor.account, payload });
  return deployment;
};

export const createDeploymentStatus = (
  world: World,
  repo: Repo,
  actor: Actor,
  deployment: Deployment,
  draft: Pick<DeploymentStatus, "state" | "description" | "environmentUrl" | "logUrl"> & { autoInactive: boolean },
): DeploymentStatus => {
  const { autoInactive, ...said } = draft;
  const status: DeploymentStatus = { id: world.nextId(), ...said, creator: actor.account, at: world.now() };
  deployment.statuses.push(status);
  if (autoInactive && said.state === "success") {
    for (const older of repo.deployments) {
      if (older.id >= deployment.id || older.environment !== deployment.environment) continue;
      if (older.statuses.at(-1)?.state !== "success") continue;
      const replaced = { state: "inactive", description: null, environmentUrl: null, logUrl: null } as const;
      older.statuses.push({ id: world.nextId(), ...replaced, creator: actor.account, at: world.now() });
    }
  }
  const payload = {
    deployment: deploymentShape(world, repo, deployment),
    deployment_status: deploymentStatusShape(world, repo, deployment, status),
    check_run: null,
    workflow: null,
    workflow_run: null,
  };
  world.emit({ name: "deployment_status", action: "created", repo, sender: actor.account, payload });
  return status;
};
