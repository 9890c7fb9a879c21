// Routes of check runs, check suites and commit statuses.
import { z } from "zod";
import { createRun, createStatus, type RunDraft, rerequestRun, updateRun } from "../acts/checks.ts";
import { resolve } from "../acts/refs.ts";
import { ApiError, notFound } from "../api-error.ts";
import type { CheckRun, Status } from "../records.ts";
import { runShape, suiteShape } from "../render/check.ts";
import { statusShape } from "../render/commit.ts";
import { repositoryShape, repoUrl } from "../render/repository.ts";
import {
  counted,
  created,
  list,
  numberParam,
  ok,
  param,
  type RepoCall,
  type Route,
  read,
  repoRoute,
} from "../route.ts";

const reading = [["checks", "read"]] as const;
const writing = [["checks", "write"]] as const;

const text = z.string().max(65_535);
const Action = z.object({
  label: z.string().min(1).max(20),
  description: z.string().min(1).max(40),
  identifier: z.string().min(1).max(20),
});
const Output = z.object({
  title: z.string().optional(),
  summary: text.optional(),
  text: text.nullable().optional(),
  annotations: z.array(z.unknown()).max(50).default([]),
});
const time = z.iso.datetime({ offset: true });
const RunBody = z.object({
  name: z.string().min(1).optional(),
  head_sha: z.string().optional(),
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  status: z.enum(["queued", "in_progress", "completed"]).optional(),
  started_at: time.optional(),
  conclusion: z
    .enum(["success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required"])
    .optional(),
  completed_at: time.optional(),
  output: Output.optional(),
  actions: z.array(Action).max(3).optional(),
});

const draftOf = (body: z.infer<typeof RunBody>, before: CheckRun | null): RunDraft => ({
  ...(body.name === undefined ? {} : { name: body.name }),
  ...(body.details_url === undefined ? {} : { detailsUrl: body.details_url }),
  ...(body.external_id === undefined ? {} : { externalId: body.external_id }),
  ...(body.status === undefined ? {} : { status: body.status }),
  ...(body.conclusion === undefined ? {} : { conclusion: body.conclusion }),
  ...(body.started_at === undefined ? {} : { startedAt: new Date(body.started_at) }),
  ...(body.completed_at === undefined ? {} : { completedAt: new Date(body.completed_at) }),
  ...(body.actions === undefined ? {} : { actions: body.actions }),
  ...(body.output === undefined
    ? {}
    : {
        output: {
          title: body.output.title ?? before?.output.title ?? null,
          summary: body.output.summary ?? before?.output.summary ?? null,
          text: body.output.text ?? before?.output.text ?? null,
          // GitHub appends annotations; it never takes one back.
          annotations: [...(before?.output.annotations ?? []), ...body.output.annotations],
        },
      }),
});

const runOf = (call: RepoCall): CheckRun => {
  const found = call.repo.runs.find((run) => run.id === numberParam(call, "id"));
  if (found === undefined) throw notFound();
  return found;
};

const shaOf = (call: RepoCall): string => {
  const sha = resolve(call.repo, param(call, "ref"));
  if (sha === null) throw new ApiError(422, `No commit found for SHA: ${param(call, "ref")}`);
  return sha;
};

/** Of runs with one name in one suite the latest only, unless all are asked for. */
const latest = (runs: readonly CheckRun[]): CheckRun[] =>
  runs.filter(
    (run) => !runs.some((other) => other.suite === run.suite && other.name === run.name && other.id > run.id),
  );

const listRuns = (call: RepoCall, runs: readonly CheckRun[]) => {
  const wanted = (name: string, value: string | number) => {
    const asked = call.query.get(name);
    return asked === null || asked === String(value);
  };
  const some = call.query.get("filter") === "all" ? runs : latest(runs);
  const found = some.filter(
    (run) => wanted("check_name", run.name) && wanted("status", run.status) && wanted("app_id", run.suite.app.id),
  );
  return counted(call, "check_runs", found, (run) => runShape(call.world, call.repo, run));
};

