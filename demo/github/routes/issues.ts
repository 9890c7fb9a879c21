// Routes of issues, their labels, comments and reactions. On a pull request either permission will do, as on GitHub.
import { z } from "zod";
import { demand, type Needs } from "../access.ts";
import { createComment, deleteComment, editComment, react } from "../acts/comments.ts";
import {
  addLabel,
  closeIssue,
  editIssue,
  ensureLabel,
  issueAt,
  openIssue,
  removeLabel,
  reopenIssue,
} from "../acts/issues.ts";
import { notFound, validationFailed } from "../api-error.ts";
import type { Comment, Issue, Level, Reaction } from "../records.ts";
import { iso, REACTIONS } from "../records.ts";
import { commentShape, issueShape, labelShape, labelsOf, reactionShape } from "../render/issue.ts";
import { userShape } from "../render/people.ts";
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

const either = (level: Level): Needs => [
  ["issues", level],
  ["pull_requests", level],
];
const issuesOnly = (level: Level): Needs => [["issues", level]];

/** The issue that the route names; what the token needs depends on whether it is a pull request. */
const issueOf = (call: RepoCall, level: Level): Issue => {
  const issue = issueAt(call.repo, numberParam(call, "number"));
  demand(call.permissions, issue.pull === null ? issuesOnly(level) : either(level));
  return issue;
};

const commentOf = (call: RepoCall, level: Level): Comment => {
  const comment = call.world.comment(call.repo, numberParam(call, "id"));
  if (comment === null) throw notFound();
  const onPull = call.repo.issues.get(comment.number)?.pull != null;
  demand(call.permissions, onPull ? either(level) : issuesOnly(level));
  return comment;
};

const IssueDraft = z.object({
  title: z.string(),
  body: z.string().nullable().optional(),
  labels: z.array(z.string()).default([]),
});
const IssueChange = z.object({
  title: z.string().optional(),
  body: z.string().nullable().optional(),
  state: z.enum(["open", "closed"]).optional(),
  state_reason: z.enum(["completed", "not_planned", "reopened", "duplicate"]).nullable().optional(),
  labels: z.array(z.string()).optional(),
});
const Body = z.object({ body: z.string() });
const Names = z.union([
  z.object({ labels: z.array(z.string()) }),
  z.array(z.string()).transform((labels) => ({ labels })),
]);
const ReactionDraft = z.object({ content: z.string() });
const LabelDraft = z.object({
  name: z.string().min(1),
  color: z.string().optional(),
  description: z.string().optional(),
});

const since = (call: RepoCall): number => {
  const text = call.query.get("since");
  return text === null ? 0 : new Date(text).getTime();
};

const listIssues = (call: RepoCall) => {
  const state = call.query.get("state") ?? "open";
  const labels = (call.query.get("labels") ?? "").split(",").filter((name) => name !== "");
  const found = [...call.repo.issues.values()]
    .filter((issue) => state === "all" || issue.state === state)
    .filter((issue) => labels.every((name) => issue.labels.has(name.toLowerCase())))
    .filter((issue) => issue.updatedAt.getTime() >= since(call))
    .reverse();
  return list(call, found, (issue) => issueShape(call.world, call.repo, issue));
};

const changeIssue = (call: RepoCall) => {
  const { world, repo, actor } = call;
  const issue = issueOf(call, "write");
  const change = read(IssueChange, call.body);
  editIssue(world, repo, issue, actor, change);
  if (change.state === "closed") {
    const reason = change.state_reason === "reopened" ? null : (change.state_reason ?? null);
    closeIssue(world, repo, issue, actor, reason);
  }
  if (change.state === "open") reopenIssue(world, repo, issue, actor);
  if (change.labels !== undefined) {
    const wanted = new Set(change.labels.map((name) => name.toLowerCase()));
    for (const name of [...issue.labels]) if (!wanted.has(name)) removeLabel(world, repo, issue, actor, name);
    for (const name of change.labels) addLabel(world, repo, issue, actor, name);
  }
  return ok(issueShape(world, repo, issue));
};

const addReaction = (call: RepoCall, to: { reactions: Reaction[] }) => {
  const { content } = read(ReactionDraft, call.body);
  const known = REACTIONS.find((one) => one === content);
  if (known === undefined)
    throw validationFailed("Reaction", "content", `content is not included in the list`, "invalid");
  const { reaction, created } = react(call.world, to, call.actor, known);
  return { status: created ? 201 : 200, body: reactionShape(call.world, reaction) };
};

const listReactions = (call: RepoCall, of: { reactions: Reaction[] }) => {
  const content = call.query.get("content");
  const found = of.reactions.filter((one) => content === null || one.content === content);
  return list(call, found, (reaction) => reactionShape(call.world, reaction));
};

