// Every command as one record: what it is called, takes, does, and who may give it. README, /help and the parser read it.
import { z } from "zod";
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
] as const;
export const CommandName = z.enum(COMMAND_NAMES);
export type CommandName = z.infer<typeof CommandName>;

/** What may follow the name, in this order. Whatever else follows is an error. */
type Grammar = Readonly<{
  target: "none" | "repository" | "repository_or_all" | "plan_or_repository";
  code: "none" | "optional";
  /** Free text goes on to the next command or the end of the comment; the others, an amount too, end with their line. */
  text: Readonly<{ kind: "none" } | { kind: "optional" | "required"; called: string } | { kind: "amount" }>;
}>;

export type CommandEntry = Readonly<{
  name: CommandName;
  /** `later`: known, and answered as not available yet. */
  available: "now" | "later";
  /** `approver`: on the list of approvers and with write access; `writer`: with write access. */
  who: "approver" | "writer";
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
): CommandEntry => ({ name, available: "now", who, grammar, help, examples });

const later = (name: CommandName, help: string): CommandEntry => ({
  name,
  available: "later",
  who: "approver",
  grammar: nothing,
  help,
  examples: [],
});

export const CATALOGUE: Readonly<Record<CommandName, CommandEntry>> = {
  approve: entry(
    "approve",
    "approver",
    { target: "repository_or_all", code: "optional", text: { kind: "none" } },
    "Approves what is shown: the plan, or a patch set. A code says exactly which version.",
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
  rollback: later("rollback", "Proposes to undo what was merged."),
  accept: later("accept", "Accepts a criterion without its proof."),
  budget: entry(
    "budget",
    "approver",
    { target: "none", code: "none", text: { kind: "amount" } },
    "Allows this delivery more: tokens, dollars, or minutes of model time. What ran out of it goes on.",
    ["budget +50000", "budget +50k", "budget +$1.50", "budget +30min"],
  ),
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
  else if (text.kind !== "none") parts.push(bracketed(text.called, text.kind === "required"));
  return commandLine(prefix, parts.join(" "));
};

/** The commands that there are today, in the order of the catalogue: what /help lists. */
export const availableCommands = (): readonly CommandEntry[] =>
  COMMAND_NAMES.map((name) => CATALOGUE[name]).filter((command) => command.available === "now");
