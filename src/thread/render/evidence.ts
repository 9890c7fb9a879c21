// The folded part of every comment in which each statement can be checked: labelled values in code spans.

import { codeSpan } from "../defuse.ts";
import type { DeliveryView } from "../delivery-view.ts";
import { fold, number } from "../words/phrase.ts";

export type Evidence = readonly (readonly [label: string, value: string | null])[];

export const evidenceList = (facts: Evidence): string =>
  facts.flatMap(([label, value]) => (value === null ? [] : [`- ${label}: ${codeSpan(value)}`])).join("\n");

export const evidenceFold = (facts: Evidence): string => fold("Evidence", evidenceList(facts));

/** Rule 6: on public repositories cost and models are shown only where the configuration says so. */
export const showsCost = (view: DeliveryView): boolean => view.settings.showCost || view.issue.visibility !== "public";

export const tokensOf = (view: DeliveryView): number =>
  view.runs.reduce((sum, run) => sum + run.inputTokens + run.outputTokens, 0);

/** `$0.09`; unknown prices make the whole unknown, never zero. */
export const dollars = (micros: number | null): string => {
  if (micros === null) return "cost unknown";
  if (micros > 0 && micros < 5_000) return "under $0.01";
  return `$${(micros / 1_000_000).toFixed(2)}`;
};

export const costOf = (runs: DeliveryView["runs"]): number | null =>
  runs.reduce<number | null>(
    (sum, { costMicros }) => (sum === null || costMicros === null ? null : sum + costMicros),
    0,
  );

/** Of the last run of a role. */
export const runEvidence = (view: DeliveryView, role: string): Evidence => {
  const run = view.runs.findLast((one) => one.role === role && one.outcome === "succeeded");
  if (run === undefined) return [];
  return [
    ...(showsCost(view)
      ? ([
          ["Model", run.model],
          ["Cost", dollars(run.costMicros)],
        ] as const)
      : []),
    ["Tokens", `${number(run.inputTokens)} in, ${number(run.outputTokens)} out`],
    ["Context hash", run.contextHash],
    ["Constraint hash", run.constraintHash],
  ];
};