const removeReaction = (call: RepoCall, from: { reactions: Reaction[] }) => {
  const at = from.reactions.findIndex((one) => one.id === numberParam(call, "reaction"));
  if (at < 0) throw notFound();
  from.reactions.splice(at, 1);
  return noContent();
};

const listComments = (call: RepoCall) => {
  const found = issueOf(call, "read").comments.filter((comment) => comment.updatedAt.getTime() >= since(call));
  return list(call, found, (comment) => commentShape(call.world, comment));
};

const labelList = (call: RepoCall, issue: Issue) => ok(labelsOf(call.world, call.repo, issue));

export const issueRoutes: readonly Route[] = [
  repoRoute("GET /issues", issuesOnly("read"), listIssues),
  repoRoute("POST /issues", issuesOnly("write"), (call) => {
    const draft = read(IssueDraft, call.body);
    const issue = openIssue(call.world, call.repo, call.actor, { ...draft, body: draft.body ?? null });
    return created(issueShape(call.world, call.repo, issue));
  }),
  repoRoute("GET /issues/comments/:id", [], (call) => ok(commentShape(call.world, commentOf(call, "read")))),
  repoRoute("PATCH /issues/comments/:id", [], (call) => {
    const comment = commentOf(call, "write");
    editComment(call.world, call.repo, comment, call.actor, read(Body, call.body).body);
    return ok(commentShape(call.world, comment));
  }),
  repoRoute("DELETE /issues/comments/:id", [], (call) => {
    deleteComment(call.world, call.repo, commentOf(call, "write"), call.actor);
    return noContent();
  }),
  repoRoute("GET /issues/comments/:id/reactions", [], (call) => listReactions(call, commentOf(call, "read"))),
  repoRoute("POST /issues/comments/:id/reactions", [], (call) => addReaction(call, commentOf(call, "write"))),
  repoRoute("DELETE /issues/comments/:id/reactions/:reaction", [], (call) =>
    removeReaction(call, commentOf(call, "write")),
  ),
  repoRoute("GET /issues/:number", [], (call) => ok(issueShape(call.world, call.repo, issueOf(call, "read")))),
  repoRoute("PATCH /issues/:number", [], changeIssue),
  repoRoute("GET /issues/:number/events", [], (call) =>
    list(call, issueOf(call, "read").labelings, ({ label, by, at }) => ({
      event: "labeled",
      actor: userShape(call.world, by),
      label: { name: label, color: call.repo.labels.get(label.toLowerCase())?.color ?? "ededed" },
      created_at: iso(at),
    })),
  ),
  repoRoute("GET /issues/:number/comments", [], listComments),
  repoRoute("POST /issues/:number/comments", [], (call) => {
    const issue = issueOf(call, "write");
    const comment = createComment(call.world, call.repo, issue, call.actor, read(Body, call.body).body);
    return created(commentShape(call.world, comment));
  }),
  repoRoute("GET /issues/:number/reactions", [], (call) => listReactions(call, issueOf(call, "read"))),
  repoRoute("POST /issues/:number/reactions", [], (call) => addReaction(call, issueOf(call, "write"))),
  repoRoute("DELETE /issues/:number/reactions/:reaction", [], (call) => removeReaction(call, issueOf(call, "write"))),
  repoRoute("GET /issues/:number/labels", [], (call) => labelList(call, issueOf(call, "read"))),
  repoRoute("POST /issues/:number/labels", [], (call) => {
    const issue = issueOf(call, "write");
    for (const name of read(Names, call.body).labels) addLabel(call.world, call.repo, issue, call.actor, name);
    return labelList(call, issue);
  }),
  repoRoute("DELETE /issues/:number/labels/:name", [], (call) => {
    const issue = issueOf(call, "write");
    removeLabel(call.world, call.repo, issue, call.actor, param(call, "name"));
    return labelList(call, issue);
  }),
  repoRoute("GET /labels", issuesOnly("read"), (call) =>
    list(call, [...call.repo.labels.values()], (label) => labelShape(call.world, call.repo, label)),
  ),
  repoRoute("GET /labels/:name", issuesOnly("read"), (call) => {
    const label = call.repo.labels.get(param(call, "name").toLowerCase());
    if (label === undefined) throw notFound();
    return ok(labelShape(call.world, call.repo, label));
  }),
  repoRoute("POST /labels", issuesOnly("write"), (call) => {
    const draft = read(LabelDraft, call.body);
    if (call.repo.labels.has(draft.name.toLowerCase()))
      throw validationFailed("Label", "name", "already exists", "already_exists");
    const label = ensureLabel(call.world, call.repo, draft.name);
    label.color = draft.color ?? label.color;
    label.description = draft.description ?? null;
    return created(labelShape(call.world, call.repo, label));
  }),
];
