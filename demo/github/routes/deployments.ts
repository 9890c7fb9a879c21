// Routes of deployments and their statuses.
import { z } from "zod";
import { createDeployment, createDeploymentStatus } from "../acts/deployments.ts";
import { notFound } from "../api-error.ts";
import { DEPLOYMENT_STATES, type Deployment } from "../records.ts";
import { deploymentShape, deploymentStatusShape } from "../render/deployment.ts";
import { created, list, numberParam, ok, type RepoCall, type Route, read, repoRoute } from "../route.ts";

const reading = [["deployments", "read"]] as const;
const writing = [["deployments", "write"]] as const;

const Draft = z.object({
  ref: z.string(),
  task: z.string().default("deploy"),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).nullable().optional(),
  payload: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
  environment: z.string().default("production"),
  description: z.string().max(140).nullable().optional(),
});

const Status = z.object({
  state: z.enum(DEPLOYMENT_STATES),
  description: z.string().max(140).nullable().optional(),
  environment_url: z.string().nullable().optional(),
  log_url: z.string().nullable().optional(),
  target_url: z.string().nullable().optional(),
  auto_inactive: z.boolean().default(true),
});

const at = (call: RepoCall): Deployment => {
  const found = call.repo.deployments.find(({ id }) => id === numberParam(call, "id"));
  if (found === undefined) throw notFound();
  return found;
};

export const deploymentRoutes: readonly Route[] = [
  repoRoute("GET /deployments", reading, (call) => {
    const wanted = (name: string, value: string): boolean => (call.query.get(name) ?? value) === value;
    const found = call.repo.deployments
      .filter(
        ({ sha, ref, task, environment }) =>
          wanted("sha", sha) && wanted("ref", ref) && wanted("task", task) && wanted("environment", environment),
      )
      .toReversed();
    return list(call, found, (one) => deploymentShape(call.world, call.repo, one));
  }),
  repoRoute("POST /deployments", writing, (call) => {
    const draft = read(Draft, call.body);
    const made = createDeployment(call.world, call.repo, call.actor, {
      ref: draft.ref,
      task: draft.task,
      autoMerge: draft.auto_merge,
      requiredContexts: draft.required_contexts ?? null,
      payload: draft.payload,
      environment: draft.environment,
      description: draft.description ?? null,
    });
    return created(deploymentShape(call.world, call.repo, made));
  }),
  repoRoute("GET /deployments/:id", reading, (call) => ok(deploymentShape(call.world, call.repo, at(call)))),
  repoRoute("GET /deployments/:id/statuses", reading, (call) => {
    const deployment = at(call);
    return list(call, deployment.statuses.toReversed(), (one) =>
      deploymentStatusShape(call.world, call.repo, deployment, one),
    );
  }),
  repoRoute("POST /deployments/:id/statuses", writing, (call) => {
    const deployment = at(call);
    const draft = read(Status, call.body);
    const status = createDeploymentStatus(call.world, call.repo, call.actor, deployment, {
      state: draft.state,
      description: draft.description ?? null,
      environmentUrl: draft.environment_url ?? null,
      logUrl: draft.log_url ?? draft.target_url ?? null,
      autoInactive: draft.auto_inactive,
    });
    return created(deploymentStatusShape(call.world, call.repo, deployment, status));
  }),
];
