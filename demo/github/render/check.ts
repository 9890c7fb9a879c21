// Check runs and suites as GitHub writes them.
import type { CheckRunPullRequest } from "@octokit/webhooks-types";
import type { CheckConclusion, CheckRun, CheckSuite, Repo } from "../records.ts";
import { iso } from "../records.ts";
import type { World } from "../world.ts";
import { appShape, nodeId } from "./people.ts";
import { htmlUrl, repoUrl } from "./repository.ts";

/** Every open pull request with this head: a hint, never the proof that a run belongs to one. */
const pullsWithHead = (world: World, repo: Repo, sha: string): CheckRunPullRequest[] => {
  const here = { id: repo.id, url: repoUrl(world, repo), name: repo.name };
  return [...repo.issues.values()].flatMap((issue) => {
    const pull = issue.pull;
    if (pull === null || issue.state !== "open" || pull.headSha !== sha) return [];
    return [
      {
        url: `${repoUrl(world, repo)}/pulls/${issue.number}`,
        id: pull.id,
        number: issue.number,
        head: { ref: pull.headRef, sha: pull.headSha, repo: here },
        base: { ref: pull.baseRef, sha: pull.baseSha, repo: here },
      },
    ];
  });
};

const runsOf = (repo: Repo, suite: CheckSuite): CheckRun[] => repo.runs.filter((run) => run.suite === suite);

// The worst conclusion speaks for the suite.
const BY_WEIGHT: readonly CheckConclusion[] = [
  "action_required",
  "timed_out",
  "cancelled",
  "failure",
  "stale",
  "success",
  "neutral",
  "skipped",
];

/** A suite without runs stays queued for ever, as the suites of idle apps do on GitHub. */
export const suiteState = (
  repo: Repo,
  suite: CheckSuite,
): { status: "queued" | "in_progress" | "completed"; conclusion: CheckConclusion | null } => {
  const runs = runsOf(repo, suite);
  if (runs.length === 0 || runs.every((run) => run.status === "queued")) return { status: "queued", conclusion: null };
  if (runs.some((run) => run.status !== "completed")) return { status: "in_progress", conclusion: null };
  const conclusion = BY_WEIGHT.find((one) => runs.some((run) => run.conclusion === one)) ?? null;
  return { status: "completed", conclusion };
};

export const suiteShape = (world: World, repo: Repo, suite: CheckSuite) => ({
  id: suite.id,
  node_id: nodeId("CS", suite.id),
  head_branch: suite.branch,
  head_sha: suite.sha,
  ...suiteState(repo, suite),
  url: `${repoUrl(world, repo)}/check-suites/${suite.id}`,
  before: suite.before,
  after: suite.sha,
  pull_requests: pullsWithHead(world, repo, suite.sha),
  app: appShape(world, suite.app),
  created_at: iso(suite.createdAt),
  updated_at: iso(suite.updatedAt),
  rerequestable: true,
  runs_rerequestable: true,
  latest_check_runs_count: runsOf(repo, suite).length,
  check_runs_url: `${repoUrl(world, repo)}/check-suites/${suite.id}/check-runs`,
});

export const runShape = (world: World, repo: Repo, run: CheckRun) => {
  const url = `${repoUrl(world, repo)}/check-runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId("CR", run.id),
    name: run.name,
    head_sha: run.suite.sha,
    external_id: run.externalId ?? "",
    url,
    html_url: `${htmlUrl(world, repo)}/runs/${run.id}`,
    details_url: run.detailsUrl ?? world.url,
    status: run.status,
    conclusion: run.conclusion,
    started_at: iso(run.startedAt),
    completed_at: run.completedAt === null ? null : iso(run.completedAt),
    output: {
      title: run.output.title,
      summary: run.output.summary,
      text: run.output.text,
      annotations_count: run.output.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite.id },
    app: appShape(world, run.suite.app),
    pull_requests: pullsWithHead(world, repo, run.suite.sha),
  };
};
