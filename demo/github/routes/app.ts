// Routes of the app itself: who it is, its installations, its tokens.
import { z } from "zod";
import { issueToken, sees } from "../access.ts";
import { ApiError, notFound } from "../api-error.ts";
import type { App, Installation } from "../records.ts";
import { appShape, installationShape, tokenShape } from "../render/people.ts";
import { repositoryShape } from "../render/repository.ts";
import {
  type AppCall,
  appRoute,
  counted,
  created,
  list,
  noContent,
  numberParam,
  ok,
  param,
  type Route,
  read,
  tokenRoute,
} from "../route.ts";
import type { World } from "../world.ts";

const installationsOf = (world: World, app: App): Installation[] =>
  [...world.installations.values()].filter((one) => one.app === app && !one.deleted);

const installationAt = (call: AppCall): Installation => {
  const found = call.world.installations.get(numberParam(call, "id"));
  if (found === undefined || found.app !== call.app || found.deleted) throw notFound();
  return found;
};

const TokenRequest = z.object({
  permissions: z.record(z.string(), z.string()).optional(),
  repository_ids: z.array(z.number().int()).max(500).optional(),
  repositories: z.array(z.string()).max(500).optional(),
});

export const appRoutes: readonly Route[] = [
  appRoute("GET /app", (call) =>
    ok({ ...appShape(call.world, call.app), installations_count: installationsOf(call.world, call.app).length }),
  ),
  appRoute("GET /app/installations", (call) =>
    list(call, installationsOf(call.world, call.app), (one) => installationShape(call.world, one)),
  ),
  appRoute("GET /app/installations/:id", (call) => ok(installationShape(call.world, installationAt(call)))),
  appRoute("GET /repos/:owner/:repo/installation", (call) => {
    const repo = call.world.repo(param(call, "owner"), param(call, "repo"));
    const found = installationsOf(call.world, call.app).find((one) => repo !== null && call.world.covers(one, repo));
    if (found === undefined) throw notFound();
    return ok(installationShape(call.world, found));
  }),
  appRoute("POST /app/installations/:id/access_tokens", (call) => {
    const wanted = read(TokenRequest, call.body);
    const token = issueToken(call.world, installationAt(call), {
      permissions: wanted.permissions,
      repositoryIds: wanted.repository_ids,
      repositories: wanted.repositories,
    });
    const named = token.repositories?.flatMap((id) => call.world.repos.get(id) ?? []);
    return created({
      ...tokenShape(token),
      ...(named === undefined ? {} : { repositories: named.map((repo) => repositoryShape(call.world, repo)) }),
    });
  }),
  tokenRoute("DELETE /installation/token", [], (call) => {
    call.token.revokedAt = call.world.now();
    return noContent();
  }),
  tokenRoute("GET /installation/repositories", [["metadata", "read"]], (call) => {
    const repos = [...call.world.repos.values()].filter((repo) => !repo.deleted && sees(call.world, call.token, repo));
    return counted(call, "repositories", repos, (repo) => repositoryShape(call.world, repo));
  }),
  tokenRoute("GET /user", [], () => {
    throw new ApiError(403, "Resource not accessible by integration");
  }),
];
