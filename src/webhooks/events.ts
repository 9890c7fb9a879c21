// A stored payload becomes one domain event: a pure mapping, which decides nothing but what is our own doing.
import type { z } from "zod";
import type { InstallationId } from "../ids.ts";
import type {
  DomainEvent,
  IgnoredReason,
  InstallationRef,
  IssueAsSent,
  ListedRepository,
  Place,
} from "./domain-event.ts";
import {
  CheckRunPayload,
  CheckSuitePayload,
  DeploymentStatusPayload,
  InstallationPayload,
  InstallationRepositoriesPayload,
  IssueCommentPayload,
  IssuesPayload,
  MergeGroupPayload,
  type Payload,
  PullRequestPayload,
  PushPayload,
  RepositoryPayload,
  StatusPayload,
  WorkflowRunPayload,
} from "./payloads.ts";

/** Who we are, by number: names can be taken. */
export type Self = Readonly<{ appId: number; botId: number }>;

export type StoredWebhook = Readonly<{ event: string; action: string | null; payload: unknown }>;

const ignored = (reason: IgnoredReason): DomainEvent => ({ kind: "ignored", reason });

/** Total: every webhook becomes exactly one event, an unreadable one included. */
export function toDomainEvent(webhook: StoredWebhook, self: Self): DomainEvent {
  return MAPPERS.get(webhook.event)?.(webhook, self) ?? ignored("not_of_interest");
}

type Mapper = (webhook: StoredWebhook, self: Self) => DomainEvent;

/** An action that we do not act on is left alone before its payload is looked at: it may have any form. */
const mapper =
  <S extends z.ZodType>(
    schema: S,
    actions: readonly string[] | "any",
    map: (payload: z.output<S>, self: Self) => DomainEvent,
  ): Mapper =>
  ({ action, payload }, self) => {
    if (actions !== "any" && (action === null || !actions.includes(action))) return ignored("not_of_interest");
    const parsed = schema.safeParse(payload);
    return parsed.success ? map(parsed.data, self) : ignored("unreadable");
  };

const placeOf = (
  payload: Readonly<{ installation: { id: InstallationId }; repository: Payload["Repository"] }>,
): Place => ({
  installationId: payload.installation.id,
  repoId: payload.repository.id,
  ownerId: payload.repository.owner.id,
  owner: payload.repository.owner.login,
  name: payload.repository.name,
  defaultBranch: payload.repository.default_branch,
});

const issueOf = (issue: Payload["Issue"]): IssueAsSent => ({
  id: issue.id,
  number: issue.number,
  title: issue.title,
  body: issue.body ?? "",
  author: issue.user,
  labels: (issue.labels ?? []).map(({ name }) => name),
  isPullRequest: issue.pull_request != null,
});

const repositoryOf = (listed: Payload["Listed"]): ListedRepository => {
  const slash = listed.full_name.indexOf("/");
  return {
    repoId: listed.id,
    owner: listed.full_name.slice(0, slash),
    name: listed.full_name.slice(slash + 1),
    isPrivate: listed.private,
  };
};

const installationOf = (installation: Payload["Installation"]): InstallationRef => ({
  id: installation.id,
  accountId: installation.account.id,
  accountLogin: installation.account.login,
  updatedAt: installation.updated_at,
  suspendedAt: installation.suspended_at ?? null,
});

const issues = mapper(
  IssuesPayload,
  ["labeled", "unlabeled", "closed", "reopened", "edited", "deleted", "transferred"],
  (payload, self) => {
    const { action, sender } = payload;
    if (sender.id === self.botId) return ignored("own");
    const facts = { place: placeOf(payload), issue: issueOf(payload.issue), sender, at: payload.issue.updated_at };
    if (action !== "labeled" && action !== "unlabeled") return { kind: `issue_${action}`, ...facts };
    const label = payload.label?.name;
    return label === undefined ? ignored("unreadable") : { kind: `issue_${action}`, label, ...facts };
  },
);

const comments = mapper(IssueCommentPayload, ["created", "edited", "deleted"], (payload, self) => {
  const { action, comment, issue, sender } = payload;
  const viaAppId = comment.performed_via_github_app?.id ?? null;
  const ours = viaAppId === self.appId || comment.user?.id === self.botId;
  const place = placeOf(payload);
  if (action === "created") {
    if (ours) return ignored("own");
    if (comment.user === null) return ignored("unreadable");
    return {
      kind: "comment_created",
      place,
      issueNumber: issue.number,
      isPullRequest: issue.pull_request != null,
      commentId: comment.id,
      body: comment.body,
      author: comment.user,
      viaAppId,
      createdAt: comment.created_at,
    };
  }
  if (!ours) return ignored("not_of_interest");
  if (sender.id === self.botId) return ignored("own");
  return { kind: `our_comment_${action}`, place, commentId: comment.id, sender, at: comment.updated_at };
});

