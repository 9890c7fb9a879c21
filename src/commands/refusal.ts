// Why a command was not applied, by whoever refused it: the machine, the authorisation, or the grammar.
import { z } from "zod";
import { GATES } from "../config/gate-approvers.ts";
import { Refusal } from "../delivery/refusal.ts";
import { IssueNumber, RepoId, Sha } from "../ids.ts";
import { Instant } from "../instant.ts";

const grammar = [
  /** Text that the command does not take, or none where it needs some. `given` is what was written, cut to be shown. */
  z.object({
    code: z.literal("usage"),
    command: z.string(),
    problem: z.enum(["unexpected_text", "missing_text"]),
    given: z.string(),
  }),
  /** A word within one edit of a command, or after the prefix none at all; `meant` is null where nothing is near. */
  z.object({ code: z.literal("unknown_command"), given: z.string(), meant: z.string().nullable() }),
  /** Commands of one comment that cannot all be meant; none of them was applied. */
  z.object({ code: z.literal("contradiction"), commands: z.array(z.string()) }),
  z.object({ code: z.literal("too_many_commands"), most: z.number().int() }),
  /** Longer than what is read for commands, in characters. */
  z.object({ code: z.literal("comment_too_long"), most: z.number().int() }),
  /** More marks, lines or nested quotes than are read for commands. */
  z.object({ code: z.literal("comment_too_intricate") }),
  /** The comment quotes a notification mail, and what was quoted cannot be told from what was written. */
  z.object({ code: z.literal("quoted_mail") }),
] as const;

const authorisation = [
  /** Nobody who may command: answered by a reaction alone. `why` is for the ledger. */
  z.object({ code: z.literal("stranger"), why: z.enum(["bot", "app", "role", "unknown"]) }),
  /**
   * May write to the repository, but approvers alone may do this: of the `gate`, where it has people of its own. All empty: whoever
   * has the role maintain or admin.
   */
  z.object({
    code: z.literal("not_approver"),
    login: z.string(),
    gate: z.enum(GATES).nullable(),
    users: z.array(z.string()),
    teams: z.array(z.string()),
  }),
  /** The login is on the list, and was another account's when the delivery began. */
  z.object({ code: z.literal("login_taken"), login: z.string() }),
  /** Nobody can tell whose approval is needed; `file` null where the repository itself cannot be read. */
  z.object({
    code: z.literal("code_owners_unusable"),
    repoId: RepoId,
    file: z.string().nullable(),
    why: z.string(),
  }),
  /** An approver who cannot write to a repository that the command is about. */
  z.object({ code: z.literal("no_write_on_target"), repoId: RepoId, login: z.string() }),
  /** The comment was edited or deleted after it was posted. */
  z.object({ code: z.literal("edited") }),
  /** The review was edited, dismissed or deleted after it was submitted, or one of its comments was. */
  z.object({ code: z.literal("review_changed") }),
  /** The review is of a commit that is no longer what the pull request holds. */
  z.object({ code: z.literal("review_outdated"), reviewed: Sha, head: Sha }),
  /** Longer, with its comments, than what is taken for feedback, in characters. */
  z.object({ code: z.literal("review_too_long"), most: z.number().int() }),
  /** Nobody's authority can be judged while the configuration cannot be used. */
  z.object({
    code: z.literal("config_invalid"),
    commit: Sha,
    problems: z.array(z.object({ line: z.number().int().positive().nullable(), message: z.string() })),
  }),
  /** The comment that shows it is not as we left it: nobody can tell what was read. It is shown again. */
  z.object({
    code: z.literal("gate_changed"),
    shownVersion: z.number(),
    shownCode: z.string(),
    repoId: RepoId.nullable(),
  }),
  /** The code of what another delivery of this repository has shown. */
  z.object({ code: z.literal("other_code"), given: z.string(), delivery: z.string(), issue: IssueNumber }),
  /** The operator allows no more: in tokens, millionths of a US dollar, or milliseconds. */
  z.object({
    code: z.literal("budget_ceiling"),
    unit: z.enum(["tokens", "money", "time"]),
    now: z.number(),
    most: z.number(),
  }),
  /** There is no such limit to raise. */
  z.object({ code: z.literal("budget_unlimited"), unit: z.enum(["tokens", "money", "time"]) }),
  /** The brake of a repository, given where it is not heard. */
  z.object({ code: z.literal("elsewhere"), command: z.string() }),
  /** In a control issue: a command that is about a delivery. */
  z.object({ code: z.literal("not_here"), command: z.string() }),
  /** A control issue that the configuration wants no more: what stands is lifted there, and nothing is frozen. */
  z.object({ code: z.literal("control_off") }),
  z.object({ code: z.literal("already_frozen"), login: z.string().nullable(), since: Instant }),
  /** `operator`: what stands there is the operator's alone to lift. */
  z.object({ code: z.literal("not_frozen"), operator: z.boolean() }),
  /** An `/accept` of what stood there before a newer commit of ours. */
  z.object({ code: z.literal("older_content"), writtenAt: Instant }),
  /** It undoes what somebody said again after it was written: GitHub told of it late. */
  z.object({ code: z.literal("overtaken"), by: z.enum(["freeze", "hold"]), login: z.string(), at: Instant }),
  /** A button of a check run that shows another version, or another delivery, than the one that waits. */
  z.object({ code: z.literal("button_outdated") }),
] as const;

export const GrammarRefusal = z.discriminatedUnion("code", grammar);
export type GrammarRefusal = z.infer<typeof GrammarRefusal>;

export const AuthorisationRefusal = z.discriminatedUnion("code", authorisation);
export type AuthorisationRefusal = z.infer<typeof AuthorisationRefusal>;

/** What `commands.refusal` holds. */
export const CommandRefusal = z.discriminatedUnion("code", [...Refusal.options, ...grammar, ...authorisation]);
export type CommandRefusal = z.infer<typeof CommandRefusal>;
