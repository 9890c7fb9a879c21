// Why a command was not applied: a closed union, so that each has its own sentence in thread/.
import { z } from "zod";
import { DeliveryId, RepoId } from "../ids.ts";
import { ExitPhase, Hold, Phase, RunStatus } from "./delivery.ts";
import { Reason } from "./reason.ts";

/** Why a plain approval will not do: by the configuration, for what policy warns of, or because it is a commit of somebody's. */
export const CodeReason = z.enum(["configured", "warning", "head"]);
export type CodeReason = z.infer<typeof CodeReason>;

/** Of the version that can be approved instead; null where none is open. */
const shownCode = z.string().nullable();

export const Refusal = z.discriminatedUnion("code", [
  /** The command does not apply in this state; `applies` lists what does, by name. */
  z.object({ code: z.literal("not_now"), phase: Phase, runStatus: RunStatus, applies: z.array(z.string()) }),
  z.object({ code: z.literal("over"), applies: z.array(z.string()) }),
  /** Without the holds where an earlier build refused. */
  z.object({ code: z.literal("on_hold"), holds: z.array(Hold).optional() }),
  z.object({ code: z.literal("still_publishing") }),
  /** Written before the version now shown. */
  z.object({ code: z.literal("stale"), shownVersion: z.number(), shownCode: z.string(), repoId: RepoId.nullable() }),
  z.object({ code: z.literal("unknown_code"), given: z.string() }),
  z.object({ code: z.literal("superseded_code"), given: z.string(), shownCode }),
  z.object({ code: z.literal("rejected_code"), given: z.string(), shownCode }),
  z.object({ code: z.literal("code_required"), shownCode: z.string(), because: CodeReason }),
  /** Shown longer ago than approvals may be old; it is shown again. */
  z.object({
    code: z.literal("expired"),
    shownVersion: z.number(),
    shownCode: z.string(),
    repoId: RepoId.nullable(),
    ttl: z.number(),
  }),
  z.object({ code: z.literal("already_approved"), repoId: RepoId.nullable() }),
  /** Heard as an owner of paths alone, and owns none of what was to be approved. */
  z.object({ code: z.literal("owns_nothing_here"), repoId: RepoId.nullable() }),
  /** Several patch sets are open and none was named. */
  z.object({ code: z.literal("name_one"), open: z.array(RepoId) }),
  z.object({ code: z.literal("no_such_target"), given: z.string(), open: z.array(RepoId) }),
  z.object({ code: z.literal("cause_remains"), reason: Reason }),
  z.object({ code: z.literal("nothing_to_revise") }),
  /** Of the criteria that wait to be accepted. */
  z.object({ code: z.literal("no_such_criterion"), given: z.string(), open: z.array(z.string()) }),
  /** The exit may only be brought nearer than `exitPhase`, where it is now. */
  z.object({ code: z.literal("exit_not_nearer"), exitPhase: ExitPhase }),
  z.object({ code: z.literal("exit_passed"), exitPhase: ExitPhase }),
  /** Of a rollback: before its pull requests it would have undone nothing. */
  z.object({ code: z.literal("exit_undoes_nothing"), exitPhase: ExitPhase }),
  /** `by` undoes `undoes` already, or is the one that did. */
  z.object({ code: z.literal("undone_already"), by: DeliveryId, undoes: DeliveryId }),
  /** Of earlier builds, which knew of commands that were not there yet. */
  z.object({ code: z.literal("not_yet_available"), command: z.string() }),
]);
export type Refusal = z.infer<typeof Refusal>;
