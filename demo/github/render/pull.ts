// Pull requests as GitHub writes them: short in lists, with counts and mergeability on their own.
import { mergeableState } from "../acts/merge-rules.ts";
import { changedFiles, commitsBetween, mergeBase, mergedTree } from "../git-history.ts";
import type { Issue, LineComment, Pull, Repo, Review } from "../records.ts";
import { iso } from "../records.ts";
import type { World } from "../world.ts";
import { association, issueHtml, issueUrl, labelsOf } from "./issue.ts";
import { nodeId, userShape } from "./people.ts";
import { repositoryShape, repoUrl } from "./repository.ts";

const side = (world: World, repo: Repo, ref: string, sha: string) => ({
  label: `${repo.owner.login}:${ref}`,
  ref,
  sha,
  user: userShape(world, repo.owner),
  repo: repositoryShape(world, repo),
});

export const pullShape = (world: World, repo: Repo, issue: Issue, pull: Pull) => {
  const url = `${repoUrl(world, repo)}/pulls/${issue.number}`;
  const html = issueHtml(world, repo, issue);
  const link = (href: string) => ({ href });
  return {
    url,
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl(world, repo, issue.number),
    number: issue.number,
    state: issue.state,
    locked: false,
    title: issue.title,
    user: userShape(world, issue.author),
    body: issue.body,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: issue.closedAt === null ? null : iso(issue.closedAt),
    merged_at: pull.merged === null ? null : iso(pull.merged.at),
    merge_commit_sha: pull.merged?.sha ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [...pull.requested].map((account) => userShape(world, account)),
    requested_teams: [],
    labels: labelsOf(world, repo, issue),
    milestone: null,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repoUrl(world, repo)}/pulls/comments{/number}`,
    comments_url: `${issueUrl(world, repo, issue.number)}/comments`,
    statuses_url: `${repoUrl(world, repo)}/statuses/${pull.headSha}`,
    head: side(world, repo, pull.headRef, pull.headSha),
    base: side(world, repo, pull.baseRef, pull.baseSha),
    _links: {
      self: link(url),
      html: link(html),
      issue: link(issueUrl(world, repo, issue.number)),
      comments: link(`${issueUrl(world, repo, issue.number)}/comments`),
      review_comments: link(`${url}/comments`),
      review_comment: link(`${repoUrl(world, repo)}/pulls/comments{/number}`),
      commits: link(`${url}/commits`),
      statuses: link(`${repoUrl(world, repo)}/statuses/${pull.headSha}`),
    },
    author_association: association(world, repo, issue.author),
    auto_merge: null,
    active_lock_reason: null,
    draft: pull.draft,
  };
};

export const canMerge = (repo: Repo, pull: Pull): boolean => {
  const base = repo.refs.get(`refs/heads/${pull.baseRef}`);
  return base !== undefined && mergedTree(repo.git, base, pull.headSha) !== null;
};

/** What only the single pull request has; lists leave it out, as GitHub's do. */
export const pullDetailShape = (world: World, repo: Repo, issue: Issue, pull: Pull) => {
  const base = repo.refs.get(`refs/heads/${pull.baseRef}`) ?? pull.baseSha;
  const from = pull.merged === null ? base : pull.baseSha;
  const files = changedFiles(repo.git, mergeBase(repo.git, from, pull.headSha), pull.headSha);
  const mergeable = pull.merged === null && issue.state === "open" ? canMerge(repo, pull) : null;
  return {
    ...pullShape(world, repo, issue, pull),
    merged: pull.merged !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeable === null ? "unknown" : mergeableState(world, repo, pull, mergeable),
    merged_by: pull.merged === null ? null : userShape(world, pull.merged.by),
    comments: issue.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commitsBetween(repo.git, from, pull.headSha).length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
};

export const reviewShape = (world: World, repo: Repo, issue: Issue, review: Review) => ({
  id: review.id,
  node_id: nodeId("PRR", review.id),
  user: userShape(world, review.by),
  body: review.body,
  state: review.state,
  html_url: `${issueHtml(world, repo, issue)}#pullrequestreview-${review.id}`,
  pull_request_url: `${repoUrl(world, repo)}/pulls/${issue.number}`,
  author_association: association(world, repo, review.by),
  submitted_at: iso(review.at),
  commit_id: review.sha,
});

/** In the list of one review GitHub leaves out the lines; the end of the hunk tells them. */
export const lineCommentShape = (
  world: World,
  repo: Repo,
  { issue, pull, review }: Readonly<{ issue: Issue; pull: Pull; review: Review }>,
  comment: LineComment,
) => ({
  id: comment.id,
  node_id: nodeId("PRRC", comment.id),
  pull_request_review_id: review.id,
  path: comment.path,
  diff_hunk: hunkOf(repo, pull, review, comment),
  commit_id: review.sha,
  original_commit_id: review.sha,
  user: userShape(world, review.by),
  body: comment.body,
  created_at: iso(comment.createdAt),
  updated_at: iso(comment.updatedAt),
  html_url: `${issueHtml(world, repo, issue)}#discussion_r${comment.id}`,
});

/** One line of the file, as a hunk. */
const hunkOf = (repo: Repo, pull: Pull, review: Review, { path, line, side }: LineComment): string => {
  const sha = side === "LEFT" ? pull.baseSha : review.sha;
  const files = repo.git.files(repo.git.commit(sha)?.tree ?? "");
  const blob = files.get(path)?.sha;
  const text = (blob === undefined ? null : repo.git.blob(blob))?.toString() ?? "";
  const shown = text.split("\n")[line - 1] ?? "";
  return side === "LEFT" ? `@@ -${line} +${line},0 @@\n-${shown}` : `@@ -${line},0 +${line} @@\n+${shown}`;
};
