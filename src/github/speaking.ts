// What we may say: the port of a client whose token may write issues and checks, and no contents.
import type { CheckRunId, CommentId, IssueNumber, RepoId, Sha } from "../ids.ts";
import type { Instant } from "../instant.ts";
import type { CommentFacts, Listed } from "./reading.ts";

export type Reaction = "eyes" | "+1" | "confused";

/** GitHub's limits: label 20, identifier 20, description 40 characters, three of them. */
export type CheckAction = Readonly<{ label: string; description: string; identifier: string }>;

/** On one line of a file as the commit has it. */
export type CheckAnnotation = Readonly<{
  path: string;
  line: number;
  level: "notice" | "warning" | "failure";
  title: string;
  message: string;
}>;

export type CheckRunDraft = Readonly<{
  name: string;
  headSha: Sha;
  externalId: string;
  /** Completed in the call that creates it, or queued/in progress. */
  status: "queued" | "in_progress" | "completed";
  conclusion: "success" | "failure" | "neutral" | "cancelled" | "action_required" | null;
  detailsUrl: string | null;
  title: string;
  summary: string;
  text: string | null;
  actions: readonly CheckAction[];
  /** At most 50. Sent with the run when it is created and never after: GitHub appends them with each update. */
  annotations?: readonly CheckAnnotation[];
}>;

export type Posted<Id> = Readonly<{ id: Id; at: Instant; url: string }>;

/** Every method throws GitHubError. Nothing here retries: jobs look first, then act again. */
export interface Speaking {
  createComment(repo: RepoId, issue: IssueNumber, body: string): Promise<Posted<CommentId>>;
  /** Null when the comment is gone. */
  updateComment(repo: RepoId, id: CommentId, body: string): Promise<Posted<CommentId> | null>;
  /** Our app's own comments on an issue that contain `marker`. */
  findComments(repo: RepoId, issue: IssueNumber, marker: string): Promise<Listed<CommentFacts>>;
  /** Folds a comment as outdated (GraphQL); false where the server has no such call. */
  minimizeComment(repo: RepoId, id: CommentId): Promise<boolean>;
  reactToComment(repo: RepoId, id: CommentId, reaction: Reaction): Promise<void>;
  reactToIssue(repo: RepoId, issue: IssueNumber, reaction: Reaction): Promise<void>;
  createCheckRun(repo: RepoId, draft: CheckRunDraft): Promise<Posted<CheckRunId>>;
  updateCheckRun(repo: RepoId, id: CheckRunId, draft: CheckRunDraft): Promise<Posted<CheckRunId>>;
  /** Our app's own check run on a commit with this external id. */
  findCheckRun(repo: RepoId, sha: Sha, externalId: string): Promise<Posted<CheckRunId> | null>;
  addLabels(repo: RepoId, issue: IssueNumber, labels: readonly string[]): Promise<void>;
  removeLabel(repo: RepoId, issue: IssueNumber, label: string): Promise<void>;
  closeIssue(repo: RepoId, issue: IssueNumber, as: "completed" | "not_planned"): Promise<void>;
  reopenIssue(repo: RepoId, issue: IssueNumber): Promise<void>;
}
