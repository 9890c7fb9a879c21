// Why a command was not applied, in one sentence or two for each code, and what to do instead.
import { type CommandName, CommandName as Name, usageOf } from "../../commands/catalogue.ts";
import type { CommandRefusal } from "../../commands/refusal.ts";
import type { Reason } from "../../delivery/reason.ts";
import type { CodeReason } from "../../delivery/refusal.ts";
import { deliveryName, type RepoId } from "../../ids.ts";
import type { Instant } from "../../instant.ts";
import { unreachable } from "../../result.ts";
import { codeSpan } from "../defuse.ts";
import { amountWords, LIMIT_OF } from "./budget.ts";
import { command, type Prefix } from "./commands.ts";
import { CONTROL_TITLE } from "./control.ts";
import { endsOf } from "./holds.ts";
import { clock, joinWords, moment, number, person, shortSha, span } from "./phrase.ts";
import { configInvalid } from "./problems.ts";
import { codeOwnersUnusable, loginTaken, notApprover, ownsNothing } from "./who-may.ts";

export type AnswerFacts = Readonly<{
  /** `D-12` */
  delivery: string;
  /** "waiting for a decision on plan 1" */
  state: string;
  prefix: Prefix;
  /** The command as it was given, without slash: "approve". */
  given: string;
  login: string;
  /** When it was written, and when the gate that waits was shown; null where that is not known. */
  writtenAt: Instant | null;
  shownAt: Instant | null;
  repository: (id: RepoId) => string;
  /** "stopped by policy" */
  stopped: (reason: Reason) => string;
}>;

const isName = (name: string): name is CommandName => Name.options.some((one) => one === name);

/** The commands that apply, of those that exist today. */
const applies = (facts: AnswerFacts, names: readonly string[]): string => {
  const now = names.filter(isName);
  return now.length === 0
    ? "Nothing applies now but to wait."
    : `What applies: ${joinWords(
        now.map((name) => command(facts.prefix, name)),
        "and",
      )}.`;
};

const usage = (facts: AnswerFacts, name: string): string =>
  isName(name)
    ? `It goes: ${codeSpan(usageOf(name, facts.prefix))}.`
    : `${command(facts.prefix, "help")} lists what there is.`;

const shownVersion = (facts: AnswerFacts, repoId: RepoId | null, version: number): string =>
  repoId === null ? `plan ${version}` : `patch set ${version} in ${codeSpan(facts.repository(repoId))}`;

const sameDay = (a: Instant, b: Instant): boolean => a.slice(0, 10) === b.slice(0, 10);

const timesOf = ({ writtenAt, shownAt }: AnswerFacts): readonly [string, string] => {
  if (writtenAt === null || shownAt === null) return ["", ""];
  return sameDay(writtenAt, shownAt)
    ? [` at ${clock(writtenAt)}`, ` (${clock(shownAt)})`]
    : [`, ${moment(writtenAt)}`, ` (${moment(shownAt)})`];
};

const instead = ({ prefix, delivery, state }: AnswerFacts, shownCode: string | null): string =>
  shownCode === null
    ? `Nothing can be approved now: ${delivery} is ${state}.`
    : `Look at the one that is shown now: ${command(prefix, `approve ${shownCode}`)}`;

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const WHY_CODE: Readonly<Record<CodeReason, string>> = {
  configured: "This repository asks for the code of the version:",
  warning:
    "Policy warns of a file here that runs where no check has looked, so this version is approved by its code, in a comment:",
  head: "A commit that nobody proposed is approved by its code:",
};

