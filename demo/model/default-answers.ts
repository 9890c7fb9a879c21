// What the roles say that a script has no words for: a judge who finds every criterion of the plan met.
import { answer } from "./reply.ts";
import type { Script } from "./scripted-model.ts";

const CRITERION = /"id": "(AC-[0-9]+)"/g;

const qaReport: Script = ({ prompt }) =>
  answer({
    verdicts: [...new Set([...prompt.matchAll(CRITERION)].map(([, id]) => id))].map((criterion) => ({
      criterion,
      because: "The diffs do what it asks for, and a test of them says so.",
      verdict: "PASS",
    })),
  });

export const DEFAULT_ANSWERS: Readonly<Record<string, Script>> = { qa_report: qaReport };
