import { applicable } from "../../delivery/applies.ts";
import type { Delivery } from "../../delivery/delivery.ts";
import type { Ask } from "../../delivery/event.ts";
import { isUndoing } from "../../delivery/work.ts";
import type { DeliveryView } from "../delivery-view.ts";
import { command } from "./commands.ts";

type Way = Readonly<{ words: string; does: string }>;

const retryDoes = ({ phase, reason }: Delivery): string => {
  if (reason === "ci_red" || (phase === "verify" && reason === "deadline") || reason === "no_checks")
    return "asks for the checks again";
  if (reason === "rejected") return "makes a new version from the same inputs";
  if (reason === "rollback_ended") return "watches what was merged";
  if (reason === "write_refused") return "tries the write again";
  if (reason === "qa_failed") return "asks for another judgement";
  if (reason === "policy") return "judges again, once the policy on the default branch has changed";
  return phase === "verify" || phase === "deploy" || phase === "observe" ? "looks again" : "tries again";
};

const reviseDoes = (state: Delivery): string => {
  const { phase, reason } = state;
  // Computed, it would come out the same again: words are for the agent.
  if (isUndoing(state) && phase !== "plan") return "and what to change has the agent plan it instead";
  if (reason === "questions") return "and your answers make a new plan";
  if (reason === "policy") return "and what to change makes patches that do without it";
  if (phase === "verify") return "and what to change makes a fix, which is reviewed like the first patches";
  return phase === "intake" || phase === "plan"
    ? "and what matters makes a new plan"
    : "and what to change makes new patches";
};

/** At a gate, beside approving: "`/revise` and what to change". `named`: with the repository, where several are open. */
export const revising = ({ settings, state }: DeliveryView, named = "revise"): string =>
  isUndoing(state)
    ? `${command(settings.prefix, "revise")} and what to change, to have the agent plan it instead`
    : `${command(settings.prefix, named)} and what to change`;

/** Ending it takes nothing back. */
const staying = ({ targets }: Delivery): readonly string[] => {
  if (targets.some(({ landed }) => landed === "merged")) return ["what was merged stays"];
  return targets.some(({ written }) => written !== null) ? ["what was pushed stays"] : [];
};

/** Approving has its own place, with its code; help and the like always apply and are not listed. */
const wayOf = (name: Ask["name"], state: Delivery): Way | null => {
  switch (name) {
    case "plan":
      return { words: "plan", does: "makes a plan all the same" };
    case "revise":
      return { words: "revise", does: reviseDoes(state) };
    case "retry":
      // The same call would need the same again; where it does help, what stopped it says so.
      if (state.reason === "budget") return null;
      return { words: "retry", does: retryDoes(state) };
    case "resume":
      return { words: "resume", does: "continues" };
    case "cancel":
      return {
        words: "cancel",
        does: ["ends the delivery", ...staying(state)].join(", and "),
      };
    case "accept":
      return state.unproven?.[0] === undefined
        ? null
        : { words: `accept ${state.unproven[0]}`, does: "accepts that one without other evidence" };
    case "budget":
      // What stopped it names an amount.
      return null;
    case "rollback":
      return { words: "rollback", does: "proposes to undo what was merged" };
    case "approve":
    case "reject":
    case "hold":
    case "exit":
      return null;
  }
};

/** "`/revise` and what to change makes new patches, `/cancel` ends the delivery." Empty when there is none. */
export const waysOn = (view: DeliveryView, except: readonly Ask["name"][] = []): string => {
  // Commands go to the newest that lives.
  if (view.state.reason === "rolling_back" && view.undoneBy?.stands === "live") return "";
  // Ending it comes last.
  const names = applicable(view.state).toSorted((a, b) => Number(a === "cancel") - Number(b === "cancel"));
  const ways = names
    .filter((name) => !except.includes(name))
    .map((name) => wayOf(name, view.state))
    .filter((way) => way !== null)
    .map(({ words, does }) => `${command(view.settings.prefix, words)} ${does}`);
  return ways.length === 0 ? "" : `${ways.join("; ")}.`;
};
