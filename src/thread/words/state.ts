// Where a delivery is, in a few words: the headline of its status comment. State is a word; an emoji only decorates it.

import type { Phase } from "../../delivery/delivery.ts";
import { isReverted } from "../../delivery/transitions/closing.ts";
import { isShowing, isUndoing } from "../../delivery/work.ts";
import { unreachable } from "../../result.ts";
import type { DeliveryView, Place } from "../delivery-view.ts";
import { isAnalysing } from "./analysis.ts";
import { comesBack } from "./budget.ts";
import { isHeld } from "./checks.ts";
import { count } from "./phrase.ts";
import { isMergedAmiss } from "./provenance.ts";
import { isMerged } from "./pulls.ts";
import { stopOf } from "./stop.ts";

const openPatchSets = (view: DeliveryView): number =>
  view.state.targets.filter(({ patchSet }) => patchSet !== null && !patchSet.approved).length;

/** What an end is called, by where the delivery was to end. */
export const endWords = (view: DeliveryView): string => {
  if (view.state.runStatus === "canceled") return "canceled";
  if (isReverted(view.state)) return "rolled back";
  switch (view.state.exitPhase) {
    case "plan":
      return "plan approved";
    case "review":
      return "patches approved";
    case "verify":
      if (isMerged(view)) return "merged";
      return isMergedAmiss(view) ? "merged with other content" : "ready to merge";
    case "observe":
    case "close":
      return "done";
    default:
      return unreachable(view.state.exitPhase);
  }
};

const hasOpenPulls = ({ state }: DeliveryView): boolean =>
  state.targets.some(({ written, landed }) => written !== null && landed === "no");

const atWork = (view: DeliveryView): string => {
  const { state } = view;
  switch (state.phase) {
    case "intake":
      return "reading the issue";
    case "plan":
      return isShowing(state) ? "showing the plan" : "making a plan";
    case "implement":
      if (isUndoing(state)) return "computing what undoes the merge";
      return hasOpenPulls(view) ? "making a change on top of the pull request" : "making patches";
    case "review":
      return "showing the patches";
    case "verify":
      if (state.targets.some(({ patchSet }) => patchSet !== null && !patchSet.written))
        return "writing what was approved";
      if (isAnalysing(view)) return "looking why checks failed";
      return isHeld(view.checks) ? "checks have not started" : "watching the checks";
    case "deploy":
      return "looking whether it can be merged";
    case "observe":
      return state.runStatus === "pending" && state.ship !== null && !state.ship.shipped
        ? "merging what was approved"
        : "watching what was merged";
    case "close":
      return "finishing";
    default:
      return unreachable(state.phase);
  }
};

/** "waiting for review of 1 patch set" */
export const stateWords = (view: DeliveryView, place: Place): string => {
  const { state } = view;
  switch (state.runStatus) {
    case "canceled":
      return endWords(view);
    case "failed":
    case "blocked": {
      const short = state.reason === null ? "stopped" : stopOf(state.reason, view, place).short;
      return state.holds.length > 0 ? `on hold (${short})` : short;
    }
    case "succeeded":
      if (state.phase === "close") return endWords(view);
      if (state.holds.length > 0) return "on hold";
      if (state.phase === "plan") return `waiting for a decision on plan ${state.plan?.version ?? 1}`;
      if (state.phase === "review") return `waiting for review of ${count(openPatchSets(view), "patch set")}`;
      return state.phase === "deploy" ? "waiting for a decision to merge" : "waiting for a decision";
    case "pending":
    case "running":
      if (state.holds.length > 0) return "on hold";
      return view.facts.paused === null ? atWork(view) : "paused, the model endpoint does not answer";
    default:
      return unreachable(state.runStatus);
  }
};

/** Phases that this delivery goes through, in order. */
const PATHS: Readonly<Record<DeliveryView["state"]["exitPhase"], readonly Phase[]>> = {
  plan: ["intake", "plan", "close"],
  review: ["intake", "plan", "implement", "review", "close"],
  verify: ["intake", "plan", "implement", "review", "verify", "close"],
  observe: ["intake", "plan", "implement", "review", "verify", "deploy", "observe", "close"],
  close: ["intake", "plan", "implement", "review", "verify", "deploy", "observe", "close"],
};

/** Nobody has to act. */
const isPaused = (view: DeliveryView): boolean =>
  (view.state.reason === "endpoint" && view.state.restartsLeft > 0) ||
  (view.state.reason === "budget" && comesBack(view));

const mark = (view: DeliveryView): readonly [emoji: string, word: string] => {
  const { runStatus, holds } = view.state;
  if (runStatus === "canceled") return ["⏹️", "canceled"];
  if (holds.length > 0) return ["⏸️", "on hold"];
  if (runStatus === "failed") return ["❌", "failed"];
  if (runStatus === "blocked") return ["⛔", isPaused(view) ? "paused" : "blocked"];
  if (runStatus === "succeeded") return ["🟡", "waiting"];
  return view.facts.paused === null ? ["🔵", "running"] : ["⏸️", "paused"];
};

/** What undoes a merge begins where patch sets are made: it shows no phase behind it that it never was in. */
const withoutSkipped = ({ state, stays }: DeliveryView, path: readonly Phase[]): readonly Phase[] =>
  path.filter((each, index) => index >= path.indexOf(state.phase) || stays.some((stay) => stay.phase === each));

/** `✅ intake / 🟡 **plan (waiting)** / implement / …`. Bold and in brackets stands where it is; what is after has no mark. */
export const phaseLine = (view: DeliveryView): string => {
  const { phase, runStatus, exitPhase } = view.state;
  const all = PATHS[exitPhase].includes(phase) ? PATHS[exitPhase] : PATHS.close;
  const path = view.undoes === undefined ? all : withoutSkipped(view, all);
  const here = path.indexOf(phase);
  const over = phase === "close" && runStatus === "succeeded";
  return path
    .map((each, index) => {
      if (index < here || (over && index === here)) return `✅ ${each}`;
      if (index > here) return each;
      const [emoji, word] = mark(view);
      return `${emoji} **${each} (${word})**`;
    })
    .join(" / ");
};
