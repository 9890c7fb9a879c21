// What a delivery is to the machine: plain data, read from and written to Postgres as it stands here.
import { z } from "zod";
import { CommentId, DeliveryId, Digest, PatchSetId, PullNumber, RepoId, Sha, UserId } from "../ids.ts";
import { Instant } from "../instant.ts";
import { Owners } from "./needs.ts";
import { Reason } from "./reason.ts";

export const PHASES = ["intake", "plan", "implement", "review", "verify", "deploy", "observe", "close"] as const;
export const Phase = z.enum(PHASES);
export type Phase = z.infer<typeof Phase>;

export const RUN_STATUSES = ["pending", "running", "succeeded", "failed", "blocked", "canceled"] as const;
export const RunStatus = z.enum(RUN_STATUSES);
export type RunStatus = z.infer<typeof RunStatus>;

/** Rule M3: where a delivery may end. `deploy` in a configuration means `observe` with a window of 0. */
export const EXIT_PHASES = ["plan", "review", "verify", "observe", "close"] as const;
export const ExitPhase = z.enum(EXIT_PHASES);
export type ExitPhase = z.infer<typeof ExitPhase>;

/** Rule M0: while any of these stands, events are recorded and nothing is done. */
export const HOLDS = [
  "hold",
  "freeze",
  "issue_closed",
  "unlabeled",
  "suspended",
  "archived",
  "source_inactive",
] as const;
export const Hold = z.enum(HOLDS);
export type Hold = z.infer<typeof Hold>;

/** Rule M2: when all parts of a gate were confirmed on GitHub, by GitHub's clock, and in which comment. */
export const Shown = z.object({ at: Instant, commentId: CommentId }).readonly();
export type Shown = z.infer<typeof Shown>;

/** Something that is shown to be approved. `approvals` are distinct people who approved exactly this digest. */
export const GateSubject = z
  .object({
    version: z.number().int().positive(),
    digest: Digest,
    shown: Shown.nullable(),
    approvals: z.array(UserId).readonly(),
    /** True once the quorum was met; a quorum that is raised later is judged again by the WriteGate. */
    approved: z.boolean(),
    /** It had to be shown again: what people read before may have been something else, whichever code they quote. */
    again: z.literal(true).optional(),
    /** Of a patch set whose paths have owners that must approve too. */
    owners: Owners.optional(),
    /** Of commits that people pushed: who made or pushed them. They alone are not enough where two people are asked for. */
    madeBy: z.array(UserId).readonly().optional(),
    /** Those of these commits of which nobody knows which person pushed them: anybody may have. */
    pushedUnseen: z.array(Sha).readonly().optional(),
  })
  .readonly();
export type GateSubject = z.infer<typeof GateSubject>;

/**
 * `written`: exactly this content stands in the repository, confirmed; it is never written again.
 * `quote`: policy warns of something for which an approval must quote the code.
 */
export const PatchSetRef = GateSubject.unwrap()
  .extend({ id: PatchSetId, written: z.boolean(), quote: z.literal(true).optional() })
  .readonly();
export type PatchSetRef = z.infer<typeof PatchSetRef>;

/** A commit on the pull request's head that no patch set brought; it counts once a human countersigned it. */
export const StrayHead = GateSubject.unwrap().extend({ head: Sha }).readonly();
export type StrayHead = z.infer<typeof StrayHead>;

/** `shipped`: merged and deployed everywhere, confirmed. */
export const ShipSubject = GateSubject.unwrap().extend({ shipped: z.boolean() }).readonly();
export type ShipSubject = z.infer<typeof ShipSubject>;

/** What the WriteGate left in a repository. */
export const Written = z.object({ head: Sha, tree: Sha, pullRequest: PullNumber }).readonly();
export type Written = z.infer<typeof Written>;

/** Why a version counts no more: people turned it down, or something else took its place. */
export const Retirement = z.enum(["replaced", "rejected"]);
export type Retirement = z.infer<typeof Retirement>;

/** A version that was shown or made and counts no more; its code gets an answer of its own. */
export const Retired = z.object({ digest: Digest, as: Retirement }).readonly();
export type Retired = z.infer<typeof Retired>;

export const RepoRole = z.enum(["primary", "secondary"]);
export type RepoRole = z.infer<typeof RepoRole>;

/** Whether what was approved is part of the base branch: merged by the WriteGate or by a human, and perhaps taken back. */
export const Landed = z.enum(["no", "merged", "reverted"]);
export type Landed = z.infer<typeof Landed>;

/** One repository that takes part. */
export const Target = z
  .object({
    repoId: RepoId,
    role: RepoRole,
    /** Null: none is needed, or the last one was superseded and the next is still to be made. */
    patchSet: PatchSetRef.nullable(),
    written: Written.nullable(),
    strayHead: StrayHead.nullable(),
    /** Heads that were countersigned before the present one, the newest last: each of them is still approved. */
    countersigned: z.array(Sha).readonly().optional(),
    landed: Landed,
  })
  .readonly();
export type Target = z.infer<typeof Target>;

export const Delivery = z
  .object({
    id: DeliveryId,
    phase: Phase,
    runStatus: RunStatus,
    /** Why it failed, is blocked or ended; null while it works or waits at a gate. */
    reason: Reason.nullable(),
    holds: z.array(Hold).readonly(),
    exitPhase: ExitPhase,
    /** Of a rollback: the delivery whose merge it undoes. */
    undoes: DeliveryId.optional(),
    /** Guard of the row: +1 with every change of state. */
    version: z.number().int().nonnegative(),
    /** Fence of effect jobs: +1 each time work is started anew. A result that names another attempt is stale. */
    attempt: z.number().int().nonnegative(),
    /**
     * Rule M10, all three only ever decrease: revisions that people may ask for (M1), fixes of red checks, and how often
     * the machine takes up work again by itself after the endpoint, the budget or the readiness came back.
     */
    revisionsLeft: z.number().int().nonnegative(),
    fixesLeft: z.number().int().nonnegative(),
    restartsLeft: z.number().int().nonnegative(),
    plan: GateSubject.nullable(),
    targets: z.array(Target).readonly(),
    /** What the deploy gate shows: the merges and deployments, as one digest. */
    ship: ShipSubject.nullable(),
    /** Criteria of the plan for which nothing stands, while that is what it waits for. */
    unproven: z.array(z.string()).readonly().optional(),
    /** Newest last. */
    retired: z.array(Retired).readonly(),
  })
  .readonly();
export type Delivery = z.infer<typeof Delivery>;

/** Rule M10. */
export const isTerminal = (d: Pick<Delivery, "phase" | "runStatus">): boolean =>
  d.runStatus === "canceled" || (d.phase === "close" && d.runStatus === "succeeded");
