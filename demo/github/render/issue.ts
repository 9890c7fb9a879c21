// Issues, comments, labels and reactions as GitHub writes them.
import type { AuthorAssociation, Issue as IssueShape, Label as LabelShape, Reactions } from "@octokit/webhooks-types";
import type { Account, App, Comment, Issue, Label, Reaction, Repo } from "../records.ts";
import { iso } from "../records.ts";
import type { World } from "../world.ts";
import { appShape, nodeId, userShape } from "./people.ts";
import { htmlUrl, repoUrl } from "./repository.ts";

export const issueUrl = (world: World, repo: Repo, number: number): string =>
  `${repoUrl(world, repo)}/issues/${number}`;
export const issueHtml = (world: World, repo: Repo, issue: Issue): string =>
  `${htmlUrl(world, repo)}/${issue.pull === null ? "issues" : "pull"}/${issue.number}`;

export const labelShape = (world: World, repo: Repo, label: Label): LabelShape => ({
  id: label.id,
  node_id: nodeId("LA", label.id),
  url: `${repoUrl(world, repo)}/labels/${encodeURIComponent(label.name)}`,
  name: label.name,
  color: label.color,
  default: false,
  description: label.description,
});

export const labelsOf = (world: World, repo: Repo, issue: Issue): LabelShape[] =>
  [...issue.labels].flatMap((key) => {
    const label = repo.labels.get(key);
    return label === undefined ? [] : [labelShape(world, repo, label)];
  });

export const reactionShape = (world: World, reaction: Reaction) => ({
  id: reaction.id,
  node_id: nodeId("REA", reaction.id),
  user: userShape(world, reaction.by),
  content: reaction.content,
  created_at: iso(reaction.at),
});

const rollup = (url: string, reactions: readonly Reaction[]): Reactions => {
  const count = (content: string) => reactions.filter((reaction) => reaction.content === content).length;
  return {
    url: `${url}/reactions`,
    total_count: reactions.length,
    "+1": count("+1"),
    "-1": count("-1"),
    laugh: count("laugh"),
    hooray: count("hooray"),
    confused: count("confused"),
    heart: count("heart"),
    rocket: count("rocket"),
    eyes: count("eyes"),
  };
};

export const association = (world: World, repo: Repo, account: Account): AuthorAssociation => {
  if (repo.owner.id === account.id) return "OWNER";
  if (world.organizations.get(repo.owner.id)?.members.has(account.id) === true) return "MEMBER";
  return repo.roles.has(account.id) ? "COLLABORATOR" : "NONE";
};

const viaShape = (world: World, via: App | null) => (via === null ? null : appShape(world, via));

export const issueShape = (world: World, repo: Repo, issue: Issue) => {
  const url = issueUrl(world, repo, issue.number);
  const html = issueHtml(world, repo, issue);
  const pull = issue.pull;
  const pullUrl = `${repoUrl(world, repo)}/pulls/${issue.number}`;
  const shape = {
    url,
    repository_url: repoUrl(world, repo),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id: issue.id,
    node_id: nodeId(pull === null ? "I" : "PR", issue.id),
    number: issue.number,
    title: issue.title,
    user: userShape(world, issue.author),
    labels: labelsOf(world, repo, issue),
    state: issue.state,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: issue.comments.length,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: issue.closedAt === null ? null : iso(issue.closedAt),
    author_association: association(world, repo, issue.author),
    active_lock_reason: null,
    body: issue.body,
    reactions: rollup(url, issue.reactions),
    timeline_url: `${url}/timeline`,
    state_reason: issue.stateReason,
    ...(pull === null
      ? {}
      : {
          draft: pull.draft,
          pull_request: {
            url: pullUrl,
            html_url: html,
            diff_url: `${html}.diff`,
            patch_url: `${html}.patch`,
            merged_at: pull.merged === null ? null : iso(pull.merged.at),
          },
        }),
  } satisfies IssueShape;
  const closedBy = issue.closedBy === null ? null : userShape(world, issue.closedBy);
  return { ...shape, closed_by: closedBy, performed_via_github_app: viaShape(world, issue.via) };
};

export const commentShape = (world: World, comment: Comment) => {
  const url = `${repoUrl(world, comment.repo)}/issues/comments/${comment.id}`;
  const issue = comment.repo.issues.get(comment.number);
  const html = issue === undefined ? "" : issueHtml(world, comment.repo, issue);
  return {
    url,
    html_url: `${html}#issuecomment-${comment.id}`,
    issue_url: issueUrl(world, comment.repo, comment.number),
    id: comment.id,
    node_id: nodeId("IC", comment.id),
    user: userShape(world, comment.author),
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: association(world, comment.repo, comment.author),
    body: comment.body,
    reactions: rollup(url, comment.reactions),
    performed_via_github_app: viaShape(world, comment.via),
  };
};