const checkRuns = mapper(
  CheckRunPayload,
  ["created", "completed", "rerequested", "requested_action"],
  (payload, self) => {
    const { action, check_run: run, requested_action: button } = payload;
    const place = placeOf(payload);
    const ours = run.app?.id === self.appId;
    if (action !== "requested_action") {
      return ours ? ignored("own") : { kind: `check_run_${action}`, place, headSha: run.head_sha };
    }
    // GitHub sends a click to the app that drew the button; somebody else's button is none of ours.
    if (!ours) return ignored("not_of_interest");
    if (button?.identifier === undefined) return ignored("unreadable");
    return {
      kind: "check_button_clicked",
      place,
      checkRunId: run.id,
      identifier: button.identifier,
      sender: payload.sender,
      headSha: run.head_sha,
      externalId: run.external_id ?? null,
    };
  },
);

const PULL_ACTIONS = ["opened", "closed", "reopened", "edited", "synchronize"] as const;

const pulls = mapper(PullRequestPayload, PULL_ACTIONS, (payload, self) => {
  const { action, pull_request: pull, sender } = payload;
  if (sender.id === self.botId) return ignored("own");
  if (action === "edited" && payload.changes?.base == null) return ignored("not_of_interest");
  const kind = (
    {
      opened: "pull_opened",
      closed: "pull_closed",
      reopened: "pull_reopened",
      edited: "pull_base_changed",
      synchronize: "pull_synchronized",
    } as const
  )[action];
  const { head, number, updated_at: at } = pull;
  return { kind, place: placeOf(payload), pull: number, headSha: head.sha, headRef: head.ref, sender, at };
});

const pushes = mapper(PushPayload, "any", (payload, self) => {
  if (payload.sender.id === self.botId) return ignored("own");
  const branch = payload.ref.startsWith("refs/heads/") ? payload.ref.slice("refs/heads/".length) : null;
  if (branch === null || !(payload.forced || payload.deleted)) return ignored("not_of_interest");
  return { kind: "branch_rewritten", place: placeOf(payload), branch, after: payload.after, sender: payload.sender };
});

const installations = mapper(
  InstallationPayload,
  ["created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"],
  ({ action, installation, repositories }) => {
    const kind = (
      {
        created: "installation_created",
        deleted: "installation_deleted",
        suspend: "installation_suspended",
        unsuspend: "installation_unsuspended",
        new_permissions_accepted: "installation_granted",
      } as const
    )[action];
    return { kind, installation: installationOf(installation), repositories: (repositories ?? []).map(repositoryOf) };
  },
);

const MAPPERS: ReadonlyMap<string, Mapper> = new Map([
  ["issues", issues],
  ["issue_comment", comments],
  ["check_run", checkRuns],
  ["pull_request", pulls],
  ["push", pushes],
  [
    "merge_group",
    mapper(MergeGroupPayload, ["checks_requested"], (payload) => ({
      kind: "queue_asks_for_checks",
      place: placeOf(payload),
      queueHead: payload.merge_group.head_sha,
      queueRef: payload.merge_group.head_ref,
    })),
  ],
  ["installation", installations],
  [
    "check_suite",
    mapper(CheckSuitePayload, ["completed"], (payload, self) =>
      payload.check_suite.app?.id === self.appId
        ? ignored("own")
        : { kind: "check_suite_completed", place: placeOf(payload), headSha: payload.check_suite.head_sha },
    ),
  ],
  [
    "workflow_run",
    mapper(WorkflowRunPayload, "any", (payload) => ({
      kind: "workflow_run",
      place: placeOf(payload),
      headSha: payload.workflow_run.head_sha,
    })),
  ],
  [
    "status",
    mapper(StatusPayload, "any", (payload) => ({ kind: "status", place: placeOf(payload), headSha: payload.sha })),
  ],
  [
    "deployment_status",
    mapper(DeploymentStatusPayload, "any", (payload) => ({
      kind: "deployment_status",
      place: placeOf(payload),
      headSha: payload.deployment.sha,
    })),
  ],
  [
    "installation_repositories",
    mapper(InstallationRepositoriesPayload, ["added", "removed"], (payload) => ({
      kind: "repositories_changed",
      installation: installationOf(payload.installation),
      added: payload.repositories_added.map(repositoryOf),
      removed: payload.repositories_removed.map(repositoryOf),
    })),
  ],
  [
    "repository",
    mapper(
      RepositoryPayload,
      ["renamed", "transferred", "archived", "unarchived", "deleted", "privatized", "publicized"],
      (payload) => ({ kind: "repository_changed", place: placeOf(payload), change: payload.action }),
    ),
  ],
]);
