// What we may learn of a repository: the port of a client whose token GitHub limits to reading.
import type { CheckRunId, CommentId, IssueNumber, PullNumber, RepoId, ReviewId, Sha, UserId } from "../ids.ts";
import type { Instant } from "../instant.ts";

export type Account = Readonly<{ id: UserId; login: string; type: "User" | "Bot" | "Organization" | "Mannequin" }>;

export type RepositoryFacts = Readonly<{
  id: RepoId;
  owner: string;
  name: string;
  defaultBranch: string;
  visibility: "public" | "internal" | "private";
  archived: boolean;
}>;

export type IssueFacts = Readonly<{
  id: number;
  number: IssueNumber;
  title: string;
  body: string;
  author: Account;
  state: "open" | "closed";
  labels: readonly string[];
  isPullRequest: boolean;
  updatedAt: Instant;
}>;

/** Somebody put a label on an issue. Null for people who are gone. */
export type LabelPut = Readonly<{ label: string; at: Instant; by: Account | null }>;

export type CommentFacts = Readonly<{
  id: CommentId;
  body: string;
  author: Account;
  /** Set when an app posted it, even in a user's name. */
  viaAppId: number | null;
  createdAt: Instant;
  updatedAt: Instant;
}>;

/** `role_name`, which tells maintain from write and triage from read; custom roles and everything unknown are "none". */
export type RoleName = "admin" | "maintain" | "write" | "triage" | "read" | "none";

export type TreeEntry = Readonly<{
  path: string;
  mode: string;
  type: "blob" | "tree" | "commit";
  sha: Sha;
  size: number | null;
}>;

export type TextAt =
  | Readonly<{ kind: "text"; text: string; blob: Sha }>
  | Readonly<{ kind: "absent" }>
  /** A directory, a link, a submodule, or bytes that are no UTF-8. */
  | Readonly<{ kind: "unreadable" }>;

export type CheckFacts = Readonly<{
  /** All of them are one to G4. Of workflow runs only those are read that GitHub Actions holds back: they have no checks yet. */
  source: "check_run" | "status" | "workflow_run";
  id: CheckRunId | number;
  name: string;
  appId: number | null;
  state: "queued" | "in_progress" | "completed";
  conclusion:
    | "success"
    | "failure"
    | "neutral"
    | "cancelled"
    | "skipped"
    | "timed_out"
    | "action_required"
    | "stale"
    | "startup_failure"
    | null;
  url: string | null;
  /** What it reported in words, cut to a bound; absent where it said nothing. */
  report?: string | undefined;
  startedAt: Instant | null;
  completedAt: Instant | null;
}>;

/** What the app of a check run gave it to show. */
export type CheckOutput = Readonly<{
  title: string | null;
  summary: string | null;
  text: string | null;
  annotations: Listed<Readonly<{ path: string | null; line: number | null; level: string; text: string }>>;
}>;

/** The beginning and the end of a log; `leftOut` bytes stand between them, null where the end was not waited for. */
export type JobLog = Readonly<{ head: string; tail: string; leftOut: number | null }>;

export type PullFacts = Readonly<{
  number: PullNumber;
  state: "open" | "closed";
  /** Nobody can merge it before somebody marks it as ready. */
  draft?: boolean | undefined;
  merged: boolean;
  mergeSha: Sha | null;
  headSha: Sha;
  headRef: string;
  headRepoId: RepoId | null;
  baseRef: string;
  baseSha: Sha;
  author: Account;
  title: string;
  body: string;
  url: string;
}>;

/** A commit in a list. Accounts are those behind the commit's addresses: whoever commits can name any. */
export type CommitFacts = Readonly<{
  sha: Sha;
  author: Account | null;
  committer: Account | null;
}>;

export type ReviewFacts = Readonly<{
  author: Account;
  state: "APPROVED" | "CHANGES_REQUESTED" | "DISMISSED" | "COMMENTED" | "PENDING";
}>;

/** As the list of a pull request's reviews has it; no time while it is not submitted. */
export type ReviewListed = ReviewFacts & Readonly<{ id: ReviewId; submittedAt: Instant | null }>;

/** One review by its number. */
export type ReviewAt = ReviewFacts & Readonly<{ body: string; commit: Sha | null }>;

/** A comment on lines of a file, or on the file (`lines` null). */
export type ReviewComment = Readonly<{
  author: Account;
  path: string;
  /** As the pull request has them; `before`: as its base has them. A single line is its own last. */
  lines: Readonly<{ first: number; last: number; side: "before" | "after" }> | null;
  body: string;
  updatedAt: Instant;
}>;

/** A list that GitHub cut short is never taken for whole: `complete` is false and callers fail closed. */
export type Listed<T> = Readonly<{ items: readonly T[]; complete: boolean }>;

