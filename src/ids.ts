// Branded identifiers: a number that names a repository cannot be passed where one that names a delivery is meant.
import { z } from "zod";

const githubId = () => z.number().int().positive();

/** GitHub's numeric ids. Names (logins, owner/name, slugs) can be renamed and taken by others, so they never identify. */
export const InstallationId = githubId().brand<"InstallationId">();
export type InstallationId = z.infer<typeof InstallationId>;
export const RepoId = githubId().brand<"RepoId">();
export type RepoId = z.infer<typeof RepoId>;
export const UserId = githubId().brand<"UserId">();
export type UserId = z.infer<typeof UserId>;
export const CommentId = githubId().brand<"CommentId">();
export type CommentId = z.infer<typeof CommentId>;
/** Of a review of a pull request. */
export const ReviewId = githubId().brand<"ReviewId">();
export type ReviewId = z.infer<typeof ReviewId>;
export const CheckRunId = githubId().brand<"CheckRunId">();
export type CheckRunId = z.infer<typeof CheckRunId>;

/** Numbers of issues and pull requests, unique within one repository. */
export const IssueNumber = githubId().brand<"IssueNumber">();
export type IssueNumber = z.infer<typeof IssueNumber>;
export const PullNumber = githubId().brand<"PullNumber">();
export type PullNumber = z.infer<typeof PullNumber>;

/** Our own rows. A delivery is shown to people as `D-12`. */
export const DeliveryId = z.number().int().positive().brand<"DeliveryId">();
export type DeliveryId = z.infer<typeof DeliveryId>;
export const ArtifactId = z.number().int().positive().brand<"ArtifactId">();
export type ArtifactId = z.infer<typeof ArtifactId>;
export const PatchSetId = z.number().int().positive().brand<"PatchSetId">();
export type PatchSetId = z.infer<typeof PatchSetId>;
/** What the deploy gate shows, and each merge and deployment that it names. */
export const ShipId = z.number().int().positive().brand<"ShipId">();
export type ShipId = z.infer<typeof ShipId>;
export const ShipPartId = z.number().int().positive().brand<"ShipPartId">();
export type ShipPartId = z.infer<typeof ShipPartId>;
export const RunId = z.number().int().positive().brand<"RunId">();
export type RunId = z.infer<typeof RunId>;
export const ApprovalId = z.number().int().positive().brand<"ApprovalId">();
export type ApprovalId = z.infer<typeof ApprovalId>;
export const CommandId = z.number().int().positive().brand<"CommandId">();
export type CommandId = z.infer<typeof CommandId>;
export const WriteId = z.uuid().brand<"WriteId">();
export type WriteId = z.infer<typeof WriteId>;

/** The GUID of `X-GitHub-Delivery`; a redelivery keeps it. */
export const WebhookGuid = z.string().min(1).max(128).brand<"WebhookGuid">();
export type WebhookGuid = z.infer<typeof WebhookGuid>;

/** A git object name, 40 lower-case hexadecimal digits (SHA-1, which is what GitHub's git data API speaks). */
export const Sha = z
  .string()
  .regex(/^[0-9a-f]{40}$/)
  .brand<"Sha">();
export type Sha = z.infer<typeof Sha>;

/** SHA-256 in lower-case hexadecimal: what an approval names. */
export const Digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<"Digest">();
export type Digest = z.infer<typeof Digest>;

/** 32 lower-case hexadecimal digits, as in W3C Trace Context; one per delivery, from webhook to write. */
export const TraceId = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .brand<"TraceId">();
export type TraceId = z.infer<typeof TraceId>;

/** How a delivery is named to people, in branches and on the command line: `D-12`. */
export const deliveryName = (id: DeliveryId): string => `D-${id}`;

/** The branch of a delivery, the same in each of its repositories; made of its number alone. */
export const branchOf = (id: DeliveryId): string => `countersign/d-${id}`;
