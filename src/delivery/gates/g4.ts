// G4, CI: whether the checks of a pull request's head prove it green. Zero checks, or none that proves anything, never do (M8).
import type { CheckFacts } from "../../github/reading.ts";
import type { Judgement } from "./judgement.ts";
import { type Counted, newestChecks, type Ours } from "./newest-checks.ts";

export type G4Input = Readonly<{
  checks: readonly CheckFacts[];
  /** False when GitHub cut the list short: a list that is not whole proves nothing. */
  complete: boolean;
  /** Null where they cannot be read; then, and where none is required, every check counts. */
  required: readonly string[] | null;
  ours: Ours;
  /** Since the commit was written. */
  secondsWaited: number;
  /** `verify.no_checks_after` */
  noChecksAfterSeconds: number;
}>;

export type G4Verdict = "green" | "red" | "waiting" | "held" | "no_checks";

export type G4 = Judgement<
  "G4",
  G4Verdict,
  {
    counted: readonly Counted[];
    /** Reported, but not required. */
    notCounted: readonly Counted[];
    /** Required, and not reported yet. */
    missing: readonly string[];
    complete: boolean;
    required: readonly string[] | null;
    secondsWaited: number;
  }
>;

export const g4 = (input: G4Input): G4 => {
  const all = newestChecks(input.checks, input.ours);
  const required = input.required ?? [];
  const missing = required.filter((name) => !all.some((check) => check.name === name));
  // A workflow that is held back has none of its checks yet: it may be what a required one waits for.
  const counts = ({ name, source }: Counted): boolean =>
    source === "workflow_run"
      ? required.length === 0 || missing.length > 0
      : required.length === 0 || required.includes(name);
  const counted = all.filter(counts);
  const verdict = judge(input, counted, missing, all.length);
  return {
    gate: "G4",
    verdict,
    passed: verdict === "green",
    evidence: {
      counted,
      notCounted: all.filter((check) => !counts(check)),
      missing,
      complete: input.complete,
      required: input.required,
      secondsWaited: input.secondsWaited,
    },
  };
};

const judge = (
  input: G4Input,
  counted: readonly Counted[],
  missing: readonly string[],
  reported: number,
): G4Verdict => {
  const some = (meaning: Counted["meaning"]): boolean => counted.some((check) => check.meaning === meaning);
  const waited = input.secondsWaited >= input.noChecksAfterSeconds;
  // What was cut off may hold the newer run of a red one as well as the red one of a green list.
  if (!input.complete) return "waiting";
  if (some("failed")) return "red";
  if (some("held")) return "held";
  if (reported === 0) return waited ? "no_checks" : "waiting";
  if (some("waiting") || missing.length > 0) return "waiting";
  if (some("passed")) return "green";
  return waited ? "no_checks" : "waiting";
};
