// Everything that can happen to a delivery, as data. Zod, because events wait in Postgres until `advance` drains them.
import { z } from "zod";
import {
  CheckRunId,
  CommandId,
  CommentId,
  Digest,
  PatchSetId,
  PullNumber,
  RepoId,
  ReviewId,
  Sha,
  UserId,
} from "../ids.ts";
import { Instant } from "../instant.ts";
import { ExitPhase, Hold, Shown, Written } from "./delivery.ts";
import { Needs, OwnedPaths } from "./needs.ts";
import { Raise, Shortage } from "./shortage.ts";

/** Who caused an event; ids, never names, decide. */
export const Actor = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("human"), id: UserId, login: z.string() }),
  z.object({ kind: z.literal("system"), id: z.string() }),
  z.object({ kind: z.literal("github"), id: z.string() }),
]);
export type Actor = z.infer<typeof Actor>;

/**
 * Where a command was given. A comment counts for what was shown before it was written; a button carries the code of
 * the digest on which it stood.
 */
export const Origin = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("comment"), commentId: CommentId, writtenAt: Instant }),
  z.object({ kind: z.literal("button"), checkRunId: CheckRunId, clickedAt: Instant }),
  /** A review of a pull request that asks for changes: it says `revise`, and never anything else. */
  z.object({ kind: z.literal("review"), reviewId: ReviewId, submittedAt: Instant }),
]);
export type Origin = z.infer<typeof Origin>;
/** Where an approval can come from. */
export type ApprovalOrigin = Exclude<Origin, { kind: "review" }>;

/** What an authorised person asked for. Names of repositories were resolved to ids before. */
export const Ask = z.discriminatedUnion("name", [
  z.object({
    name: z.literal("approve"),
    /** null: whatever single subject is open. */
    target: z.union([RepoId, z.literal("all")]).nullable(),
    /** The short code of a digest, lower case; null when none was given. */
    code: z.string().nullable(),
    /** How many distinct people must approve this gate, and whether a code must be quoted, by today's configuration. */
    quorum: z.number().int().positive(),
    codeRequired: z.boolean(),
    /** Seconds after which what was shown must be shown again before it is approved; absent: never. */
    ttl: z.number().int().positive().optional(),
    needs: Needs,
  }),
  z.object({ name: z.literal("reject"), target: RepoId.nullable(), why: z.string().nullable() }),
  z.object({
    name: z.literal("revise"),
    target: z.union([RepoId, z.literal("plan")]).nullable(),
    feedback: z.string(),
  }),
  z.object({
    name: z.literal("retry"),
    /** Whether what blocked the delivery is gone, as far as the asker's side could read it; null where nothing is to be read. */
    causeGone: z.boolean().nullable(),
  }),
  z.object({ name: z.literal("cancel") }),
  z.object({ name: z.literal("plan") }),
  z.object({ name: z.literal("hold") }),
  z.object({ name: z.literal("resume") }),
  z.object({ name: z.literal("rollback") }),
  z.object({ name: z.literal("accept"), criterion: z.string() }),
  z.object({ name: z.literal("budget"), ...Raise.unwrap().shape }),
  /** Rule M3, by a person who may also be told why not. */
  z.object({ name: z.literal("exit"), exitPhase: ExitPhase }),
]);
export type Ask = z.infer<typeof Ask>;

/** In the order in which help lists them. */
export const ASK_NAMES: readonly Ask["name"][] = Ask.options.map(({ shape }) => shape.name.value);

/** What a write rests on: all three are judged anew before it. */
export const Approvable = z.enum(["patchset", "plan", "head"]);
export type Approvable = z.infer<typeof Approvable>;

const attempt = z.number().int().nonnegative();
const open = z.object({
  repoId: RepoId,
  id: PatchSetId,
  version: z.number().int().positive(),
  digest: Digest,
  /** Policy warns of something for which an approval must quote the code. */
  quote: z.literal(true).optional(),
});
/** `owned`: the paths whose owners must approve too, as CODEOWNERS has them now. */
const made = open.extend({ owned: z.array(OwnedPaths).optional() });
const unproven = z.array(z.string()).optional();
/** A few words of evidence for the ledger and the thread; never decides anything. */
const note = z.string().max(2000);