/** Who takes files out of an archive. */
export type ArchiveTaker = Readonly<{
  /** Asked for each regular file, by its path in the repository. */
  wants: (path: string, bytes: number) => boolean;
  /** Nobody has compared the content with anything yet: an archive can differ from the tree (`export-subst`). */
  keep: (path: string, content: Uint8Array) => Promise<void>;
}>;

/** Every method throws GitHubError; null means that GitHub says there is no such thing. */
export interface Reading {
  repository(repo: RepoId): Promise<RepositoryFacts | null>;
  issue(repo: RepoId, number: IssueNumber): Promise<IssueFacts | null>;
  /** Open issues and pull requests that bear the label and changed since then, the oldest change first. */
  labeledIssues(repo: RepoId, label: string, since: Instant): Promise<Listed<IssueFacts>>;
  /** In order; GitHub keeps them for some time only. */
  labelPuts(repo: RepoId, number: IssueNumber): Promise<Listed<LabelPut>>;
  comment(repo: RepoId, id: CommentId): Promise<CommentFacts | null>;
  /** Comments in order of creation; `since` filters on the time of the last update. */
  comments(repo: RepoId, number: IssueNumber, since: Instant | null): Promise<Listed<CommentFacts>>;
  /** Those of these comments that somebody hid (as spam, abuse, off-topic, outdated, resolved); none where the server does not tell. */
  hiddenComments(repo: RepoId, number: IssueNumber, ids: readonly CommentId[]): Promise<ReadonlySet<CommentId>>;
  role(repo: RepoId, login: string): Promise<Readonly<{ role: RoleName; account: Account | null }>>;
  accountByLogin(login: string): Promise<Account | null>;
  accountById(id: UserId): Promise<Account | null>;
  teamMembers(org: string, slug: string): Promise<Listed<Account>>;
  /** A file as text at a branch or commit, with the commit that the ref meant. Null when absent, not a file, or not UTF-8. */
  file(repo: RepoId, path: string, ref: string): Promise<Readonly<{ text: string; blob: Sha }> | null>;
  /** The same, with what is there and cannot be read told from what is not there. */
  textAt(repo: RepoId, path: string, ref: string): Promise<TextAt>;
  commit(
    repo: RepoId,
    ref: string,
  ): Promise<Readonly<{ sha: Sha; tree: Sha; parents: readonly Sha[]; message: string }> | null>;
  /** With everything below it. */
  tree(repo: RepoId, tree: Sha): Promise<Listed<TreeEntry>>;
  /** What stands in this tree itself. */
  folder(repo: RepoId, tree: Sha): Promise<Listed<TreeEntry>>;
  blob(repo: RepoId, sha: Sha): Promise<Uint8Array>;
  /** All files of a commit in one request. What `keep` throws is thrown. */
  archive(repo: RepoId, commit: Sha, taker: ArchiveTaker): Promise<void>;
  branchHead(repo: RepoId, branch: string): Promise<Sha | null>;
  /** "ahead" and "identical" mean that `base` is an ancestor of `head`. */
  compare(repo: RepoId, base: string, head: string): Promise<"ahead" | "behind" | "identical" | "diverged" | null>;
  /** The newest commits before and at `from` that changed this path, the newest first: one page of them. */
  commitsOf(repo: RepoId, path: string, from: Sha): Promise<Listed<CommitFacts>>;
  /** Where the history of both began to differ; null when they have none in common, or one is not there. */
  mergeBase(repo: RepoId, base: string, head: string): Promise<Sha | null>;
  checks(repo: RepoId, sha: Sha): Promise<Listed<CheckFacts>>;
  checkOutput(repo: RepoId, id: CheckRunId): Promise<CheckOutput | null>;
  /** Of a job of GitHub Actions, whose number is that of its check run; null where there is none to be had. */
  jobLog(repo: RepoId, id: number): Promise<JobLog | null>;
  /** Names of required checks by the branch's rules; null when they cannot be read. */
  requiredChecks(repo: RepoId, branch: string): Promise<readonly string[] | null>;
  /** Whether the branch's rules ask for signed commits; null when they cannot be read. */
  requiresSignatures(repo: RepoId, branch: string): Promise<boolean | null>;
  pull(repo: RepoId, number: PullNumber): Promise<PullFacts | null>;
  pullsByHead(repo: RepoId, branch: string): Promise<Listed<PullFacts>>;
  /** Those that the base has not, oldest first. GitHub lists 250 at most, so a list of so many is not complete. */
  pullCommits(repo: RepoId, number: PullNumber): Promise<Listed<CommitFacts>>;
  /** In the order in which they were submitted. */
  reviews(repo: RepoId, number: PullNumber): Promise<Listed<ReviewListed>>;
  review(repo: RepoId, number: PullNumber, id: ReviewId): Promise<ReviewAt | null>;
  /** In the order in which they were written. */
  reviewComments(repo: RepoId, number: PullNumber, id: ReviewId): Promise<Listed<ReviewComment>>;
}
