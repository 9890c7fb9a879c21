// Routes of Actions: workflows that it holds back, and the logs of jobs: GitHub sends whoever asks on to where logs are kept, where an address of its own is what counts.
import { notFound } from "../api-error.ts";
import { fullName, iso } from "../records.ts";
import { htmlUrl } from "../render/repository.ts";
import { counted, numberParam, openRoute, param, type Route, repoRoute } from "../route.ts";

export const logRoutes: readonly Route[] = [
  repoRoute("GET /actions/runs", [["actions", "read"]], (call) => {
    const [sha, status] = [call.query.get("head_sha"), call.query.get("status")];
    const held = call.repo.heldWorkflows.filter((run) => sha === null || run.sha === sha);
    // Of all runs these are the only ones that are kept.
    return counted(call, "workflow_runs", status === "action_required" ? held : [], (run) => ({
      id: run.id,
      name: run.name,
      head_sha: run.sha,
      status: "completed",
      conclusion: "action_required",
      html_url: `${htmlUrl(call.world, call.repo)}/actions/runs/${run.id}`,
      created_at: iso(run.at),
    }));
  }),
  repoRoute("GET /actions/jobs/:id/logs", [["actions", "read"]], (call) => {
    const { world, repo } = call;
    const id = numberParam(call, "id");
    if (!repo.logs.has(id)) throw notFound();
    const location = `${world.url}/_logs/${fullName(repo)}/${id}?sig=${world.openArchive(repo.id, `log ${id}`)}`;
    return { status: 302, headers: { location } };
  }),
  openRoute("GET /_logs/:owner/:repo/:id", (call) => {
    const { world } = call;
    const repo = world.repo(param(call, "owner"), param(call, "repo"));
    const id = numberParam(call, "id");
    const log = repo?.logs.get(id);
    if (repo === null || log === undefined) throw notFound();
    if (!world.mayOpenArchive(call.query.get("sig") ?? "", repo.id, `log ${id}`)) throw notFound();
    return { status: 200, body: Buffer.from(log), headers: { "content-type": "text/plain; charset=utf-8" } };
  }),
];