const sentence = (refusal: CommandRefusal, facts: AnswerFacts): string | null => {
  const { prefix, delivery } = facts;
  const given = command(prefix, facts.given);
  switch (refusal.code) {
    case "not_now":
      return `${given} does not apply: ${delivery} is ${facts.state}. ${applies(facts, refusal.applies)}`;
    case "over":
      return refusal.applies.length === 0
        ? `${delivery} is over. Putting the label on again starts a new delivery.`
        : `${delivery} is over. ${applies(facts, refusal.applies)}`;
    case "on_hold":
      return `${delivery} is on hold, and commands wait. ${endsOf(refusal.holds ?? ["hold"], prefix)}`;
    case "still_publishing":
      return "What is to be decided was still being posted. Read it, then give the command again.";
    case "stale": {
      const [written, shown] = timesOf(facts);
      const version = shownVersion(facts, refusal.repoId, refusal.shownVersion);
      return `You wrote ${given}${written}, before ${version} was shown${shown}. Look at it and approve that: ${command(prefix, `approve ${refusal.shownCode}`)}`;
    }
    case "unknown_code":
      return `${codeSpan(refusal.given)} is not the code of anything that ${delivery} has shown.`;
    case "superseded_code":
      return `${codeSpan(refusal.given)} stands for a version that was replaced. ${instead(facts, refusal.shownCode)}`;
    case "rejected_code":
      return `${codeSpan(refusal.given)} stands for a version that was turned down. ${instead(facts, refusal.shownCode)}`;
    case "expired": {
      const version = shownVersion(facts, refusal.repoId, refusal.shownVersion);
      return `${capital(version)} was shown longer ago than approvals may be (${span(refusal.ttl * 1000)}, \`approvals.ttl\`). It is shown again; look at it, then approve it: ${command(prefix, `approve ${refusal.shownCode}`)}`;
    }
    case "code_required":
      return `${WHY_CODE[refusal.because]} ${command(prefix, `approve ${refusal.shownCode}`)}`;
    case "already_approved":
      return refusal.repoId === null
        ? "You have approved this version already. Your approval stands."
        : `You have approved this version in ${codeSpan(facts.repository(refusal.repoId))} already. Your approval stands.`;
    case "name_one": {
      const lines = refusal.open.map((id) => command(prefix, `${facts.given} ${facts.repository(id)}`));
      return `Several patch sets are open; name one: ${joinWords(lines, "or")}`;
    }
    case "no_such_target": {
      const names = refusal.open.map((id) => codeSpan(facts.repository(id)));
      const open =
        names.length === 0 ? "It waits for no single repository now." : `What waits: ${joinWords(names, "and")}.`;
      return `${codeSpan(refusal.given)} is not what ${delivery} waits for. ${open}`;
    }
    case "cause_remains":
      return `What stopped ${delivery} is still there: ${facts.stopped(refusal.reason)}.`;
    case "nothing_to_revise":
      return `There is nothing yet that could be revised: ${delivery} is ${facts.state}.`;
    case "no_such_criterion":
      return `${codeSpan(refusal.given)} does not wait to be accepted. What does: ${joinWords(refusal.open.map(codeSpan), "and")}.`;
    case "exit_not_nearer":
      return `${delivery} ends after ${refusal.exitPhase} already. ${given} only ends it earlier; to go further, change \`exit_phase\` and start a new delivery.`;
    case "exit_passed":
      return `${delivery} has passed ${refusal.exitPhase}, so it cannot end there. ${command(prefix, "cancel")} ends it where it is.`;
    case "exit_undoes_nothing":
      return `${delivery} undoes a merge, and that takes a pull request: it cannot end after ${refusal.exitPhase}. ${command(prefix, "cancel")} ends it where it is, and leaves the merge as it stands.`;
    case "undone_already":
      if (deliveryName(refusal.by) === delivery)
        return `${delivery} is itself a rollback, of ${deliveryName(refusal.undoes)}, and cannot be rolled back. Approve what it shows, merge its pull request, or ${command(prefix, "cancel")} it; to start again, put the label on once more.`;
      return `${deliveryName(refusal.by)} undoes ${deliveryName(refusal.undoes)} already: approve what it shows or merge its pull request; ${command(prefix, "cancel")} ends it while it is not over.`;
    case "not_yet_available":
      return `${command(prefix, refusal.command)} is not available yet.`;
    case "usage":
      switch (refusal.problem) {
        case "unexpected_text":
          return `${command(prefix, refusal.command)} does not take ${codeSpan(refusal.given)}. ${usage(facts, refusal.command)}`;
        case "missing_text":
          return `${command(prefix, refusal.command)} lacks its text. ${usage(facts, refusal.command)}`;
        default:
          return unreachable(refusal.problem);
      }
    case "unknown_command":
      return refusal.meant === null
        ? `There is no ${command(prefix, refusal.given)}. ${command(prefix, "help")} lists what there is.`
        : `There is no ${command(prefix, refusal.given)}. Did you mean ${command(prefix, refusal.meant)}?`;
    case "contradiction":
      return `${joinWords(
        refusal.commands.map((name) => command(prefix, name)),
        "and",
      )} in one comment contradict one another, so none was applied. Post the one that you mean.`;
    case "too_many_commands":
      return `One comment may hold at most ${refusal.most} commands. None was applied.`;
    case "comment_too_long":
      return `The comment is longer than the ${number(refusal.most)} characters that are read for commands. Post the command alone.`;
    case "comment_too_intricate":
      return "The comment has more lines, nested quotes or marks of formatting than are read for commands. Post the command alone.";
    case "quoted_mail":
      return "The comment quotes a mail, and what was quoted cannot be told from what was written. Post the command alone.";
    case "stranger":
      return null;
    case "not_approver":
      return notApprover(refusal);
    case "login_taken":
      return loginTaken(refusal);
    case "code_owners_unusable":
      return codeOwnersUnusable(refusal, facts.repository);
    case "owns_nothing_here":
      return ownsNothing(facts.login);
    case "no_write_on_target":
      return `${person(refusal.login)} has no write access to ${codeSpan(facts.repository(refusal.repoId))}, which this is about.`;
    case "edited":
      return "The comment was edited or deleted after it was posted. Post the command again.";
    case "review_changed":
      return `The review was edited or dismissed after it was submitted, so nobody can tell what was meant. Review again, or comment ${given} and what to change.`;
    case "review_outdated":
      return `It is of ${shortSha(refusal.reviewed)}, and the pull request now holds ${shortSha(refusal.head)}. Review what it holds now.`;
    case "review_too_long":
      return `With its comments it is longer than the ${number(refusal.most)} characters that are taken for feedback. Comment ${given} and what matters most.`;
    case "config_invalid":
      return `Nobody's authority can be judged: ${configInvalid(refusal.commit, refusal.problems)}`;
    case "gate_changed": {
      const version = shownVersion(facts, refusal.repoId, refusal.shownVersion);
      return `The comment that shows ${version} was changed after it was posted, so nobody can tell what you read. It is shown again as it is; look at it, then approve it: ${command(prefix, `approve ${refusal.shownCode}`)}`;
    }
    case "other_code":
      return `${codeSpan(refusal.given)} is the code of something that ${refusal.delivery} has shown, on issue ${codeSpan(`#${refusal.issue}`)}. Approve that there; here it means nothing.`;
    case "budget_ceiling":
      return `The operator allows one delivery ${amountWords(refusal.unit, refusal.most)} at most, and it has ${amountWords(refusal.unit, refusal.now)} already: ${
        refusal.most > refusal.now
          ? `up to ${amountWords(refusal.unit, refusal.most - refusal.now)} can be added.`
          : "nothing can be added."
      }`;
    case "budget_unlimited":
      return `${delivery} has no limit of ${LIMIT_OF[refusal.unit]}, so there is none to raise.`;
    case "elsewhere":
      return `${command(prefix, refusal.command)} stops or frees the whole repository, and is given in its control issue alone (open issue ${codeSpan(CONTROL_TITLE)}; where there is none, ${codeSpan("control_issue: on")} makes one).`;
    case "not_here":
      return `${command(prefix, refusal.command)} is about one delivery: give it on the issue of that delivery. Here ${command(prefix, "freeze")} and ${command(prefix, "unfreeze")} apply.`;
    case "control_off":
      return `This control issue is kept no more (${codeSpan("control_issue: off")}), so nobody would see the freeze here. ${codeSpan("control_issue: on")} brings it back, and the operator can freeze without it. ${command(prefix, "unfreeze")} here still lifts what an approver froze.`;
    case "already_frozen":
      return `This repository is frozen already, since ${moment(refusal.since)}${refusal.login === null ? "" : ` by ${person(refusal.login)}`}. ${command(prefix, "unfreeze")} lifts it.`;
    case "not_frozen":
      return refusal.operator
        ? "The operator has frozen it, and only the operator lifts that."
        : "This repository is not frozen.";
    case "older_content":
      return `You wrote ${given} before the newest commit of ${delivery} (${moment(refusal.writtenAt)}), and it came here late. Look at what stands there now; if that is right, post ${given} again.`;
    case "overtaken":
      return `You wrote ${given} before ${person(refusal.login)} wrote ${command(prefix, refusal.by)} (${moment(refusal.at)}), and it came here late, so it does not undo that. If that shall end too, post ${given} again.`;
    case "button_outdated":
      return `The button stands on a page that is older than what ${delivery} shows now. Load it again.`;
    default:
      return unreachable(refusal);
  }
};

/** Refusals whose sentence names the person. */
const ADDRESSED: ReadonlySet<CommandRefusal["code"]> = new Set([
  "not_approver",
  "login_taken",
  "owns_nothing_here",
  "no_write_on_target",
]);

/** Null where rule 9 wants no words. */
export const refusedWords = (refusal: CommandRefusal, facts: AnswerFacts): string | null => {
  const said = sentence(refusal, facts);
  if (said === null) return null;
  const addressed = ADDRESSED.has(refusal.code);
  return `Not applied${addressed ? "" : `, ${person(facts.login)}`}. ${said}`;
};

/** Where more people read than where it was asked for: the reason may name what only those there may know. */
export const discreetRefusal = (login: string, delivery: string): string =>
  `Not applied, ${person(login)}. More people read here than where ${delivery} was asked for, so the reason is not said here. Give the command there.`;