const StatusBody = z.object({
  state: z.enum(["error", "failure", "pending", "success"]),
  context: z.string().min(1).default("default"),
  description: z.string().max(140).nullable().optional(),
  target_url: z.string().nullable().optional(),
});

const statusesOf = (call: RepoCall, sha: string): Status[] =>
  call.repo.statuses.filter((one) => one.sha === sha).reverse();

const combined = (call: RepoCall) => {
  const sha = shaOf(call);
  const all = statusesOf(call, sha);
  const newest = all.filter((one) => all.find((other) => other.context === one.context) === one);
  const has = (...states: string[]) => newest.some((one) => states.includes(one.state));
  const state = has("error", "failure") ? "failure" : newest.length === 0 || has("pending") ? "pending" : "success";
  return ok({
    state,
    statuses: newest.map((one) => statusShape(call.world, call.repo, one)),
    sha,
    total_count: newest.length,
    repository: repositoryShape(call.world, call.repo),
    commit_url: `${repoUrl(call.world, call.repo)}/commits/${sha}`,
    url: `${repoUrl(call.world, call.repo)}/commits/${sha}/status`,
  });
};

export const checkRoutes: readonly Route[] = [
  repoRoute("POST /check-runs", writing, (call) => {
    const body = read(RunBody.required({ name: true, head_sha: true }), call.body);
    const draft = { ...draftOf(body, null), name: body.name };
    const run = createRun(call.world, call.repo, call.actor, call.token.installation.app, body.head_sha, draft);
    return created(runShape(call.world, call.repo, run));
  }),
  repoRoute("GET /check-runs/:id", reading, (call) => ok(runShape(call.world, call.repo, runOf(call)))),
  repoRoute("PATCH /check-runs/:id", writing, (call) => {
    const run = runOf(call);
    updateRun(call.world, call.repo, call.actor, run, draftOf(read(RunBody, call.body), run));
    return ok(runShape(call.world, call.repo, run));
  }),
  repoRoute("GET /check-runs/:id/annotations", reading, (call) =>
    list(call, runOf(call).output.annotations, (one) => one),
  ),
  repoRoute("POST /check-runs/:id/rerequest", writing, (call) => {
    rerequestRun(call.world, call.repo, call.actor, runOf(call));
    return created({});
  }),
  repoRoute("GET /check-suites/:id/check-runs", reading, (call) =>
    listRuns(
      call,
      call.repo.runs.filter((run) => run.suite.id === numberParam(call, "id")),
    ),
  ),
  repoRoute("GET /commits/:ref/check-runs", reading, (call) => {
    const sha = shaOf(call);
    return listRuns(
      call,
      call.repo.runs.filter((run) => run.suite.sha === sha),
    );
  }),
  repoRoute("GET /commits/:ref/check-suites", reading, (call) => {
    const sha = shaOf(call);
    const asked = call.query.get("app_id");
    const found = call.repo.suites.filter((one) => one.sha === sha && (asked === null || String(one.app.id) === asked));
    return counted(call, "check_suites", found, (suite) => suiteShape(call.world, call.repo, suite));
  }),
  repoRoute("POST /statuses/:sha", [["statuses", "write"]], (call) => {
    const body = read(StatusBody, call.body);
    const status = createStatus(call.world, call.repo, call.actor, {
      sha: param(call, "sha"),
      state: body.state,
      context: body.context,
      description: body.description ?? null,
      targetUrl: body.target_url ?? null,
    });
    return created(statusShape(call.world, call.repo, status));
  }),
  repoRoute("GET /commits/:ref/status", [["statuses", "read"]], combined),
  repoRoute("GET /commits/:ref/statuses", [["statuses", "read"]], (call) =>
    list(call, statusesOf(call, shaOf(call)), (one) => statusShape(call.world, call.repo, one)),
  ),
];
