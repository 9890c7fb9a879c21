// What can happen to an issue, pull requests included where GitHub treats them as issues. Each change tells the world.
import { ApiError, notFound, validationFailed } from "../api-error.ts";
import type { Actor, Issue, Label, Pull, Repo } from "../records.ts";
import { fullName } from "../records.ts";
import { issueShape, labelShape } from "../render/issue.ts";
import { pullShape } from "../render/pull.ts";
import type { World } from "../world.ts";

export const BODY_LIMIT = 65_536;
const TITLE_LIMIT = 256;

export const checkedBody = (resource: string, body: string): string => {
  // GitHub counts characters, not UTF-16 units.
  if ([...body].length <= BODY_LIMIT) return body;
  throw validationFailed(resource, "body", `body is too long (maximum is ${BODY_LIMIT} characters)`);
};

const checkedTitle = (title: string): string => {
  if (title.trim() === "") throw validationFailed("Issue", "title", "title can't be blank", "missing_field");
  if ([...title].length > TITLE_LIMIT)
    throw validationFailed("Issue", "title", `title is too long (maximum is ${TITLE_LIMIT} characters)`);
  return title;
};

export const issueAt = (repo: Repo, number: number): Issue => {
  const issue = repo.issues.get(number);
  if (issue !== undefined) return issue;
  const gone = repo.gone.get(number);
  if (gone === undefined) throw notFound();
  if (gone === null) throw new ApiError(410, "This issue was deleted");
  throw new ApiError(301, gone);
};

/** An event about an issue, or about a pull request where it is one. */
export const tellOfIssue = (
  world: World,
  repo: Repo,
  issue: Issue,
  actor: Actor,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): void => {
  const about =
    issue.pull === null
      ? { issue: issueShape(world, repo, issue) }
      : { number: issue.number, pull_request: pullShape(world, repo, issue, issue.pull) };
  const name = issue.pull === null ? "issues" : "pull_request";
  world.emit({ name, action, repo, sender: actor.account, payload: { ...about, ...more } });
};

/** Takes the next number; nothing is told of it yet. */
export const addIssue = (
  world: World,
  repo: Repo,
  actor: Actor,
  draft: { title: string; body: string | null; pull: Pull | null },
): Issue => {
  const at = world.now();
  repo.lastNumber += 1;
  const issue: Issue = {
    id: world.nextId(),
    number: repo.lastNumber,
    title: checkedTitle(draft.title),
    body: draft.body === null ? null : checkedBody("Issue", draft.body),
    author: actor.account,
    via: actor.via,
    labels: new Set(),
    labelings: [],
    state: "open",
    stateReason: null,
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    closedBy: null,
    reactions: [],
    comments: [],
    pull: draft.pull,
  };
  repo.issues.set(issue.number, issue);
  return issue;
};

export const openIssue = (
  world: World,
  repo: Repo,
  actor: Actor,
  draft: { title: string; body: string | null; labels: readonly string[] },
): Issue => {
  const issue = addIssue(world, repo, actor, { title: draft.title, body: draft.body, pull: null });
  for (const name of draft.labels) {
    const label = ensureLabel(world, repo, name).name;
    issue.labels.add(label.toLowerCase());
    issue.labelings.push({ label, by: actor.account, at: issue.createdAt });
  }
  tellOfIssue(world, repo, issue, actor, "opened");
  for (const label of issue.labels) tellOfLabel(world, repo, issue, actor, "labeled", label);
  return issue;
};

export const editIssue = (
  world: World,
  repo: Repo,
  issue: Issue,
  actor: Actor,
  change: { title?: string | undefined; body?: string | null | undefined },
): void => {
  const changes: Record<string, unknown> = {};
  if (change.title !== undefined && change.title !== issue.title) {
    changes["title"] = { from: issue.title };
    issue.title = checkedTitle(change.title);
  }
  if (change.body !== undefined && change.body !== issue.body) {
    changes["body"] = { from: issue.body };
    issue.body = change.body === null ? null : checkedBody("Issue", change.body);
  }
  if (Object.keys(changes).length === 0) return;
  issue.updatedAt = world.now();
  tellOfIssue(world, repo, issue, actor, "edited", { changes });
};

export const closeIssue = (
  world: World,
  repo: Repo,
  issue: Issue,
  actor: Actor,
  reason: "completed" | "not_planned" | "duplicate" | null,
): void => {
  if (issue.state === "closed") return;
  issue.state = "closed";
  issue.stateReason = issue.pull === null ? (reason ?? "completed") : null;
  issue.closedAt = world.now();
  issue.closedBy = actor.account;
  issue.updatedAt = issue.closedAt;
  tellOfIssue(world, repo, issue, actor, "closed");
};

export const reopenIssue = (world: World, repo: Repo, issue: Issue, actor: Actor): void => {
  if (issue.state === "open") return;
  if (issue.pull?.merged != null)
    throw validationFailed("PullRequest", "state", "A merged pull request cannot be reopened");
  issue.state = "open";
  issue.stateReason = issue.pull === null ? "reopened" : null;
  issue.closedAt = null;
  issue.closedBy = null;
  issue.updatedAt = world.now();
  tellOfIssue(world, repo, issue, actor, "reopened");
};

/** Deleting leaves a hole where the number was: GitHub answers 410 from then on. */
export const deleteIssue = (world: World, repo: Repo, issue: Issue, actor: Actor): void => {
  repo.issues.delete(issue.number);
  repo.gone.set(issue.number, null);
  tellOfIssue(world, repo, issue, actor, "deleted");
};

export const transferIssue = (world: World, from: Repo, to: Repo, issue: Issue, actor: Actor): Issue => {
  from.issues.delete(issue.number);
  const moved = addIssue(world, to, actor, { title: issue.title, body: issue.body, pull: null });
  from.gone.set(issue.number, `${world.url}/repos/${fullName(to)}/issues/${moved.number}`);
  const changes = { new_issue: issueShape(world, to, moved), new_repository: { id: to.id, full_name: fullName(to) } };
  tellOfIssue(world, from, issue, actor, "transferred", { changes });
  return moved;
};

/** GitHub makes a label that does not exist yet when it is put on an issue. */
export const ensureLabel = (world: World, repo: Repo, name: string): Label => {
  const key = name.toLowerCase();
  const label = repo.labels.get(key) ?? { id: world.nextId(), name, color: "ededed", description: null };
  repo.labels.set(key, label);
  return label;
};

const tellOfLabel = (
  world: World,
  repo: Repo,
  issue: Issue,
  actor: Actor,
  action: "labeled" | "unlabeled",
  key: string,
): void => {
  const label = repo.labels.get(key);
  if (label !== undefined) tellOfIssue(world, repo, issue, actor, action, { label: labelShape(world, repo, label) });
};

export const addLabel = (world: World, repo: Repo, issue: Issue, actor: Actor, name: string): void => {
  const label = ensureLabel(world, repo, name).name;
  const key = label.toLowerCase();
  if (issue.labels.has(key)) return;
  issue.labels.add(key);
  issue.updatedAt = world.now();
  issue.labelings.push({ label, by: actor.account, at: issue.updatedAt });
  tellOfLabel(world, repo, issue, actor, "labeled", key);
};

export const removeLabel = (world: World, repo: Repo, issue: Issue, actor: Actor, name: string): void => {
  const key = name.toLowerCase();
  if (!issue.labels.delete(key)) throw new ApiError(404, "Label does not exist");
  issue.updatedAt = world.now();
  tellOfLabel(world, repo, issue, actor, "unlabeled", key);
};
