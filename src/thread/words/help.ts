// The answers to /help and /status.
import { allCommands, usageOf } from "../../commands/catalogue.ts";
import { codeSpan } from "../defuse.ts";
import type { Prefix } from "./commands.ts";
import { command } from "./commands.ts";
import { joinWords, link } from "./phrase.ts";

const WHO = { approver: "approvers", writer: "everyone with write access" } as const;

/** `applies`: names of the commands that apply now. */
export const helpWords = (prefix: Prefix, delivery: string, applies: readonly string[]): string => {
  const all = allCommands();
  const now = all.filter(({ name }) => applies.includes(name)).map(({ name }) => command(prefix, name));
  return [
    now.length === 0
      ? `**Commands.** Only these two apply to ${delivery} now: ${command(prefix, "status")} and ${command(prefix, "help")}.`
      : `**Commands.** To ${delivery} apply now: ${joinWords(now, "and")}.`,
    all.map(({ name, who, help }) => `- ${codeSpan(usageOf(name, prefix))}: ${help} For ${WHO[who]}.`).join("\n"),
    "A command stands at the start of a line in a new comment, outside quotes and code.",
  ].join("\n\n");
};

export const statusWords = (delivery: string, state: string, url: string | null): string =>
  `${link(`Status of ${delivery}`, url)}: ${state}.`;
