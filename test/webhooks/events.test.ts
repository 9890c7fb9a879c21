// Which payload becomes which event: tables over payloads in the form in which GitHub sends them.
import type * as github from "@octokit/webhooks-types";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { z } from "zod";
import { toDomainEvent } from "../../src/webhooks/events.ts";
import type * as payloads from "../../src/webhooks/payloads.ts";
import * as sample from "./samples.ts";

const toEvent = (event: string, payload: sample.Json) => {
  const action = typeof payload["action"] === "string" ? payload["action"] : null;
  return toDomainEvent({ event, action, payload }, sample.SELF);
};

describe("kinds", () => {
  const rows: readonly (readonly [string, string, sample.Json])[] = [
    ["issue_labeled", "issues", sample.labeled()],
    ["issue_unlabeled", "issues", { ...sample.labeled(), action: "unlabeled" }],
    ["issue_closed", "issues", sample.issues("closed")],
    ["issue_reopened", "issues", sample.issues("reopened")],
    ["issue_edited", "issues", sample.issues("edited", {}, { changes: { title: { from: "x" } } })],
    ["issue_deleted", "issues", sample.issues("deleted")],
    ["issue_transferred", "issues", sample.issues("transferred")],
    ["comment_created", "issue_comment", sample.commented("created")],
    ["our_comment_edited", "issue_comment", sample.commented("edited", { user: sample.ourBot })],
    [
      "our_comment_deleted",
      "issue_comment",
      sample.commented("deleted", { performed_via_github_app: { id: sample.SELF.appId } }),
    ],
    ["check_run_created", "check_run", sample.checkRun("created")],
    ["check_run_completed", "check_run", sample.checkRun("completed")],
    ["check_run_completed", "check_run", sample.checkRun("completed", { app: null })],
    ["check_run_rerequested", "check_run", sample.checkRun("rerequested")],
    [
      "check_suite_completed",
      "check_suite",
      sample.ofRepository({ action: "completed", check_suite: { head_sha: sample.SHA, app: { id: 1 } } }),
    ],
    [
      "workflow_run",
      "workflow_run",
      sample.ofRepository({ action: "completed", workflow_run: { head_sha: sample.SHA } }),
    ],
    [
      "workflow_run",
      "workflow_run",
      sample.ofRepository({ action: "requested", workflow_run: { head_sha: sample.SHA } }),
    ],
    ["status", "status", sample.ofRepository({ sha: sample.SHA, state: "success" })],
    [
      "deployment_status",
      "deployment_status",
      sample.ofRepository({
        action: "created",
        deployment: { sha: sample.SHA },
        deployment_status: { state: "success" },
      }),
    ],
    ["pull_opened", "pull_request", sample.pullRequest("opened")],
    ["pull_closed", "pull_request", sample.pullRequest("closed")],
    ["pull_reopened", "pull_request", sample.pullRequest("reopened")],
    [
      "pull_base_changed",
      "pull_request",
      sample.pullRequest("edited", { changes: { base: { ref: { from: "main" } } } }),
    ],
    ["pull_synchronized", "pull_request", sample.pullRequest("synchronize")],
    ["pull_reworded", "pull_request", sample.pullRequest("edited", { changes: { title: { from: "x" } } })],
    ["pull_reworded", "pull_request", sample.pullRequest("edited", { changes: { body: { from: "x" } } })],
    ["pull_draft_changed", "pull_request", sample.pullRequest("converted_to_draft")],
    ["pull_draft_changed", "pull_request", sample.pullRequest("ready_for_review")],
    ["pull_reviewed", "pull_request_review", sample.pullRequest("submitted", { review: { state: "approved" } })],
    ["changes_requested", "pull_request_review", sample.pullRequest("submitted", { review: sample.REVIEW })],
    // What cannot be read as one wakes those who watch all the same.
    [
      "pull_reviewed",
      "pull_request_review",
      sample.pullRequest("submitted", { review: { ...sample.REVIEW, user: null } }),
    ],
    ["pull_reviewed", "pull_request_review", sample.pullRequest("dismissed", { review: sample.REVIEW })],
    ["pull_reviewed", "pull_request_review", sample.pullRequest("dismissed", { review: { state: "dismissed" } })],
    [
      "queue_asks_for_checks",
      "merge_group",
      sample.ofRepository({
        action: "checks_requested",
        merge_group: { head_sha: sample.SHA, head_ref: "refs/heads/gh-readonly-queue/main/pr-57-x" },
      }),
    ],
    ["branch_rewritten", "push", sample.push({ forced: true })],
    ["branch_rewritten", "push", sample.push({ deleted: true, after: "0".repeat(40) })],
    ["installation_created", "installation", sample.installation("created")],
    ["installation_deleted", "installation", sample.installation("deleted")],
    ["installation_suspended", "installation", sample.installation("suspend")],
    ["installation_unsuspended", "installation", sample.installation("unsuspend")],
    ["installation_granted", "installation", sample.installation("new_permissions_accepted")],
    [
      "repositories_changed",
      "installation_repositories",
      sample.installationRepositories("added", [sample.listed(9, "acme/x")]),
    ],
    [
      "repositories_changed",
      "installation_repositories",
      sample.installationRepositories("removed", [sample.listed(9, "acme/x")]),
    ],
    ...["renamed", "transferred", "archived", "unarchived", "deleted", "privatized", "publicized"].map(
      (action) => ["repository_changed", "repository", sample.repositoryEvent(action)] as const,
    ),
  ];
  it.each(rows)("%s from %s", (kind, event, payload) => {
    expect(toEvent(event, payload).kind).toBe(kind);
  });
});