/** Results of our own effects. `attempt` is the fence: a result of an older attempt is recorded and dropped. */
const results = [
  z.object({ type: z.literal("effect_started"), attempt }),
  z.object({ type: z.literal("effect_failed"), attempt, note }),
  z.object({ type: z.literal("effect_dead"), attempt, note }),
  z.object({ type: z.literal("model_unusable"), attempt, note }),
  /** `shortage`: which limit it was; for people, the machine does not look at it. */
  z.object({
    type: z.literal("resource_refused"),
    attempt,
    resource: z.enum(["budget", "endpoint"]),
    note,
    shortage: Shortage.optional(),
    /** Of an endpoint: when it is asked again. */
    until: Instant.optional(),
  }),
  z.object({ type: z.literal("resource_back"), attempt, resource: z.enum(["budget", "endpoint"]) }),
  z.object({ type: z.literal("injection_found"), attempt, note }),
  z.object({ type: z.literal("triaged"), attempt, passed: z.boolean(), decision: z.enum(["GO", "NO_GO", "DEFER"]) }),
  z.object({ type: z.literal("plan_made"), attempt, version: z.number().int().positive(), digest: Digest }),
  z.object({ type: z.literal("plan_incomplete"), attempt, note }),
  z.object({ type: z.literal("plan_has_questions"), attempt }),
  z.object({ type: z.literal("patches_made"), attempt, patchSets: z.array(made).min(1) }),
  /** Later commits changed the same lines: what undoes them is for the agent to plan. */
  z.object({ type: z.literal("revert_conflicts"), attempt, note }),
  z.object({ type: z.literal("policy_blocked"), attempt, note }),
  z.object({ type: z.literal("qa_failed"), attempt, note }),
  z.object({
    type: z.literal("gate_published"),
    attempt,
    gate: z.enum(["plan", "review", "deploy"]),
    /** One entry a subject: for review each open patch set, otherwise one with repoId null. */
    subjects: z.array(z.object({ repoId: RepoId.nullable(), digest: Digest, shown: Shown })).min(1),
  }),
  z.object({ type: z.literal("written"), attempt, repos: z.array(Written.unwrap().extend({ repoId: RepoId })).min(1) }),
  z.object({ type: z.literal("write_refused"), attempt, note }),
  /** Of what the approvals count no more: the patch set of that repository, the plan, or the head that the patch set stands on. */
  z.object({ type: z.literal("approval_void"), attempt, repoId: RepoId, of: Approvable.default("patchset"), note }),
  z.object({ type: z.literal("policy_now_blocks"), attempt, note }),
  /** `unproven`: criteria that the checks and the approved content say nothing of. */
  z.object({ type: z.literal("checks_green"), attempt, note, unproven }),
  z.object({ type: z.literal("checks_red"), attempt, note }),
  z.object({ type: z.literal("no_checks"), attempt }),
  z.object({ type: z.literal("fix_proposed"), attempt, note }),
  z.object({ type: z.literal("ready_to_ship"), attempt, version: z.number().int().positive(), digest: Digest }),
  z.object({ type: z.literal("not_ready"), attempt, note }),
  z.object({ type: z.literal("shipped"), attempt, note }),
  z.object({ type: z.literal("merge_refused"), attempt, note }),
  z.object({ type: z.literal("partly_shipped"), attempt, merged: z.array(RepoId).min(1), note }),
  z.object({ type: z.literal("window_clean"), attempt, note }),
  z.object({ type: z.literal("regressed"), attempt, note }),
  z.object({ type: z.literal("close_published"), attempt }),
] as const;

/** What the world did. */
const facts = [
  z.object({ type: z.literal("deadline"), attempt }),
  z.object({ type: z.literal("hold_added"), hold: Hold, note }),
  z.object({ type: z.literal("hold_removed"), hold: Hold }),
  z.object({ type: z.literal("source_gone"), note }),
  z.object({ type: z.literal("issue_edited") }),
  z.object({ type: z.literal("trigger_repeated") }),
  /** Rule M3: by a label or a command; only ever nearer, and only until it is passed. */
  z.object({ type: z.literal("exit_shortened"), exitPhase: ExitPhase }),
  z.object({ type: z.literal("gate_tampered"), repoId: RepoId.nullable(), note }),
  /** What the open gate shows is older than approvals may be: `ttl` in seconds. */
  z.object({ type: z.literal("gate_expired"), ttl: z.number().int().positive() }),
  z.object({ type: z.literal("base_moved"), repoId: RepoId }),
  z.object({ type: z.literal("base_rewritten"), repoId: RepoId, note }),
  /** The head changes something that nobody approved. `by`: whoever made or pushed it, as far as that is known. */
  z.object({
    type: z.literal("head_unapproved"),
    repoId: RepoId,
    head: Sha,
    by: z.array(UserId).optional(),
    /** GitHub's signed receipt says which person pushed it. */
    pushed: z.literal(true).optional(),
  }),
  /** The head changes what was approved and nothing else, whichever commit it is. `by`: what of it was approved, by its digest. */
  z.object({ type: z.literal("head_restored"), repoId: RepoId, head: Sha, by: Digest.optional() }),
  z.object({ type: z.literal("pull_closed"), repoId: RepoId, pullRequest: PullNumber }),
  z.object({ type: z.literal("pull_reopened"), repoId: RepoId, pullRequest: PullNumber }),
  z.object({ type: z.literal("pull_retargeted"), repoId: RepoId, note }),
  z.object({ type: z.literal("pull_target_restored"), repoId: RepoId }),
  z.object({ type: z.literal("pull_merged"), repoId: RepoId, approvedTree: z.boolean(), green: z.boolean(), unproven }),
  /** `checks`: those of the head are no longer green, so they are watched again; `merge`: anything else. */
  z.object({ type: z.literal("readiness_lost"), cause: z.enum(["checks", "merge"]), note }),
  z.object({ type: z.literal("rolled_back"), note }),
  /** The delivery that was to undo the merge came to nothing. */
  z.object({ type: z.literal("rollback_ended"), note }),
] as const;

const command = z.object({ type: z.literal("command"), commandId: CommandId, ask: Ask, origin: Origin });

export const MachineEvent = z.discriminatedUnion("type", [...results, ...facts, command]);
export type MachineEvent = z.infer<typeof MachineEvent>;
export type MachineEventType = MachineEvent["type"];
export const EVENT_TYPES: readonly MachineEventType[] = MachineEvent.options.map(({ shape }) => shape.type.value);
export type EventOf<T extends MachineEventType> = Extract<MachineEvent, { type: T }>;
export type CommandEvent = EventOf<"command">;
export type AskOf<N extends Ask["name"]> = Extract<Ask, { name: N }>;

/** An event with who and when; `at` is the only clock that the machine ever sees. */
export const Recorded = z.object({ event: MachineEvent, actor: Actor, at: Instant });
export type Recorded = z.infer<typeof Recorded>;
