// The runs of the agent as a table of three columns: who, with what, for how much.

import { codeSpan } from "../defuse.ts";
import type { DeliveryView, RunView } from "../delivery-view.ts";
import { dollars, showsCost } from "../words/cost.ts";
import { count, fold, number, span } from "../words/phrase.ts";
import { costOf } from "./evidence.ts";

const MOST_ROWS = 60;

/** A pipe would end the cell, in a code span too. */
const cell = (text: string): string => codeSpan(text.replaceAll("|", "¦"));

const tokens = ({ inputTokens, outputTokens }: RunView): string => number(inputTokens + outputTokens);

/** Null before the first run. */
export const runsFold = (view: DeliveryView): string | null => {
  if (view.runs.length === 0) return null;
  const cost = showsCost(view);
  const rows = view.runs.slice(-MOST_ROWS).map((run) => {
    const role = run.outcome === "succeeded" ? run.role : `${run.role} (${run.outcome})`;
    return cost
      ? `| ${role} | ${cell(run.model)} | ${tokens(run)}, ${dollars(run.costMicros)}, ${span(run.durationMs)} |`
      : `| ${role} | ${tokens(run)} | ${span(run.durationMs)} |`;
  });
  const head = cost
    ? ["| role | model | tokens, cost, time |", "| --- | --- | --- |"]
    : ["| role | tokens | time |", "| --- | --- | --- |"];
  const left = view.runs.length - rows.length;
  const table = [...head, ...rows].join("\n");
  return fold(
    `Runs, ${view.runs.length}: roles, ${cost ? `models, tokens, cost (${dollars(costOf(view.runs))})` : "tokens"}`,
    left > 0 ? `${table}\n\n${count(left, "earlier run")} are in the ledger.` : table,
  );
};