describe("what is of no interest", () => {
  it.each([
    ["an event that we do not know", "sponsorship", { action: "created" }],
    ["the name of a function that every object has", "constructor", {}],
    ["an action that we do not know", "issues", sample.issues("pinned")],
    ["an action of ours in a form that is none", "issue_comment", { action: "pinned" }],
    ["somebody's edit of a comment that is not ours", "issue_comment", sample.commented("edited")],
    ["a plain push", "push", sample.push()],
    ["a forced push of a tag", "push", sample.push({ ref: "refs/tags/v1", forced: true })],
    [
      "a click on nobody's button",
      "check_run",
      sample.checkRun("requested_action", { app: null }, { requested_action: { identifier: "approve:k7m2" } }),
    ],
    [
      "a click on another app's button",
      "check_run",
      sample.checkRun("requested_action", { app: { id: 2 } }, { requested_action: { identifier: "x" } }),
    ],
  ])("%s", (_name, event, payload) => {
    expect(toEvent(event, payload)).toEqual({ kind: "ignored", reason: "not_of_interest" });
  });
});

describe("our own doing", () => {
  const byUs = { sender: sample.ourBot };
  it.each([
    ["a label that we put on", "issues", sample.labeled(byUs)],
    ["an issue that we closed", "issues", sample.issues("closed", {}, byUs)],
    ["a comment of our account", "issue_comment", sample.commented("created", { user: sample.ourBot }, byUs)],
    [
      "a comment through our app in a person's name",
      "issue_comment",
      sample.commented("created", { performed_via_github_app: { id: sample.SELF.appId } }),
    ],
    ["our edit of our comment", "issue_comment", sample.commented("edited", { user: sample.ourBot }, byUs)],
    ["our check run", "check_run", sample.checkRun("completed", { app: { id: sample.SELF.appId } })],
    [
      "our check suite",
      "check_suite",
      sample.ofRepository({
        action: "completed",
        check_suite: { head_sha: sample.SHA, app: { id: sample.SELF.appId } },
      }),
    ],
    ["our pull request's head", "pull_request", sample.pullRequest("synchronize", byUs)],
    ["our push", "push", sample.push({ forced: true, ...byUs })],
  ])("%s is inert", (_name, event, payload) => {
    expect(toEvent(event, payload)).toEqual({ kind: "ignored", reason: "own" });
  });

  it("is told by number: a login like ours is nobody's licence", () => {
    const lookalike = { id: 999, login: "countersign[bot]", type: "Bot" };
    expect(toEvent("issues", sample.labeled({ sender: lookalike })).kind).toBe("issue_labeled");
  });

  it("does not hide what others do to our comments", () => {
    const event = toEvent(
      "issue_comment",
      sample.commented("edited", { user: sample.ourBot }, { sender: sample.octocat }),
    );
    expect(event).toMatchObject({ kind: "our_comment_edited", commentId: 3001, sender: { id: 12 } });
  });
});

