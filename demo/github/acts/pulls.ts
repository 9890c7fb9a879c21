// What can happen to a pull request beyond what happens to any issue: opening, reviewing, retargeting. Merging has its own file.
import { ApiError, validationFailed } from "../api-error.ts";
import { commitsBetween } from "../git-history.ts";
import type { Account, Actor, Issue, Pull, Repo, Review } from "../records.ts";
import { atLeast } from "../records.ts";
import { userShape } from "../render/people.ts";
import { pullShape, reviewShape } from "../render/pull.ts";
import type { World } from "../world.ts";
import { addIssue, tellOfIssue } from "./issues.ts";

const invalid = (field: string): ApiError => validationFailed("PullRequest", field, "", "invalid");

export const openPull = (
  world: World,
  repo: Repo,
  actor: Actor,
  draft: { title: string; body: string | null; head: string; base: string; draft: boolean },
): Issue => {
  const [owner, named] = draft.head.includes(":") ? draft.head.split(":") : [repo.owner.login, draft.head];
  if (owner?.toLowerCase() !== repo.owner.login.toLowerCase() || named === undefined) throw invalid("head");
  const [headSha, baseSha] = [repo.refs.get(`refs/heads/${named}`), repo.refs.get(`refs/heads/${draft.base}`)];
  if (headSha === undefined) throw invalid("head");
  if (baseSha === undefined) throw invalid("base");
  const twin = [...repo.issues.values()].find(
    ({ state, pull }) => state === "open" && pull?.headRef === named && pull.baseRef === draft.base,
  );
  if (twin !== undefined)
    throw new ApiError(422, "Validation Failed", [
      {
        resource: "PullRequest",
        code: "custom",
        message: `A pull request already exists for ${repo.owner.login}:${named}.`,
      },
    ]);
  if (commitsBetween(repo.git, baseSha, headSha).length === 0)
    throw new ApiError(422, "Validation Failed", [
      { resource: "PullRequest", code: "custom", message: `No commits between ${draft.base} and ${named}` },
    ]);
  const pull: Pull = {
    id: world.nextId(),
    headRef: named,
    headSha,
    baseRef: draft.base,
    baseSha,
    draft: draft.draft,
    merged: null,
    requested: new Set(),
    reviews: [],
  };
  const issue = addIssue(world, repo, actor, { title: draft.title, body: draft.body, pull });
  tellOfIssue(world, repo, issue, actor, "opened");
  return issue;
};

/** The issue as the pull request that it must be. */
export const pullOf = (issue: Issue): Pull => {
  if (issue.pull === null) throw new ApiError(404, "Not Found");
  return issue.pull;
};

export const retarget = (world: World, repo: Repo, issue: Issue, actor: Actor, base: string): void => {
  const pull = pullOf(issue);
  const sha = repo.refs.get(`refs/heads/${base}`);
  if (sha === undefined) throw invalid("base");
  if (base === pull.baseRef) return;
  const changes = { base: { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } } };
  pull.baseRef = base;
  pull.baseSha = sha;
  issue.updatedAt = world.now();
  tellOfIssue(world, repo, issue, actor, "edited", { changes });
};

export const requestReview = (
  world: World,
  repo: Repo,
  issue: Issue,
  actor: Actor,
  reviewers: readonly Account[],
): void => {
  const pull = pullOf(issue);
  const no = (message: string) => new ApiError(422, message);
  for (const account of reviewers) {
    if (account.id === issue.author.id) throw no("Review cannot be requested from pull request author.");
    if (!repo.roles.has(account.id) && !atLeast(world.roleOf(repo, account), "write"))
      throw no(
        "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator.",
      );
  }
  for (const account of reviewers) {
    pull.requested.add(account);
    tellOfIssue(world, repo, issue, actor, "review_requested", { requested_reviewer: userShape(world, account) });
  }
};

export const submitReview = (
  world: World,
  repo: Repo,
  issue: Issue,
  actor: Actor,
  draft: { state: Review["state"]; body: string },
): Review => {
  const pull = pullOf(issue);
  const review: Review = { id: world.nextId(), by: actor.account, ...draft, sha: pull.headSha, at: world.now() };
  pull.reviews.push(review);
  pull.requested.delete(actor.account);
  const payload = {
    review: { ...reviewShape(world, repo, issue, review), state: review.state.toLowerCase() },
    pull_request: pullShape(world, repo, issue, pull),
  };
  world.emit({ name: "pull_request_review", action: "submitted", repo, sender: actor.account, payload });
  return review;
};
