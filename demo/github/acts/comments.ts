// What can happen to a comment, and reactions to it or to an issue.
import { unprocessable } from "../api-error.ts";
import type { Actor, Comment, Issue, Reaction, ReactionContent, Repo } from "../records.ts";
import { commentShape, issueShape } from "../render/issue.ts";
import type { World } from "../world.ts";
import { checkedBody } from "./issues.ts";

const tell = (
  world: World,
  repo: Repo,
  comment: Comment,
  actor: Actor,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): void => {
  const issue = repo.issues.get(comment.number);
  if (issue === undefined) return;
  const payload = { issue: issueShape(world, repo, issue), comment: commentShape(world, comment), ...more };
  world.emit({ name: "issue_comment", action, repo, sender: actor.account, payload });
};

const checkedComment = (body: string): string => {
  if (body.trim() === "") throw unprocessable("Validation Failed: body cannot be blank");
  return checkedBody("IssueComment", body);
};

export const createComment = (world: World, repo: Repo, issue: Issue, actor: Actor, body: string): Comment => {
  const at = world.now();
  const comment: Comment = {
    id: world.nextId(),
    number: issue.number,
    repo,
    body: checkedComment(body),
    author: actor.account,
    via: actor.via,
    createdAt: at,
    updatedAt: at,
    reactions: [],
    minimized: null,
    versions: [{ body, at, by: actor.account.login }],
  };
  issue.comments.push(comment);
  issue.updatedAt = at;
  tell(world, repo, comment, actor, "created");
  return comment;
};

export const editComment = (world: World, repo: Repo, comment: Comment, actor: Actor, body: string): void => {
  const from = comment.body;
  comment.body = checkedComment(body);
  comment.updatedAt = world.now();
  comment.versions.push({ body, at: comment.updatedAt, by: actor.account.login });
  tell(world, repo, comment, actor, "edited", { changes: { body: { from } } });
};

export const deleteComment = (world: World, repo: Repo, comment: Comment, actor: Actor): void => {
  const comments = repo.issues.get(comment.number)?.comments ?? [];
  comments.splice(comments.indexOf(comment), 1);
  tell(world, repo, comment, actor, "deleted");
};

/** One reaction of a kind by a person: a second one is the first again. */
export const react = (
  world: World,
  to: { reactions: Reaction[] },
  actor: Actor,
  content: ReactionContent,
): { reaction: Reaction; created: boolean } => {
  const known = to.reactions.find((one) => one.content === content && one.by.id === actor.account.id);
  if (known !== undefined) return { reaction: known, created: false };
  const reaction: Reaction = { id: world.nextId(), content, by: actor.account, at: world.now() };
  to.reactions.push(reaction);
  return { reaction, created: true };
};
