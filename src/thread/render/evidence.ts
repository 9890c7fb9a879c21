// The folded part of every comment in which each statement can be checked: labelled values in code spans.

import { codeSpan } from "../defuse.ts";
import type { DeliveryView } from "../delivery-view.ts";
import { dollars, showsCost } from "../words/cost.ts";
import { fold, number } from "../words/phrase.ts";

export type Evidence = readonly (readonly [label: string, value: string | null])[];

export const evidenceList = (facts: Evidence): string =>
  facts.flatMap(([label, value]) => (value === null ? [] : [`- ${label}: ${codeSpan(value)}`])).join("\n");

export const evidenceFold = (facts: Evidence): string => fold("Evidence", evidenceList(facts));

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