describe("what is unreadable", () => {
  it.each([
    ["no payload", "issues", "labeled", null],
    ["an array", "issues", "labeled", []],
    ["no installation: not sent to an app", "issues", "labeled", { ...sample.labeled(), installation: undefined }],
    ["a label without a name", "issues", "labeled", { ...sample.labeled(), label: {} }],
    ["no label", "issues", "labeled", { ...sample.labeled(), label: undefined }],
    ["an id that is no number", "issues", "labeled", sample.labeled({}, { id: "88001" })],
    ["an id beyond exact numbers", "issues", "labeled", sample.labeled({}, { id: 2 ** 60 })],
    ["a time that is none", "issues", "labeled", sample.labeled({}, { updated_at: "yesterday" })],
    ["a comment by nobody", "issue_comment", "created", sample.commented("created", { user: null })],
    ["a commit that is no commit", "status", null, sample.ofRepository({ sha: "main" })],
    [
      "a click without a button",
      "check_run",
      "requested_action",
      sample.checkRun("requested_action", { app: { id: sample.SELF.appId } }),
    ],
    [
      "a repository without an owner",
      "installation",
      "created",
      sample.installation("created", {}, { repositories: [sample.listed(1, "shop")] }),
    ],
  ])("%s", (_name, event, action, payload) => {
    expect(toDomainEvent({ event, action, payload }, sample.SELF)).toEqual({ kind: "ignored", reason: "unreadable" });
  });
});

describe("what an event carries", () => {
  it("the issue as it was sent, its time by GitHub's clock", () => {
    expect(toEvent("issues", sample.labeled())).toEqual({
      kind: "issue_labeled",
      label: "countersign",
      at: "2026-11-21T10:00:00.000Z",
      sender: { id: 11, login: "mona", type: "User" },
      place: { installationId: 77, repoId: 501, ownerId: 3, owner: "acme", name: "shop", defaultBranch: "main" },
      issue: {
        id: sample.ISSUE_ID,
        number: 12,
        title: "Slugs lose their umlauts",
        body: "`slugify` drops every umlaut.\r\n\r\nIt should write ae, oe, ue.",
        author: { id: 12, login: "octocat", type: "User" },
        labels: ["countersign"],
        isPullRequest: false,
      },
    });
  });

  it("an empty body and a deleted author are no obstacle", () => {
    const event = toEvent("issues", sample.labeled({}, { body: null, user: null, labels: undefined }));
    expect(event).toMatchObject({ kind: "issue_labeled", issue: { body: "", author: null, labels: [] } });
  });

  it("a kind of account that we do not know is no person", () => {
    const sender = { id: 5, login: "x", type: "EnterpriseUserAccount" };
    expect(toEvent("issues", sample.labeled({ sender }))).toMatchObject({ sender: { type: "Mannequin" } });
  });

  it("a comment, word for word, with the app that spoke", () => {
    const payload = sample.commented(
      "created",
      { performed_via_github_app: { id: 5 } },
      {
        issue: sample.issue({ pull_request: { url: "x" } }),
      },
    );
    expect(toEvent("issue_comment", payload)).toEqual({
      kind: "comment_created",
      place: expect.objectContaining({ repoId: 501 }),
      issueNumber: 12,
      isPullRequest: true,
      commentId: 3001,
      body: "/approve k7m2",
      author: { id: 11, login: "mona", type: "User" },
      viaAppId: 5,
      createdAt: "2026-11-21T10:05:00.000Z",
    });
  });

  it("a review that asks for changes, with the head that was reviewed beside the one that there is", () => {
    const reviewed = "c".repeat(40);
    const review = { ...sample.REVIEW, commit_id: reviewed, body: null };
    const payload = sample.pullRequest("submitted", { review });
    expect(toDomainEvent({ event: "pull_request_review", action: "submitted", payload }, sample.SELF)).toMatchObject({
      kind: "changes_requested",
      headSha: sample.SHA,
      pull: 57,
      reviewId: sample.REVIEW.id,
      reviewedSha: reviewed,
      body: "",
      author: { id: 12, login: "octocat", type: "User" },
      submittedAt: "2026-11-21T11:00:00.000Z",
    });
  });

  it("a click, with the code that stood on the button", () => {
    const run = { app: { id: sample.SELF.appId }, external_id: "D-1:plan:1" };
    const payload = sample.checkRun("requested_action", run, { requested_action: { identifier: "approve:k7m2" } });
    expect(toEvent("check_run", payload)).toMatchObject({
      kind: "check_button_clicked",
      checkRunId: 6001,
      identifier: "approve:k7m2",
      sender: { id: 11 },
      headSha: sample.SHA,
      externalId: "D-1:plan:1",
    });
  });

  it("installations, whose times come as text or as seconds", () => {
    const event = toEvent("installation", sample.installation("created", { updated_at: 1_795_766_400 }));
    expect(event).toMatchObject({
      installation: {
        id: 77,
        accountId: 3,
        accountLogin: "acme",
        updatedAt: "2026-11-27T08:00:00.000Z",
        suspendedAt: null,
      },
      repositories: [{ repoId: 501, owner: "acme", name: "shop", isPrivate: true }],
    });
  });

  it("a branch whose name has slashes, and nothing after it", () => {
    expect(toEvent("push", sample.push({ ref: "refs/heads/release/2.x", forced: true }))).toMatchObject({
      branch: "release/2.x",
    });
  });
});

