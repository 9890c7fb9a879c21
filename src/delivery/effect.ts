// What the machine asks the shell to do, as data. The machine itself does nothing.
import type { CommandId, Digest, PatchSetId, RepoId, Sha, UserId } from "../ids.ts";
import type { ApprovalOrigin } from "./event.ts";
import type { Refusal } from "./refusal.ts";
import type { Raise } from "./shortage.ts";

/** One job each in `jobs/`; which one belongs to a state is decided by `workOf` alone. */
export const WORKS = [
  "triage",
  "plan",
  "propose",
  "revert",
  "write",
  "watch",
  "assess",
  "ship",
  "observe",
  "close",
] as const;
export type Work = (typeof WORKS)[number];

/** What an approval is about. */
export type SubjectRef =
  | Readonly<{ kind: "plan"; version: number; digest: Digest }>
  | Readonly<{ kind: "patchset"; repoId: RepoId; patchSetId: PatchSetId; digest: Digest }>
  | Readonly<{ kind: "ship"; version: number; digest: Digest }>
  /** A human's commit on the pull request's head, countersigned by its code. */
  | Readonly<{ kind: "head"; repoId: RepoId; head: Sha; digest: Digest }>;

export type Effect =
  /** Start the work of the state that was entered, fenced by the attempt. */
  | Readonly<{ kind: "work"; work: Work; attempt: number }>
  /** Draw status comment, gates, checks and labels anew; also what shows a gate. */
  | Readonly<{ kind: "publish" }>
  /** Also where the same person's approval of the same digest was voided before: shown again, it is given again. */
  | Readonly<{
      kind: "record_approval";
      subject: SubjectRef;
      commandId: CommandId;
      origin: ApprovalOrigin;
      person: UserId;
      login: string;
    }>
  /** Approvals that no longer count, with the reason that the ledger keeps: all of them, or those of these people. */
  | Readonly<{
      kind: "void_approvals";
      subjects: readonly SubjectRef[];
      people: readonly UserId[] | null;
      why: string;
    }>
  /** Answer a command: a reaction, and words when rule 9 of the thread asks for them. */
  | Readonly<{ kind: "answer"; commandId: CommandId; refusal: Refusal | null }>
  /** The words that the next run must see. */
  | Readonly<{ kind: "keep_feedback"; commandId: CommandId; scope: "plan" | RepoId; text: string }>
  | Readonly<{ kind: "raise_budget" } & Raise>
  | Readonly<{ kind: "accept_criterion"; criterion: string; person: UserId; login: string }>
  /** A child delivery that undoes the merge; while one is live, this does nothing. */
  | Readonly<{ kind: "start_rollback"; commandId: CommandId }>;
