// What can happen to a pull request beyond what happens to any issue: opening, reviewing, retargeting. Merging has its own file.
import { ApiError, notFound, validationFailed } from "../api-error.ts";
import { commitsBetween } from "../git-history.ts";
import type { Account, Actor, Issue, LineComment, Pull, Repo, Review } from "../records.ts";
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

export const setDraft = (world: World, repo: Repo, issue: Issue, actor: Actor, draft: boolean): void => {
  const pull = pullOf(issue);
  if (pull.draft === draft) return;
  pull.draft = draft;
  issue.updatedAt = world.now();
  tellOfIssue(world, repo, issue, actor, draft ? "converted_to_draft" : "ready_for_review");
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

export type ReviewDraft = Readonly<{
  state: Exclude<Review["state"], "DISMISSED">;
  body: string;
  comments: readonly Readonly<{
    path: string;
    line: number;
    startLine?: number;
    side?: LineComment["side"];
    body: string;
  }>[];
  /** The commit that was looked at; the head where none is given. */
  sha?: string;
}>;

/** GitHub tells of each comment, too (`pull_request_review_comment`); no App here is subscribed to that. */
export const submitReview = (world: World, repo: Repo, issue: Issue, actor: Actor, draft: ReviewDraft): Review => {
  const pull = pullOf(issue);
  const isWordless = draft.body === "" && draft.comments.length === 0;
  if (isWordless && draft.state === "CHANGES_REQUESTED")
    throw new ApiError(422, "You need to leave a comment indicating the requested changes.");
  if (draft.state !== "COMMENTED" && issue.author.id === actor.account.id)
    throw new ApiError(422, "Can not review your own pull request");
  const at = world.now();
  const comments = draft.comments.map(
    ({ startLine, side, ...comment }): LineComment => ({
      id: world.nextId(),
      startLine: startLine ?? null,
      side: side ?? "RIGHT",
      createdAt: at,
      updatedAt: at,
      ...comment,
    }),
  );
  const { state, body, sha } = draft;
  const review: Review = { id: world.nextId(), by: actor.account, state, body, sha: sha ?? pull.headSha, at, comments };
  pull.reviews.push(review);
  pull.requested.delete(actor.account);
  tellOfReview(world, repo, issue, actor, "submitted", review);
  return review;
};

export const reviewOf = (issue: Issue, id: number): Review => {
  const found = pullOf(issue).reviews.find((review) => review.id === id);
  if (found === undefined) throw notFound();
  return found;
};

export const editReview = (world: World, repo: Repo, issue: Issue, actor: Actor, id: number, body: string): void => {
  const review = reviewOf(issue, id);
  review.body = body;
  tellOfReview(world, repo, issue, actor, "edited", review);
};

export const dismissReview = (world: World, repo: Repo, issue: Issue, actor: Actor, id: number): void => {
  const review = reviewOf(issue, id);
  review.state = "DISMISSED";
  tellOfReview(world, repo, issue, actor, "dismissed", review);
};

const tellOfReview = (world: World, repo: Repo, issue: Issue, actor: Actor, action: string, review: Review): void => {
  const payload = {
    review: { ...reviewShape(world, repo, issue, review), state: review.state.toLowerCase() },
    pull_request: pullShape(world, repo, issue, pullOf(issue)),
  };
  world.emit({ name: "pull_request_review", action, repo, sender: actor.account, payload });
};
