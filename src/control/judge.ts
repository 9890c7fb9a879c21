// What becomes of each command in a control issue, or of a brake that was pulled elsewhere. Pure.
import type { Standing } from "../commands/authorise.ts";
import { whyNoApprover } from "../commands/authority.ts";
import { CATALOGUE } from "../commands/catalogue.ts";
import type { Rules } from "../commands/hearing.ts";
import type { Parsed, ParsedCommand } from "../commands/parse.ts";
import type { CommandRefusal } from "../commands/refusal.ts";

export type ControlRuling =
  | Readonly<{ kind: "refused"; refusal: CommandRefusal }>
  | Readonly<{ kind: "freeze"; reason: string | null }>
  | Readonly<{ kind: "unfreeze" }>;

export type ControlJudged = Readonly<{ name: string; position: number; args: object; ruling: ControlRuling }>;

export type ControlHearing = Readonly<{
  /**
   * `off`: the control issue, where the configuration wants none any more. `elsewhere`: an issue of the repository that is neither the
   * control issue nor a delivery's.
   */
  where: "control" | "off" | "elsewhere";
  standing: Standing;
  rules: Rules;
  /** False when the comment was edited or deleted since. */
  unchanged: boolean;
}>;

/** Longer reasons are cut; the comment has the rest. */
const MOST_REASON = 1_000;

const refused = (refusal: CommandRefusal): ControlRuling => ({ kind: "refused", refusal });

const whole = (name: string, refusal: CommandRefusal): readonly ControlJudged[] => [
  { name, position: 0, args: {}, ruling: refused(refusal) },
];

const ruleOf = (command: ParsedCommand, { where, standing, rules }: ControlHearing): ControlRuling => {
  const { name, text } = command;
  if (where === "elsewhere") return refused({ code: "elsewhere", command: name });
  if (CATALOGUE[name].where !== "control") return refused({ code: "not_here", command: name });
  if (standing.kind === "stranger") return refused({ code: "stranger", why: standing.why });
  if (rules.kind === "config") {
    const refusal = whyNoApprover(standing, rules.config, { known: new Map() });
    if (refusal !== null) return refused(refusal);
  } else if (name !== "freeze" || standing.kind !== "approver") {
    // The brake alone is not lost with the file: by the rules of none, whoever maintains the repository is an approver.
    return refused(rules.refusal);
  }
  if (name !== "freeze") return { kind: "unfreeze" };
  if (where === "off") return refused({ code: "control_off" });
  return { kind: "freeze", reason: text === null ? null : [...text].slice(0, MOST_REASON).join("") };
};

/** A comment is followed whole or not at all. Strangers get no words. */
export const judgeControl = (parsed: Parsed, hearing: ControlHearing): readonly ControlJudged[] => {
  if (parsed.kind === "nothing") return [];
  const isBrake = (name: string) => name === "freeze" || name === "unfreeze";
  const names = parsed.kind === "answer" ? [parsed.command] : parsed.commands.map(({ name }) => name);
  // Other issues are none of ours, but for a brake that somebody believes to have pulled.
  if (hearing.where === "elsewhere" && !names.some(isBrake)) return [];
  const [name = ""] = names;
  const { standing } = hearing;
  if (standing.kind === "stranger") return whole(name, { code: "stranger", why: standing.why });
  if (!hearing.unchanged) return whole(name, { code: "edited" });
  if (parsed.kind === "answer") return whole(name, parsed.refusal);
  return parsed.commands.map((command) => ({
    name: command.name,
    position: command.position,
    args: { target: command.target, code: command.code, text: command.text },
    ruling: ruleOf(command, hearing),
  }));
};
