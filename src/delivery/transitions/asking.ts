// What a person may ask for in any state: every command has its answer here or in a file of its own.
import type { Instant } from "../../instant.ts";
import { unreachable } from "../../result.ts";
import type { Delivery } from "../delivery.ts";
import type { Actor, Ask, AskOf, CommandEvent } from "../event.ts";
import { approve } from "./approve.ts";
import { exitAsked } from "./exit.ts";
import { hold, resumeHeld } from "./holding.ts";
import { accept } from "./proving.ts";
import { hasOpenHead } from "./pulls.ts";
import { reject } from "./reject.ts";
import { retry } from "./retry.ts";
import { revise } from "./revise.ts";
import { begin, block, is, move, note, notNow, redraw, refuse, type Verdict } from "./ruling.ts";

/** Rule M0: what can still be asked of a delivery on which a hold stands. */
const DESPITE_HOLDS: readonly Ask["name"][] = ["hold", "resume", "cancel"];

export const asked = (d: Delivery, event: CommandEvent, actor: Actor, at: Instant): Verdict => {
  const { ask } = event;
  // Commands of bots are left out long before; one that got here anyway has no voice.
  if (actor.kind !== "human") return notNow(d);
  if (d.holds.length > 0 && !DESPITE_HOLDS.includes(ask.name)) return refuse({ code: "on_hold", holds: [...d.holds] });
  switch (ask.name) {
    case "approve":
      return approve(d, event, ask, actor, at);
    case "reject":
      return reject(d, event, ask);
    case "revise":
      return revise(d, event, ask);
    case "retry":
      return retry(d, ask);
    case "cancel":
      return move({ ...d, runStatus: "canceled", reason: "by_command" });
    case "plan":
      return plan(d);
    case "hold":
      return hold(d);
    case "resume":
      return resumeHeld(d);
    case "rollback":
      return rollback(d, event);
    case "accept":
      return accept(d, ask, actor);
    case "budget":
      return budget(d, ask);
    case "exit":
      return exitAsked(d, ask);
    default:
      return unreachable(ask);
  }
};

/** A person overrides triage, or does without it. */
const plan = (d: Delivery): Verdict => {
  const overruled = is(d, "intake", "blocked") && (d.reason === "no_go" || d.reason === "defer");
  return overruled || is(d, "intake", "failed") ? move(begin(d, "plan")) : notNow(d);
};

const isMerged = (d: Delivery): boolean => d.targets.some(({ landed }) => landed === "merged");

const rollback = (d: Delivery, { commandId }: CommandEvent): Verdict => {
  if (d.undoes !== undefined) return refuse({ code: "undone_already", by: d.id, undoes: d.undoes });
  return d.phase === "observe" && d.reason !== "rolling_back" && isMerged(d)
    ? move(block(d, "rolling_back"), [{ kind: "start_rollback", commandId }])
    : notNow(d);
};

/** The end is not undone: the child delivery undoes the merge. While one is live, starting it again does nothing. */
export const askedAfterTheEnd = (d: Delivery, event: CommandEvent, actor: Actor, at: Instant): Verdict => {
  const { ask } = event;
  const isOpen = d.runStatus !== "canceled" && hasOpenHead(d);
  if (ask.name === "approve" && actor.kind === "human" && isOpen) return approve(d, event, ask, actor, at);
  if (ask.name !== "rollback" || actor.kind !== "human" || d.runStatus === "canceled") {
    return refuse({ code: "over", applies: [] });
  }
  if (d.undoes !== undefined) return refuse({ code: "undone_already", by: d.id, undoes: d.undoes });
  return d.reason === null && isMerged(d)
    ? note({ kind: "start_rollback", commandId: event.commandId })
    : refuse({ code: "over", applies: [] });
};

const budget = (d: Delivery, { name: _, ...raise }: AskOf<"budget">): Verdict => {
  const raised = { kind: "raise_budget", ...raise } as const;
  return d.reason === "budget" ? move(begin(d, d.phase), [raised]) : note(raised, redraw);
};
