// Deployments and their statuses as GitHub writes them.
import type { Deployment, DeploymentStatus, Repo } from "../records.ts";
import { iso } from "../records.ts";
import type { World } from "../world.ts";
import { appShape, nodeId, userShape } from "./people.ts";
import { repoUrl } from "./repository.ts";

const urlOf = (world: World, repo: Repo, { id }: Deployment): string => `${repoUrl(world, repo)}/deployments/${id}`;

export const deploymentShape = (world: World, repo: Repo, deployment: Deployment) => {
  const url = urlOf(world, repo, deployment);
  return {
    url,
    id: deployment.id,
    node_id: nodeId("DE", deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    creator: userShape(world, deployment.creator),
    created_at: iso(deployment.createdAt),
    updated_at: iso(deployment.statuses.at(-1)?.at ?? deployment.createdAt),
    statuses_url: `${url}/statuses`,
    repository_url: repoUrl(world, repo),
    transient_environment: false,
    production_environment: deployment.environment === "production",
    performed_via_github_app: deployment.via === null ? null : appShape(world, deployment.via),
  };
};

export const deploymentStatusShape = (world: World, repo: Repo, deployment: Deployment, status: DeploymentStatus) => {
  const url = urlOf(world, repo, deployment);
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId("DES", status.id),
    state: status.state,
    creator: userShape(world, status.creator),
    description: status.description ?? "",
    environment: deployment.environment,
    target_url: status.logUrl ?? "",
    log_url: status.logUrl ?? "",
    environment_url: status.environmentUrl ?? "",
    created_at: iso(status.at),
    updated_at: iso(status.at),
    deployment_url: url,
    repository_url: repoUrl(world, repo),
  };
};
