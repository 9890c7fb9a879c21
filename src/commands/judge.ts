// What becomes of each command of a comment or button: a refusal, an answer, or a question to the machine. Pure.
import type { Config } from "../config/schema.ts";
import { standsFor } from "../delivery/code.ts";
import { type Delivery, isTerminal } from "../delivery/delivery.ts";
import type { Ask, AskOf } from "../delivery/event.ts";
import type { Needs } from "../delivery/needs.ts";
import { hasOpenHead } from "../delivery/transitions/pulls.ts";
import type { DeliveryId, RepoId } from "../ids.ts";
import type { Instant } from "../instant.ts";
import type { Result } from "../result.ts";
import type { Standing } from "./authorise.ts";
import { type Heard, needsIn, type Voice, voiceIn, whyNoApprover, whyUnusable } from "./authority.ts";
import type { Button } from "./button.ts";
import { CATALOGUE, type CommandName } from "./catalogue.ts";
import type { Conversation } from "./find-delivery.ts";
import { type GateFacts, whyNotAsked } from "./gate-facts.ts";
import type { Rules } from "./hearing.ts";
import type { NewerHold } from "./newer-hold.ts";
import type { Parsed, ParsedCommand } from "./parse.ts";
import type { BudgetFacts } from "./raising.ts";
import type { CommandRefusal } from "./refusal.ts";
import { ageOf, askOf, participantNamed, quorumOf } from "./resolve.ts";
import { shownNow } from "./shown-now.ts";

export type Ruling =
  | Readonly<{ kind: "refused"; refusal: CommandRefusal }>
  /** Counted, so that nobody can ask without an end, and not answered. */
  | Readonly<{ kind: "unheard"; refusal: CommandRefusal }>
  /** Answered from what is known, without the machine: status and help. */
  | Readonly<{ kind: "answered" }>
  | Readonly<{ kind: "asked"; ask: Ask }>;

/** One row of `commands` to be. */
export type Judged = Readonly<{ name: string; position: number; args: unknown; ruling: Ruling }>;

export type Hearing = Readonly<{
  standing: Standing;
  rules: Rules;
  /** False when the comment was edited or deleted since. */
  unchanged: boolean;
  /** Repositories named or meant, beside the primary one, that the person may not write to. */
  unwritable: readonly RepoId[];
  causeGone: boolean | null;
  /** Read where the budget is to be raised. */
  budget: BudgetFacts | null;
  /** Asked of `/rollback`: the delivery that undoes this one already. */
  undoneBy: DeliveryId | null;
  /** Asked of `/resume`: the hold that somebody asked for after it was written. */
  newerHold: NewerHold | null;
  /** Asked of `/accept`: when a commit was written after it was. */
  newerWrite: Instant | null;
  gate: GateFacts;
  /** Of a review that asks for changes: what it says, or why that does not count; null for all else, and for strangers. */
  review: Result<string, CommandRefusal> | null;
}> &
  Heard;

export type About = Readonly<{ delivery: Delivery; conversation: Conversation; hearing: Hearing }>;

const refused = (refusal: CommandRefusal): Ruling => ({ kind: "refused", refusal });

const whole = (name: string, refusal: CommandRefusal): readonly Judged[] => [
  { name, position: 0, args: {}, ruling: refused(refusal) },
];

const unheard = (name: string, refusal: CommandRefusal): readonly Judged[] => [
  { name, position: 0, args: {}, ruling: { kind: "unheard", refusal } },
];

/**
 * Decisions are for approvers, by rules that can be read, on a delivery that lives. An approval is for those of its gate, and for
 * owners of what it is about; every other command any approver may give.
 */
const ruleOf = (
  name: CommandName,
  { delivery, hearing }: About,
  standing: Voice,
  decide: (config: Config, voice: Needs["voice"]) => Ruling,
): Ruling => {
  const { rules } = hearing;
  const { who, where } = CATALOGUE[name];
  if (where === "control") return refused({ code: "elsewhere", command: name });
  if (who === "writer") return { kind: "answered" };
  // A pull request outlives its delivery: what people pushed to it can still be countersigned, and its merge undone.
  const isOver = isTerminal(delivery) && !(name === "approve" && hasOpenHead(delivery)) && name !== "rollback";
  if (isOver) return refused({ code: "over", applies: [] });
  if (rules.kind === "problems") return refused(rules.refusal);
  const { config } = rules;
  if (name !== "approve") {
    const refusal = whyNoApprover(standing, config, hearing);
    return refusal === null ? decide(config, "approver") : refused(refusal);
  }
  const voice = voiceIn(standing, delivery.phase, config, hearing);
  return voice.ok ? decide(config, voice.value) : refused(voice.error);
};

