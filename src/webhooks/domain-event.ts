// What GitHub said, in our words: the union of everything that intake acts on.
import type { CheckRunId, CommentId, InstallationId, IssueNumber, PullNumber, RepoId, ReviewId, Sha } from "../ids.ts";
import type { Instant } from "../instant.ts";
import type { Sender } from "./payloads.ts";

/** Where something happened. Names are for people; the ids decide. */
export type Place = Readonly<{
  installationId: InstallationId;
  repoId: RepoId;
  ownerId: number;
  owner: string;
  name: string;
  defaultBranch: string;
}>;

/** The issue as it was when the event was made. `at` is GitHub's clock, in whole seconds. */
export type IssueAsSent = Readonly<{
  id: number;
  number: IssueNumber;
  title: string;
  body: string;
  author: Sender | null;
  labels: readonly string[];
  isPullRequest: boolean;
}>;

type OfIssue<Kind extends string> = Readonly<{
  kind: Kind;
  place: Place;
  issue: IssueAsSent;
  sender: Sender;
  at: Instant;
}>;
type OfPull<Kind extends string> = Readonly<{
  kind: Kind;
  place: Place;
  pull: PullNumber;
  /** As it was then: where it is now is read. */
  headSha: Sha;
  headRef: string;
  sender: Sender;
  at: Instant;
}>;
type OfCommit<Kind extends string> = Readonly<{ kind: Kind; place: Place; headSha: Sha }>;

export type InstallationRef = Readonly<{
  id: InstallationId;
  accountId: number;
  accountLogin: string;
  /** When GitHub last changed the installation: which of two events is the newer. */
  updatedAt: Instant;
  suspendedAt: Instant | null;
}>;
export type ListedRepository = Readonly<{ repoId: RepoId; owner: string; name: string; isPrivate: boolean }>;

export type DomainEvent =
  | (OfIssue<"issue_labeled"> & Readonly<{ label: string }>)
  | (OfIssue<"issue_unlabeled"> & Readonly<{ label: string }>)
  | OfIssue<"issue_closed">
  | OfIssue<"issue_reopened">
  | OfIssue<"issue_edited">
  | OfIssue<"issue_deleted">
  | OfIssue<"issue_transferred">
  | Readonly<{
      kind: "comment_created";
      place: Place;
      issueNumber: IssueNumber;
      isPullRequest: boolean;
      commentId: CommentId;
      body: string;
      author: Sender;
      viaAppId: number | null;
      createdAt: Instant;
    }>
  /** Of comments that we posted, by somebody else; other people's comments may change as they like. */
  | Readonly<{
      kind: "our_comment_edited" | "our_comment_deleted";
      place: Place;
      commentId: CommentId;
      sender: Sender;
      at: Instant;
    }>
  | OfCommit<"check_run_created">
  | OfCommit<"check_run_completed">
  | OfCommit<"check_run_rerequested">
  | OfCommit<"check_suite_completed">
  | OfCommit<"workflow_run">
  | OfCommit<"status">
  | OfCommit<"deployment_status">
  /** Somebody reviewed the pull request with this head, or a review of it was dismissed. */
  | OfCommit<"pull_reviewed">
  /** The same, and the review asks for changes. */
  | (OfCommit<"changes_requested"> &
      Readonly<{
        pull: PullNumber;
        reviewId: ReviewId;
        /** The head that was reviewed. */
        reviewedSha: Sha;
        body: string;
        author: Sender;
        submittedAt: Instant;
      }>)
  /** It became a draft, or is none any more. */
  | OfCommit<"pull_draft_changed">
  /** Its title or text was edited. */
  | OfCommit<"pull_reworded">
  | Readonly<{
      kind: "check_button_clicked";
      place: Place;
      checkRunId: CheckRunId;
      identifier: string;
      sender: Sender;
      headSha: Sha;
      externalId: string | null;
    }>
  | OfPull<"pull_opened">
  | OfPull<"pull_closed">
  | OfPull<"pull_reopened">
  | OfPull<"pull_base_changed">
  | OfPull<"pull_synchronized">
  /** The merge queue made a commit, and waits for checks of it. */
  | Readonly<{ kind: "queue_asks_for_checks"; place: Place; queueHead: Sha; queueRef: string }>
  /** A branch whose history was replaced, or that is gone. Plain pushes are judged by the WriteGate when it writes. */
  | Readonly<{ kind: "branch_rewritten"; place: Place; branch: string; after: string; sender: Sender }>
  /** Our configuration file on the default branch was added, changed or taken away. */
  | Readonly<{ kind: "configuration_changed"; place: Place }>
  | Readonly<{
      kind:
        | "installation_created"
        | "installation_deleted"
        | "installation_suspended"
        | "installation_unsuspended"
        /** An owner has granted permissions that the App asked for later. */
        | "installation_granted";
      installation: InstallationRef;
      repositories: readonly ListedRepository[];
    }>
  | Readonly<{
      kind: "repositories_changed";
      installation: InstallationRef;
      added: readonly ListedRepository[];
      removed: readonly ListedRepository[];
    }>
  | Readonly<{
      kind: "repository_changed";
      place: Place;
      change: "renamed" | "transferred" | "archived" | "unarchived" | "deleted" | "privatized" | "publicized";
    }>
  | Readonly<{ kind: "ignored"; reason: IgnoredReason }>;

export type IgnoredReason =
  /** We do not subscribe to it, or it says nothing that matters here. */
  | "not_of_interest"
  /** Our own doing, come back. */
  | "own"
  /** It lacks what we read: GitHub changed, or it was not sent to an App. */
  | "unreadable";

export type LabelEvent = Extract<DomainEvent, { kind: "issue_labeled" }>;
