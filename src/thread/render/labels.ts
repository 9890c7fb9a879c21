// Which labels the issue carries: rule 14, so that what waits is found by a search.

import { isTerminal } from "../../delivery/delivery.ts";
import { outcomeOf } from "../../delivery/outcome.ts";
import type { DeliveryView } from "../delivery-view.ts";
import { isHeld } from "../words/checks.ts";
import { wantedNote } from "./note.ts";

/** Every label of ours with whether it belongs on the issue now; empty where the configuration wants none. */
export const labelsOf = (view: DeliveryView): readonly Readonly<{ label: string; wanted: boolean }>[] => {
  const { labels } = view.settings;
  const { state } = view;
  if (labels === null) return [];
  const waiting = state.runStatus === "succeeded" && state.holds.length === 0;
  // Who turned it down needs no comment that says so, and still nothing goes on by itself.
  const asks = wantedNote(view) !== null || state.reason === "rejected";
  const stuck = outcomeOf(state) !== null && !isTerminal(state) && asks;
  const held =
    state.phase === "verify" && state.runStatus === "running" && state.holds.length === 0 && isHeld(view.checks);
  return [
    { label: labels.plan, wanted: waiting && state.phase === "plan" },
    { label: labels.review, wanted: waiting && (state.phase === "review" || state.phase === "deploy") },
    { label: labels.needsHuman, wanted: stuck || held || (waiting && view.facts.overdue) },
  ];
};