/** Repositories that a command is about, the primary one aside: there the person needs write access too. */
export const otherRepositories = (
  command: ParsedCommand,
  { repositories, primary }: Conversation,
): readonly RepoId[] => {
  if (CATALOGUE[command.name].who === "writer") return [];
  const { target } = command;
  const meant =
    target?.kind === "repository"
      ? [participantNamed(repositories, target.fullName)].filter((named) => named !== null)
      : command.name === "approve"
        ? repositories
        : [];
  return meant.map(({ repoId }) => repoId).filter((repoId) => repoId !== primary.repoId);
};

const whyNot = (ask: AskOf<"approve">, { delivery, hearing }: About): CommandRefusal | null =>
  whyNotAsked(ask, delivery, hearing.gate) ?? whyUnusable(ask, hearing);

const rule = (command: ParsedCommand, about: About, standing: Voice): Ruling =>
  ruleOf(command.name, about, standing, (config, voice) => {
    const { approvals } = config;
    const { delivery, conversation, hearing } = about;
    const [repoId] = otherRepositories(command, conversation).filter((id) => hearing.unwritable.includes(id));
    if (repoId !== undefined) return refused({ code: "no_write_on_target", repoId, login: standing.login });
    const { undoneBy, newerHold, newerWrite } = hearing;
    if (command.name === "resume" && newerHold !== null)
      return refused({ code: "overtaken", by: "hold", ...newerHold });
    if (command.name === "accept" && newerWrite !== null)
      return refused({ code: "older_content", writtenAt: newerWrite });
    if (command.name === "rollback" && undoneBy !== null)
      return refused({ code: "undone_already", by: undoneBy, undoes: delivery.id });
    const { repositories } = conversation;
    const needs = needsIn(voice, config, hearing);
    const asked = askOf(command, {
      delivery,
      repositories,
      approvals,
      needs,
      causeGone: hearing.causeGone,
      budget: hearing.budget,
    });
    if (!asked.ok) return refused(asked.error);
    const unusable = asked.value.name === "approve" ? whyNot(asked.value, about) : null;
    return unusable === null ? { kind: "asked", ask: asked.value } : refused(unusable);
  });

/** Strangers who said no word of ours, or speak where all is over, get no answer. */
export const judgeComment = (parsed: Parsed, about: About): readonly Judged[] => {
  const { hearing, delivery } = about;
  if (parsed.kind === "nothing") return [];
  const name = parsed.kind === "answer" ? parsed.command : (parsed.commands[0]?.name ?? "");
  const { standing } = hearing;
  if (standing.kind === "stranger") {
    const isOurs = parsed.kind === "commands" || parsed.refusal.code !== "unknown_command";
    const refusal = { code: "stranger", why: standing.why } as const;
    return isOurs && !isTerminal(delivery) ? whole(name, refusal) : unheard(name, refusal);
  }
  if (!hearing.unchanged) return whole(name, { code: "edited" });
  if (parsed.kind === "answer") return whole(name, parsed.refusal);
  return parsed.commands.map((command) => ({
    name: command.name,
    position: command.position,
    args: { target: command.target, code: command.code, text: command.text },
    ruling: rule(command, about, standing),
  }));
};

/**
 * A click counts for the version that the button was shown with, and no other. Which version an approval means the machine tells by
 * its code; a rejection carries none, so it is compared here with what the open gate shows.
 */
export const judgeButton = (button: Button, position: number, about: About): readonly Judged[] => {
  const { delivery, hearing } = about;
  const args = { target: null, code: button.code, text: null };
  const judged = (ruling: Ruling): readonly Judged[] => [{ name: button.name, position, args, ruling }];
  const { standing } = hearing;
  if (standing.kind === "stranger") {
    const refusal = { code: "stranger", why: standing.why } as const;
    return judged(isTerminal(delivery) ? { kind: "unheard", refusal } : refused(refusal));
  }
  return judged(
    ruleOf(button.name, about, standing, (config, voice) => {
      const { approvals } = config;
      const shown = shownNow(delivery).find(({ subject }) => standsFor(button.code, subject.digest));
      const repoId = shown?.repoId ?? null;
      if (repoId !== null && hearing.unwritable.includes(repoId)) {
        return refused({ code: "no_write_on_target", repoId, login: standing.login });
      }
      if (button.name === "reject") {
        // As with an approval: the click may be from before it was shown again.
        if (shown === undefined || shown.subject.again !== undefined) return refused({ code: "button_outdated" });
        return { kind: "asked", ask: { name: "reject", target: repoId, why: null } };
      }
      const quorum = quorumOf(approvals, delivery.phase);
      const codeRequired = approvals.code === "required";
      const needs = needsIn(voice, config, hearing);
      const given = { target: repoId, code: button.code, quorum, codeRequired, needs, ...ageOf(approvals) };
      const ask = { name: "approve", ...given } as const;
      const unusable = whyNot(ask, about);
      return unusable === null ? { kind: "asked", ask } : refused(unusable);
    }),
  );
};
