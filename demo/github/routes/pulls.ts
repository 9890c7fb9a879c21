// Routes of pull requests.
import { z } from "zod";
import { closeIssue, editIssue, issueAt, reopenIssue } from "../acts/issues.ts";
import { whyBlocked } from "../acts/merge-rules.ts";
import { mergePull } from "../acts/merging.ts";
import { openPull, pullOf, requestReview, retarget, reviewOf } from "../acts/pulls.ts";
import { ApiError, notFound } from "../api-error.ts";
import { changedFiles, commitsBetween, isAncestor, mergeBase } from "../git-history.ts";
import type { Issue, Pull } from "../records.ts";
import { commitsShape, fileShape } from "../render/commit.ts";
import { lineCommentShape, pullDetailShape, pullShape, reviewShape } from "../render/pull.ts";
import {
  created,
  list,
  noContent,
  numberParam,
  ok,
  param,
  type RepoCall,
  type Route,
  read,
  repoRoute,
} from "../route.ts";

const reading = [["pull_requests", "read"]] as const;
const writing = [["pull_requests", "write"]] as const;

const Draft = z.object({
  title: z.string(),
  body: z.string().nullable().optional(),
  head: z.string(),
  base: z.string(),
  draft: z.boolean().default(false),
  maintainer_can_modify: z.boolean().optional(),
});
const Change = z.object({
  title: z.string().optional(),
  body: z.string().nullable().optional(),
  state: z.enum(["open", "closed"]).optional(),
  base: z.string().optional(),
});
const Merge = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(["merge", "squash", "rebase"]).default("merge"),
});
const Reviewers = z.object({
  reviewers: z.array(z.string()).default([]),
  team_reviewers: z.array(z.string()).default([]),
});

const MOST_COMMITS = 250;

const at = (call: RepoCall): { issue: Issue; pull: Pull } => {
  const issue = issueAt(call.repo, numberParam(call, "number"));
  return { issue, pull: pullOf(issue) };
};

const all = (call: RepoCall): { issue: Issue; pull: Pull }[] =>
  [...call.repo.issues.values()]
    .flatMap((issue) => (issue.pull === null ? [] : [{ issue, pull: issue.pull }]))
    .reverse();

const detail = (call: RepoCall, issue: Issue) => pullDetailShape(call.world, call.repo, issue, pullOf(issue));

const listPulls = (call: RepoCall) => {
  const state = call.query.get("state") ?? "open";
  const base = call.query.get("base");
  // A head that is not written owner:branch does not filter: GitHub then lists everything.
  const head = call.query.get("head")?.split(":");
  const found = all(call)
    .filter(({ issue }) => state === "all" || issue.state === state)
    .filter(({ pull }) => base === null || pull.baseRef === base)
    .filter(({ pull }) => head?.[1] === undefined || (head[0] === call.repo.owner.login && head[1] === pull.headRef));
  return list(call, found, ({ issue, pull }) => pullShape(call.world, call.repo, issue, pull));
};

const changePull = (call: RepoCall) => {
  const { world, repo, actor } = call;
  const { issue } = at(call);
  const change = read(Change, call.body);
  editIssue(world, repo, issue, actor, change);
  if (change.base !== undefined) retarget(world, repo, issue, actor, change.base);
  if (change.state === "closed") closeIssue(world, repo, issue, actor, null);
  if (change.state === "open") reopenIssue(world, repo, issue, actor);
  return ok(detail(call, issue));
};

const forkOf = (call: RepoCall, pull: Pull): string | null => {
  const base = pull.merged === null ? (call.repo.refs.get(`refs/heads/${pull.baseRef}`) ?? pull.baseSha) : pull.baseSha;
  return mergeBase(call.repo.git, base, pull.headSha);
};

export const pullRoutes: readonly Route[] = [
  repoRoute("GET /pulls", reading, listPulls),
  repoRoute("POST /pulls", writing, (call) => {
    const draft = read(Draft, call.body);
    return created(detail(call, openPull(call.world, call.repo, call.actor, { ...draft, body: draft.body ?? null })));
  }),
  repoRoute("GET /pulls/:number", reading, (call) => ok(detail(call, at(call).issue))),
  repoRoute("PATCH /pulls/:number", writing, changePull),
  repoRoute("GET /pulls/:number/files", reading, (call) => {
    const { pull } = at(call);
    return list(call, changedFiles(call.repo.git, forkOf(call, pull), pull.headSha), (change) =>
      fileShape(call.world, call.repo, pull.headSha, change),
    );
  }),
  repoRoute("GET /pulls/:number/commits", reading, (call) => {
    const { pull } = at(call);
    // GitHub stops at 250 and does not say so.
    const shas = commitsBetween(call.repo.git, forkOf(call, pull) ?? "", pull.headSha).slice(0, MOST_COMMITS);
    return list(call, commitsShape(call.world, call.repo, shas), (one) => one);
  }),
  repoRoute("GET /pulls/:number/merge", reading, (call) =>
    at(call).pull.merged === null ? { status: 404, body: { message: "Not Found" } } : noContent(),
  ),
  // GitHub asks for contents, not for pull_requests, to merge.
  repoRoute("PUT /pulls/:number/merge", [["contents", "write"]], (call) => {
    const how = read(Merge, call.body);
    const { pull } = at(call);
    // People who may bypass rules merge by hand; an app does not.
    const blocked = pull.merged === null ? whyBlocked(call.world, call.repo, pull) : null;
    if (blocked !== null) throw new ApiError(405, blocked);
    const sha = mergePull(call.world, call.repo, at(call).issue, call.actor, {
      method: how.merge_method,
      sha: how.sha ?? null,
      title: how.commit_title ?? null,
      message: how.commit_message ?? null,
    });
    return ok({ sha, merged: true, message: "Pull Request successfully merged" });
  }),
  repoRoute("GET /pulls/:number/reviews", reading, (call) => {
    const { issue, pull } = at(call);
    return list(call, pull.reviews, (review) => reviewShape(call.world, call.repo, issue, review));
  }),
  repoRoute("GET /pulls/:number/reviews/:review", reading, (call) => {
    const { issue } = at(call);
    return ok(reviewShape(call.world, call.repo, issue, reviewOf(issue, numberParam(call, "review"))));
  }),
  repoRoute("GET /pulls/:number/reviews/:review/comments", reading, (call) => {
    const { issue, pull } = at(call);
    const review = reviewOf(issue, numberParam(call, "review"));
    return list(call, review.comments, (comment) =>
      lineCommentShape(call.world, call.repo, { issue, pull, review }, comment),
    );
  }),
  repoRoute("POST /pulls/:number/requested_reviewers", writing, (call) => {
    const { issue, pull } = at(call);
    const accounts = read(Reviewers, call.body).reviewers.map((login) => call.world.account(login));
    const known = accounts.filter((account) => account !== null);
    if (known.length < accounts.length)
      throw new ApiError(
        422,
        "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator.",
      );
    requestReview(call.world, call.repo, issue, call.actor, known);
    return created(pullShape(call.world, call.repo, issue, pull));
  }),
  repoRoute("GET /commits/:ref/pulls", reading, (call) => {
    const sha = param(call, "ref");
    if (call.repo.git.commit(sha) === null) throw notFound();
    const found = all(call).filter(
      ({ pull }) => isAncestor(call.repo.git, sha, pull.headSha) && !isAncestor(call.repo.git, sha, pull.baseSha),
    );
    return list(call, found, ({ issue, pull }) => pullShape(call.world, call.repo, issue, pull));
  }),
];
