// Why a command was not applied: a closed union, so that each has its own sentence in thread/.
import { z } from "zod";
import { RepoId } from "../ids.ts";
import { Phase, RunStatus } from "./delivery.ts";
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
  z.object({ code: z.literal("on_hold") }),
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
  z.object({ code: z.literal("not_yet_available"), command: z.string() }),
]);
export type Refusal = z.infer<typeof Refusal>;
