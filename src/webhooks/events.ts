import { CONFIG_PATH } from "../config/schema.ts";
import type { DomainEvent, IssueAsSent } from "./domain-event.ts";
import { ignored, type Mapper, mapper, placeOf, type Self, type StoredWebhook } from "./event-mapper.ts";
import {
  CheckRunPayload,
  CheckSuitePayload,
  DeploymentStatusPayload,
  IssueCommentPayload,
  IssuesPayload,
  MergeGroupPayload,
  type Payload,
  PullRequestPayload,
  PushPayload,
  StatusPayload,
  WorkflowRunPayload,
} from "./payloads.ts";
import { ofHead, reviews } from "./review-event-mapper.ts";
import { SOURCE_MAPPERS } from "./source-event-mappers.ts";

/** Total: every webhook becomes exactly one event, an unreadable one included. */
export function toDomainEvent(webhook: StoredWebhook, self: Self): DomainEvent {
  return MAPPERS.get(webhook.event)?.(webhook, self) ?? ignored("not_of_interest");
}

const issueOf = (issue: Payload["Issue"]): IssueAsSent => ({
  id: issue.id,
  number: issue.number,
  title: issue.title,
  body: issue.body ?? "",
  author: issue.user,
  labels: (issue.labels ?? []).map(({ name }) => name),
  isPullRequest: issue.pull_request != null,
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

const DRAFT_ACTIONS = ["converted_to_draft", "ready_for_review"];
const drafts = ofHead("pull_draft_changed", DRAFT_ACTIONS);

const changedPulls = mapper(PullRequestPayload, PULL_ACTIONS, (payload, self) => {
  const { action, pull_request: pull, sender } = payload;
  if (sender.id === self.botId) return ignored("own");
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

const reworded = ofHead("pull_reworded", ["edited"]);

const isReworded = ({ action, payload }: Parameters<Mapper>[0]): boolean =>
  action === "edited" && PullRequestPayload.safeParse(payload).data?.changes?.base == null;

const pulls: Mapper = (webhook, self) => {
  if (webhook.action !== null && DRAFT_ACTIONS.includes(webhook.action)) return drafts(webhook, self);
  return (isReworded(webhook) ? reworded : changedPulls)(webhook, self);
};

type Pushed = Readonly<Partial<Record<"added" | "removed" | "modified", readonly string[] | null | undefined>>>;

const changesConfiguration = (commits: readonly Pushed[]): boolean =>
  commits.some((commit) =>
    [commit.added, commit.removed, commit.modified].some((paths) => paths?.includes(CONFIG_PATH) === true),
  );

const pushes = mapper(PushPayload, "any", (payload, self) => {
  if (payload.sender.id === self.botId) return ignored("own");
  const branch = payload.ref.startsWith("refs/heads/") ? payload.ref.slice("refs/heads/".length) : null;
  if (branch === null) return ignored("not_of_interest");
  if (!payload.forced && !payload.deleted) {
    const touches = branch === payload.repository.default_branch && changesConfiguration(payload.commits ?? []);
    return touches ? { kind: "configuration_changed", place: placeOf(payload) } : ignored("not_of_interest");
  }
  return { kind: "branch_rewritten", place: placeOf(payload), branch, after: payload.after, sender: payload.sender };
});

const MAPPERS: ReadonlyMap<string, Mapper> = new Map([
  ["issues", issues],
  ["issue_comment", comments],
  ["check_run", checkRuns],
  ["pull_request", pulls],
  ["pull_request_review", reviews],
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
  ...SOURCE_MAPPERS,
]);
