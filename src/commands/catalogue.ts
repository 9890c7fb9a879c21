// Every command as one record: what it is called, takes, does, and who may give it. README, /help and the parser read it.
import { z } from "zod";
import { EXIT_PHASES } from "../delivery/delivery.ts";
import { AMOUNTS } from "./amount.ts";

export const COMMAND_NAMES = [
  "approve",
  "reject",
  "revise",
  "retry",
  "cancel",
  "plan",
  "hold",
  "resume",
  "status",
  "help",
  "rollback",
  "accept",
  "budget",
  "exit",
  "freeze",
  "unfreeze",
] as const;
export const CommandName = z.enum(COMMAND_NAMES);
export type CommandName = z.infer<typeof CommandName>;

/** What may follow the name, in this order. Whatever else follows is an error. */
type Grammar = Readonly<{
  target: "none" | "repository" | "repository_or_all" | "plan_or_repository";
  code: "none" | "optional";
  /** Free text goes on to the next command or the end of the comment; the others, an amount, an exit and a criterion too, end with their line. */
  text: Readonly<
    { kind: "none" } | { kind: "optional" | "required"; called: string } | { kind: "amount" | "exit" | "criterion" }
  >;
}>;

export type CommandEntry = Readonly<{
  name: CommandName;
  /** `approver`: on the list of approvers and with write access; `writer`: with write access. */
  who: "approver" | "writer";
  /** `delivery`: on its issue and its pull requests; `control`: in the control issue of the repository. */
  where: "delivery" | "control";
  grammar: Grammar;
  /** One line of help. */
  help: string;
  /** Without slash and prefix. */
  examples: readonly string[];
}>;

const nothing: Grammar = { target: "none", code: "none", text: { kind: "none" } };

const entry = (
  name: CommandName,
  who: CommandEntry["who"],
  grammar: Grammar,
  help: string,
  examples: readonly string[],
): CommandEntry => ({ name, who, where: "delivery", grammar, help, examples });

/** Of a whole repository. */
const brake = (name: CommandName, grammar: Grammar, help: string, examples: readonly string[]): CommandEntry => ({
  ...entry(name, "approver", grammar, help, examples),
  where: "control",
});

export const CATALOGUE: Readonly<Record<CommandName, CommandEntry>> = {
  approve: entry(
    "approve",
    "approver",
    { target: "repository_or_all", code: "optional", text: { kind: "none" } },
    "Approves what is shown: the plan, a patch set, a merge, or commits that people pushed. A code says exactly which version.",
    ["approve", "approve k7m2", "approve acme/shop", "approve all"],
  ),
  reject: entry(
    "reject",
    "approver",
    { target: "repository", code: "none", text: { kind: "optional", called: "reason" } },
    "Turns down what is shown and goes back one phase. Nothing starts by itself.",
    ["reject", "reject acme/shop the helper exists already"],
  ),
  revise: entry(
    "revise",
    "approver",
    { target: "plan_or_repository", code: "none", text: { kind: "required", called: "feedback" } },
    "Asks for a new version of what is shown, with your feedback.",
    ["revise keep the old name as an alias", "revise plan leave the database alone"],
  ),
  retry: entry("retry", "approver", nothing, "Tries what failed again, or what was blocked once its cause is gone.", [
    "retry",
  ]),
  cancel: entry("cancel", "approver", nothing, "Ends the delivery. What exists on GitHub stays and is named.", [
    "cancel",
  ]),
  plan: entry("plan", "approver", nothing, "Asks for a plan although triage advised against it.", ["plan"]),
  hold: entry("hold", "approver", nothing, "Stops all work and all writing until it is resumed.", ["hold"]),
  resume: entry("resume", "approver", nothing, "Lifts a hold.", ["resume"]),
  status: entry("status", "writer", nothing, "Brings the status comment up to date and links to it.", ["status"]),
  help: entry("help", "writer", nothing, "Lists the commands.", ["help"]),
  rollback: entry(
    "rollback",
    "approver",
    nothing,
    "Proposes to undo what was merged. Nothing is undone before what undoes it is approved.",
    ["rollback"],
  ),
  accept: entry(
    "accept",
    "approver",
    { target: "none", code: "none", text: { kind: "criterion" } },
    "Accepts a criterion of the plan for which no check, test or file stands as evidence.",
    ["accept AC-2"],
  ),
  budget: entry(
    "budget",
    "approver",
    { target: "none", code: "none", text: { kind: "amount" } },
    "Allows this delivery more: tokens, dollars, or minutes of model time. What ran out of it goes on.",
    ["budget +50000", "budget +50k", "budget +$1.50", "budget +30min"],
  ),
  exit: entry(
    "exit",
    "approver",
    { target: "none", code: "none", text: { kind: "exit" } },
    "Lets the delivery end earlier than it would. It never ends later, and never where it has already passed.",
    ["exit plan", "exit review"],
  ),
  freeze: brake(
    "freeze",
    { target: "none", code: "none", text: { kind: "optional", called: "reason" } },
    "In the control issue: stops all writing, beginning and paying for models in the repository.",
    ["freeze", "freeze until the release is out"],
  ),
  unfreeze: brake("unfreeze", nothing, "In the control issue: lifts that. What was held goes on by itself.", [
    "unfreeze",
  ]),
};

const bracketed = (words: string, needed: boolean): string => (needed ? `<${words}>` : `[${words}]`);

const TARGETS = {
  none: null,
  repository: "owner/repo",
  repository_or_all: "owner/repo | all",
  plan_or_repository: "plan | owner/repo",
} as const;

/** What a person types: `/approve k7m2`, or `/cs approve k7m2` with a prefix. */
export const commandLine = (prefix: string | null, words: string): string =>
  prefix === null ? `/${words}` : `/${prefix} ${words}`;

/** `/approve [owner/repo | all] [code]` */
export const usageOf = (name: CommandName, prefix: string | null): string => {
  const { target, code, text } = CATALOGUE[name].grammar;
  const parts: string[] = [name];
  const where = TARGETS[target];
  if (where !== null) parts.push(bracketed(where, false));
  if (code === "optional") parts.push("[code]");
  if (text.kind === "amount") parts.push(bracketed(AMOUNTS, true));
  else if (text.kind === "criterion") parts.push("AC-n");
  else if (text.kind === "exit") parts.push(bracketed(EXIT_PHASES.join(" | "), true));
  else if (text.kind === "required" || text.kind === "optional")
    parts.push(bracketed(text.called, text.kind === "required"));
  return commandLine(prefix, parts.join(" "));
};

/** In the order of the catalogue: what /help lists. */
export const allCommands = (): readonly CommandEntry[] => COMMAND_NAMES.map((name) => CATALOGUE[name]);
