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

/** Of the last run of a role; where there were several, each with what it made, it is said to be the last. */
export const runEvidence = (view: DeliveryView, role: string): Evidence => {
  const runs = view.runs.filter((one) => one.role === role && one.outcome === "succeeded");
  const run = runs.at(-1);
  if (run === undefined) return [];
  const of = runs.length === 1 ? "" : ` of the last of ${runs.length} runs`;
  return [
    ...(showsCost(view)
      ? ([
          [`Model${of}`, run.model],
          [`Cost${of}`, dollars(run.costMicros)],
        ] as const)
      : []),
    [`Tokens${of}`, `${number(run.inputTokens)} in, ${number(run.outputTokens)} out`],
    [`Context hash${of}`, run.contextHash],
    [`Constraint hash${of}`, run.constraintHash],
  ];
};
