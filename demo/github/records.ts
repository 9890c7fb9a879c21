// What there is on the local GitHub: people, apps, repositories, issues, checks. Plain records; what may happen to them stands in acts/.
import type { KeyObject } from "node:crypto";
import type { GitObjects } from "./git-objects.ts";

export type Role = "admin" | "maintain" | "write" | "triage" | "read" | "none";
export type Level = "read" | "write";
export type Permissions = Readonly<Record<string, Level>>;

export type Account = { readonly id: number; login: string; readonly type: "User" | "Bot" | "Organization" };
export type Team = { id: number; slug: string; name: string; members: Set<number> };
export type Organization = { account: Account; members: Map<number, "admin" | "member">; teams: Map<string, Team> };

export type App = {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly bot: Account;
  readonly owner: Account;
  readonly publicKey: KeyObject;
  permissions: Permissions;
  /** Event names, or `*`. */
  readonly events: readonly string[];
  readonly hookId: number;
  readonly webhookSecret: string;
  webhookUrl: string | null;
  readonly createdAt: Date;
};
export type Installation = {
  readonly id: number;
  readonly app: App;
  readonly account: Account;
  /** Null stands for all repositories of the account. */
  repositories: Set<number> | null;
  permissions: Permissions;
  suspendedAt: Date | null;
  deleted: boolean;
  readonly createdAt: Date;
  updatedAt: Date;
};
export type Token = {
  readonly id: number;
  readonly value: string;
  readonly app: string;
  readonly installation: Installation;
  readonly permissions: Permissions;
  /** Null stands for all repositories of the installation. */
  readonly repositories: readonly number[] | null;
  readonly issuedAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
};

/** Who does something: an account, and the app through which it does it, if any. */
export type Actor = Readonly<{ account: Account; via: App | null }>;

export const REACTIONS = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"] as const;
export type ReactionContent = (typeof REACTIONS)[number];
export type Reaction = { id: number; content: ReactionContent; by: Account; at: Date };
export type Label = { id: number; name: string; color: string; description: string | null };
export type Comment = {
  readonly id: number;
  readonly number: number;
  readonly repo: Repo;
  body: string;
  readonly author: Account;
  readonly via: App | null;
  readonly createdAt: Date;
  updatedAt: Date;
  readonly reactions: Reaction[];
  minimized: string | null;
  /** Every text it ever had, the present one last. */
  readonly versions: { body: string; at: Date; by: string }[];
};
/** A comment of a review on a line of a file: of the head, or of the base where the line is gone. */
export type LineComment = {
  readonly id: number;
  readonly path: string;
  readonly line: number;
  readonly startLine: number | null;
  readonly side: "LEFT" | "RIGHT";
  body: string;
  readonly createdAt: Date;
  updatedAt: Date;
};
export type Review = {
  id: number;
  by: Account;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";
  body: string;
  sha: string;
  at: Date;
  readonly comments: LineComment[];
};
export type Pull = {
  readonly id: number;
  readonly headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  draft: boolean;
  merged: { at: Date; by: Account; sha: string } | null;
  readonly requested: Set<Account>;
  readonly reviews: Review[];
};
/** An issue, or a pull request, which is an issue with a branch. */
export type Issue = {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  readonly author: Account;
  readonly via: App | null;
  readonly labels: Set<string>;
  /** Every putting-on of a label. */
  readonly labelings: { label: string; by: Account; at: Date }[];
  state: "open" | "closed";
  stateReason: "completed" | "not_planned" | "reopened" | "duplicate" | null;
  readonly createdAt: Date;
  updatedAt: Date;
  closedAt: Date | null;
  closedBy: Account | null;
  readonly reactions: Reaction[];
  readonly comments: Comment[];
  readonly pull: Pull | null;
};

export type CheckConclusion =
  | "success"
  | "failure"
  | "neutral"
  | "cancelled"
  | "skipped"
  | "timed_out"
  | "action_required"
  | "stale";
export type CheckSuite = {
  readonly id: number;
  readonly app: App;
  readonly sha: string;
  branch: string | null;
  before: string | null;
  readonly createdAt: Date;
  updatedAt: Date;
};
export type CheckRun = {
  readonly id: number;
  readonly suite: CheckSuite;
  name: string;
  externalId: string | null;
  detailsUrl: string | null;
  status: "queued" | "in_progress" | "completed";
  conclusion: CheckConclusion | null;
  startedAt: Date;
  completedAt: Date | null;
  output: { title: string | null; summary: string | null; text: string | null; annotations: readonly unknown[] };
  actions: readonly { label: string; description: string; identifier: string }[];
};
export type Status = {
  readonly id: number;
  readonly sha: string;
  readonly state: "error" | "failure" | "pending" | "success";
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly by: Account;
  readonly at: Date;
};
export const DEPLOYMENT_STATES = [
  "error",
  "failure",
  "inactive",
  "in_progress",
  "queued",
  "pending",
  "success",
] as const;
export type DeploymentStatus = {
  readonly id: number;
  readonly state: (typeof DEPLOYMENT_STATES)[number];
  readonly description: string | null;
  readonly environmentUrl: string | null;
  readonly logUrl: string | null;
  readonly creator: Account;
  readonly at: Date;
};
export type Deployment = {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly payload: unknown;
  readonly environment: string;
  readonly description: string | null;
  readonly creator: Account;
  readonly via: App | null;
  readonly createdAt: Date;
  /** Newest last. */
  readonly statuses: DeploymentStatus[];
};
export type BranchRules = Readonly<{
  requiredChecks: readonly Readonly<{ context: string; appId: number | null }>[];
  requiredSignatures: boolean;
  /** Approving reviews by people with write access. */
  requiredReviews: number;
  mergeQueue: boolean;
  /** Where the rules are kept: classic branch protection or a ruleset. */
  kept: "branch" | "ruleset";
}>;

export type Repo = {
  readonly id: number;
  readonly owner: Account;
  name: string;
  visibility: "public" | "private" | "internal";
  archived: boolean;
  deleted: boolean;
  defaultBranch: string;
  readonly createdAt: Date;
  updatedAt: Date;
  pushedAt: Date;
  readonly roles: Map<number, Role>;
  readonly git: GitObjects;
  /** Full names: `refs/heads/main`. */
  readonly refs: Map<string, string>;
  readonly labels: Map<string, Label>;
  readonly issues: Map<number, Issue>;
  /** Numbers of issues that were deleted, and where those went that were transferred. */
  readonly gone: Map<number, string | null>;
  lastNumber: number;
  readonly suites: CheckSuite[];
  readonly runs: CheckRun[];
  /** Workflows that Actions runs only once a maintainer lets it. */
  readonly heldWorkflows: { readonly id: number; readonly name: string; readonly sha: string; readonly at: Date }[];
  readonly statuses: Status[];
  /** What jobs of Actions wrote, by the number of the job, which is that of its check run. */
  readonly logs: Map<number, string>;
  readonly deployments: Deployment[];
  readonly rules: Map<string, BranchRules>;
};

export type WorldEvent = Readonly<{
  name: string;
  action: string | null;
  repo: Repo | null;
  sender: Account;
  payload: Readonly<Record<string, unknown>>;
  /** Sent to this app alone, whatever others subscribe to. */
  only?: App;
}>;

export const fullName = (repo: Repo): string => `${repo.owner.login}/${repo.name}`;
export const iso = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

const RANKS: readonly Role[] = ["none", "read", "triage", "write", "maintain", "admin"];
export const atLeast = (role: Role, wanted: Role): boolean => RANKS.indexOf(role) >= RANKS.indexOf(wanted);