describe("the types of GitHub's own package", () => {
  // An App's payload always has an installation; the package leaves it open, as webhooks of repositories have none.
  type Sent<T> = T & { installation: { id: number } };
  it("are all taken by our schemas", () => {
    expectTypeOf<Sent<github.IssuesLabeledEvent>>().toExtend<z.input<typeof payloads.IssuesPayload>>();
    expectTypeOf<Sent<github.IssuesUnlabeledEvent>>().toExtend<z.input<typeof payloads.IssuesPayload>>();
    expectTypeOf<Sent<github.IssuesClosedEvent>>().toExtend<z.input<typeof payloads.IssuesPayload>>();
    expectTypeOf<Sent<github.IssuesReopenedEvent>>().toExtend<z.input<typeof payloads.IssuesPayload>>();
    expectTypeOf<Sent<github.IssuesEditedEvent>>().toExtend<z.input<typeof payloads.IssuesPayload>>();
    expectTypeOf<Sent<github.IssuesDeletedEvent>>().toExtend<z.input<typeof payloads.IssuesPayload>>();
    expectTypeOf<Sent<github.IssuesTransferredEvent>>().toExtend<z.input<typeof payloads.IssuesPayload>>();
    expectTypeOf<Sent<github.IssueCommentEvent>>().toExtend<z.input<typeof payloads.IssueCommentPayload>>();
    expectTypeOf<Sent<github.CheckRunCompletedEvent>>().toExtend<z.input<typeof payloads.CheckRunPayload>>();
    expectTypeOf<Sent<github.CheckRunCreatedEvent>>().toExtend<z.input<typeof payloads.CheckRunPayload>>();
    expectTypeOf<Sent<github.CheckRunRerequestedEvent>>().toExtend<z.input<typeof payloads.CheckRunPayload>>();
    expectTypeOf<Sent<github.CheckSuiteCompletedEvent>>().toExtend<z.input<typeof payloads.CheckSuitePayload>>();
    expectTypeOf<Sent<github.WorkflowRunEvent>>().toExtend<z.input<typeof payloads.WorkflowRunPayload>>();
    expectTypeOf<Sent<github.StatusEvent>>().toExtend<z.input<typeof payloads.StatusPayload>>();
    expectTypeOf<Sent<github.DeploymentStatusEvent>>().toExtend<z.input<typeof payloads.DeploymentStatusPayload>>();
    expectTypeOf<Sent<github.PullRequestClosedEvent>>().toExtend<z.input<typeof payloads.PullRequestPayload>>();
    expectTypeOf<Sent<github.PullRequestReopenedEvent>>().toExtend<z.input<typeof payloads.PullRequestPayload>>();
    expectTypeOf<Sent<github.PullRequestEditedEvent>>().toExtend<z.input<typeof payloads.PullRequestPayload>>();
    expectTypeOf<Sent<github.PullRequestSynchronizeEvent>>().toExtend<z.input<typeof payloads.PullRequestPayload>>();
    expectTypeOf<Sent<github.PushEvent>>().toExtend<z.input<typeof payloads.PushPayload>>();
    expectTypeOf<github.InstallationCreatedEvent>().toExtend<z.input<typeof payloads.InstallationPayload>>();
    expectTypeOf<github.InstallationDeletedEvent>().toExtend<z.input<typeof payloads.InstallationPayload>>();
    expectTypeOf<github.InstallationSuspendEvent>().toExtend<z.input<typeof payloads.InstallationPayload>>();
    expectTypeOf<github.InstallationUnsuspendEvent>().toExtend<z.input<typeof payloads.InstallationPayload>>();
    expectTypeOf<github.InstallationRepositoriesEvent>().toExtend<
      z.input<typeof payloads.InstallationRepositoriesPayload>
    >();
    expectTypeOf<Sent<github.RepositoryArchivedEvent>>().toExtend<z.input<typeof payloads.RepositoryPayload>>();
    expectTypeOf<Sent<github.RepositoryRenamedEvent>>().toExtend<z.input<typeof payloads.RepositoryPayload>>();
  });
});
