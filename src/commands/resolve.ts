// A command that was understood, put to one delivery: names become numbers, and today's rules are added. Pure.
import { exitOf } from "../config/exit-phase.ts";
import { gateOf } from "../config/gate-approvers.ts";
import type { Config } from "../config/schema.ts";
import type { Delivery, Phase } from "../delivery/delivery.ts";
import type { Ask } from "../delivery/event.ts";
import type { Needs } from "../delivery/needs.ts";
import type { Refusal } from "../delivery/refusal.ts";
import type { RepoId } from "../ids.ts";
import { err, ok, type Result, unreachable } from "../result.ts";
import { amountOf } from "./amount.ts";
import type { Participant } from "./find-delivery.ts";
import type { CommandTarget } from "./grammar.ts";
import type { ParsedCommand } from "./parse.ts";
import { type BudgetFacts, raiseOf } from "./raising.ts";
import type { CommandRefusal } from "./refusal.ts";

export type Resolving = Readonly<{
  delivery: Pick<Delivery, "phase" | "targets">;
  repositories: readonly Participant[];
  approvals: Config["approvals"];
  /** Of `/approve`. */
  needs: Needs;
  /** Of `/retry`: whether what blocked the delivery is gone; null where nothing is to be read. */
  causeGone: boolean | null;
  /** Of `/budget`. */
  budget: BudgetFacts | null;
}>;

/** The people that an approval needs are those of the gate that is open; where none is, the machine refuses anyway. */
export const quorumOf = (approvals: Config["approvals"], phase: Phase): number => approvals[gateOf(phase)];

/** How old what is shown may be, where approvals end at all. */
export const ageOf = ({ ttl }: Config["approvals"]): Readonly<{ ttl?: number }> => (ttl === null ? {} : { ttl });

export const participantNamed = (repositories: readonly Participant[], fullName: string): Participant | null =>
  repositories.find(({ owner, name }) => `${owner}/${name}`.toLowerCase() === fullName.toLowerCase()) ?? null;

type Target<Other> = RepoId | Other | null;

/** The target as a number, `plan` or `all`; the refusal lists the repositories that have something to decide. */
const targetOf = <Other extends "plan" | "all">(
  target: CommandTarget | null,
  others: readonly Other[],
  { delivery, repositories }: Resolving,
): Result<Target<Other>, Refusal> => {
  if (target === null) return ok(null);
  if (target.kind === "repository") {
    const named = participantNamed(repositories, target.fullName);
    if (named !== null) return ok(named.repoId);
    const open = delivery.targets.filter(({ patchSet }) => patchSet !== null).map(({ repoId }) => repoId);
    return err({ code: "no_such_target", given: target.fullName, open });
  }
  const other = others.find((word) => word === target.kind);
  return other === undefined ? err({ code: "no_such_target", given: target.kind, open: [] }) : ok(other);
};

/** The question to the machine, or why there is none. */
export const askOf = (command: ParsedCommand, resolving: Resolving): Result<Ask, CommandRefusal> => {
  const { name, text } = command;
  switch (name) {
    case "approve": {
      const target = targetOf(command.target, ["all"], resolving);
      if (!target.ok) return target;
      const quorum = quorumOf(resolving.approvals, resolving.delivery.phase);
      const codeRequired = resolving.approvals.code === "required";
      const { needs } = resolving;
      const age = ageOf(resolving.approvals);
      return ok({ name, target: target.value, code: command.code, quorum, codeRequired, needs, ...age });
    }
    case "reject": {
      const target = targetOf<never>(command.target, [], resolving);
      return target.ok ? ok({ name, target: target.value, why: text }) : target;
    }
    case "revise": {
      const target = targetOf(command.target, ["plan"], resolving);
      return target.ok ? ok({ name, target: target.value, feedback: text ?? "" }) : target;
    }
    case "budget": {
      const amount = amountOf(text ?? "");
      if (amount === null || resolving.budget === null) throw new Error("an amount that the grammar did not read");
      const raise = raiseOf(amount, resolving.budget);
      return raise.ok ? ok({ name, ...raise.value }) : raise;
    }
    case "retry":
      return ok({ name, causeGone: resolving.causeGone });
    case "cancel":
    case "plan":
    case "hold":
    case "resume":
    case "rollback":
      return ok({ name });
    case "exit": {
      const exitPhase = exitOf(text ?? "");
      if (exitPhase === null) throw new Error("an exit that the grammar did not read");
      return ok({ name, exitPhase });
    }
    case "accept":
      return ok({ name, criterion: (text ?? "").toUpperCase() });
    case "status":
    case "help":
      throw new Error(`/${name} is answered without the machine`);
    case "freeze":
    case "unfreeze":
      return err({ code: "elsewhere", command: name });
    default:
      return unreachable(name);
  }
};
