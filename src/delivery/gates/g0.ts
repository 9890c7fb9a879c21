// G0, triage: the model's decision is evidence; this rule says what it means.
import type { TriageDocument } from "../../artifacts/triage.ts";
import type { Judgement } from "./judgement.ts";

export type G0 = Judgement<"G0", TriageDocument["decision"], { reasons: readonly string[] }>;

/** GO alone passes; NO_GO and DEFER wait for a human to overrule them. */
export const g0 = ({ decision, reasons }: TriageDocument): G0 => ({
  gate: "G0",
  verdict: decision,
  passed: decision === "GO",
  evidence: { reasons },
});
