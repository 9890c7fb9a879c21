// What we read of GitHub's payloads: a schema of just those fields, so that whatever else changes there does not touch us.
import { z } from "zod";
import {
  CheckRunId,
  CommentId,
  InstallationId,
  IssueNumber,
  PullNumber,
  RepoId,
  ReviewId,
  Sha,
  UserId,
} from "../ids.ts";
import { type Instant, instant } from "../instant.ts";

/** `2026-11-21T10:00:00Z`, or in some payloads of installations and pushes seconds since 1970. */
const time = z
  .union([
    z.iso.datetime({ offset: true }),
    z
      .int()
      .nonnegative()
      .transform((seconds) => seconds * 1000),
  ])
  .transform((at): Instant => instant(new Date(at)));

export const Sender = z.object({
  id: UserId,
  login: z.string(),
  /** A kind of account that we do not know is nobody who may do anything. */
  type: z.enum(["User", "Bot", "Organization", "Mannequin"]).catch("Mannequin"),
});
export type Sender = z.infer<typeof Sender>;

const app = z.object({ id: z.int().positive() }).nullish();

const Repository = z.object({
  id: RepoId,
  name: z.string(),
  /** The account whose installation it is. */
  owner: z.object({ id: z.int().positive(), login: z.string() }),
  default_branch: z.string().min(1),
});

/** Every event that an App receives about a repository. */
const ofRepository = z.object({
  installation: z.object({ id: InstallationId }),
  repository: Repository,
  sender: Sender,
});

const Issue = z.object({
  id: z.int().positive(),
  number: IssueNumber,
  title: z.string(),
  body: z.string().nullish(),
  user: Sender.nullable(),
  state: z.enum(["open", "closed"]).nullish(),
  labels: z.array(z.object({ name: z.string() })).nullish(),
  pull_request: z.looseObject({}).nullish(),
  updated_at: time,
});

export const IssuesPayload = ofRepository.extend({
  action: z.enum(["labeled", "unlabeled", "closed", "reopened", "edited", "deleted", "transferred"]),
  issue: Issue,
  label: z.object({ name: z.string() }).nullish(),
});

export const IssueCommentPayload = ofRepository.extend({
  action: z.enum(["created", "edited", "deleted"]),
  issue: Issue.pick({ number: true, pull_request: true }),
  comment: z.object({
    id: CommentId,
    body: z.string(),
    user: Sender.nullable(),
    performed_via_github_app: app,
    created_at: time,
    updated_at: time,
  }),
});

export const CheckRunPayload = ofRepository.extend({
  action: z.enum(["created", "completed", "rerequested", "requested_action"]),
  check_run: z.object({ id: CheckRunId, head_sha: Sha, external_id: z.string().nullish(), app }),
  requested_action: z.object({ identifier: z.string().max(100).optional() }).nullish(),
});

export const CheckSuitePayload = ofRepository.extend({ check_suite: z.object({ head_sha: Sha, app }) });
export const WorkflowRunPayload = ofRepository.extend({ workflow_run: z.object({ head_sha: Sha }) });
export const StatusPayload = ofRepository.extend({ sha: Sha });
export const DeploymentStatusPayload = ofRepository.extend({
  deployment: z.object({ sha: Sha }),
  deployment_status: z.object({ state: z.string() }),
});

export const PullRequestPayload = ofRepository.extend({
  action: z.enum(["opened", "closed", "reopened", "edited", "synchronize"]),
  pull_request: z.object({
    number: PullNumber,
    updated_at: time,
    head: z.object({ sha: Sha, ref: z.string() }),
  }),
  changes: z.object({ base: z.looseObject({}).nullish() }).nullish(),
});

/** Of what changes whether a pull request can be merged, and none of its commits. */
export const PullHeadPayload = ofRepository.extend({ pull_request: z.object({ head: z.object({ sha: Sha }) }) });

/** A review that asks for changes. `commit_id`: the head that was reviewed. */
export const ChangesRequestedPayload = ofRepository.extend({
  review: z.object({
    id: ReviewId,
    state: z.literal("changes_requested"),
    body: z.string().nullish(),
    user: Sender,
    commit_id: Sha,
    submitted_at: time,
  }),
  pull_request: z.object({ number: PullNumber, head: z.object({ sha: Sha }) }),
});

export const MergeGroupPayload = ofRepository.extend({
  action: z.literal("checks_requested"),
  merge_group: z.object({ head_sha: Sha, head_ref: z.string() }),
});

const paths = z.array(z.string()).nullish();

export const PushPayload = ofRepository.extend({
  ref: z.string(),
  after: z.string(),
  forced: z.boolean(),
  deleted: z.boolean(),
  /** Of long pushes GitHub lists only some. */
  commits: z.array(z.object({ added: paths, removed: paths, modified: paths })).nullish(),
});

const Listed = z.object({ id: RepoId, full_name: z.string().regex(/^[^/]+\/[^/]+$/), private: z.boolean() });
const Installation = z.object({
  id: InstallationId,
  account: z.object({ id: z.int().positive(), login: z.string() }),
  updated_at: time,
  suspended_at: time.nullish(),
});

export const InstallationPayload = z.object({
  action: z.enum(["created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"]),
  installation: Installation,
  repositories: z.array(Listed).nullish(),
});

export const InstallationRepositoriesPayload = z.object({
  action: z.enum(["added", "removed"]),
  installation: Installation,
  repositories_added: z.array(Listed),
  repositories_removed: z.array(Listed),
});

export const RepositoryPayload = ofRepository.extend({
  action: z.enum(["renamed", "transferred", "archived", "unarchived", "deleted", "privatized", "publicized"]),
});

export type Payload = Readonly<{
  Repository: z.infer<typeof Repository>;
  Issue: z.infer<typeof Issue>;
  Installation: z.infer<typeof Installation>;
  Listed: z.infer<typeof Listed>;
}>;
