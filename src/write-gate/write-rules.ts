// What the WriteGate asks of today's configuration, roles, policy and grammar, and nothing else of them.
import type { OwnedPaths } from "../delivery/needs.ts";
import type { DeliveryId, InstallationId, RepoId, UserId } from "../ids.ts";
import type { Instant } from "../instant.ts";
import type { PatchSetContent } from "../patches/patch-set.ts";
import type { PolicyViolation } from "../policy/violation.ts";
import type { Result } from "../result.ts";

type Person = Readonly<{ id: UserId; login: string }>;

/** Heads are approved by the people of the review. */
export type JudgedGate = "plan" | "review" | "deploy";

export type OwnedNow = OwnedPaths & Readonly<{ people: readonly UserId[] }>;

/** One repository's, as they stand now. */
export type WriteRules = Readonly<{
  /** How many distinct people a gate needs. */
  quorum: Readonly<Record<JudgedGate, number>>;
  /** Whether an approval must quote the code. */
  codeRequired: boolean;
  /** Whether one that was given then is older than approvals may be. */
  tooOld: (given: Instant) => boolean;
  /** Somebody beside these people must approve too. */
  notAlone: readonly Person[];
  /**
   * Groups of the changed paths that need an owner's approval; none where nobody's is asked for. The error is a sentence of why that
   * cannot be told. Throws GitHubError.
   */
  ownersOf: (content: PatchSetContent) => Promise<Result<readonly OwnedNow[], string>>;
  /** As what an approval counts: by the allowlist, the owners and the live role; whatever cannot be told is no. Throws GitHubError. */
  voiceOf: (person: Person, gate: JudgedGate, owned: readonly OwnedNow[]) => Promise<"approver" | "owner" | null>;
  /** Whether somebody is an approver of any gate, and may say no. Throws GitHubError. */
  isApprover: (person: Person) => Promise<boolean>;
  /** By the stricter of the delivery's snapshot and today. Throws GitHubError. */
  violations: (content: PatchSetContent) => Promise<readonly PolicyViolation[]>;
  /** The commands that a comment's text holds, in its order, as the intake would find them. */
  commandsIn: (body: string) => readonly Readonly<{ name: string; position: number; code: string | null }>[];
}>;

/** The error is a sentence of why nobody's authority can be judged (an unusable configuration). Throws GitHubError. */
export type ReadWriteRules = (
  where: Readonly<{ deliveryId: DeliveryId; repoId: RepoId; installationId: InstallationId }>,
) => Promise<Result<WriteRules, string>>;
