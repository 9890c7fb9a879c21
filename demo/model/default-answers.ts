// What the roles say that a script has no words for: a judge who finds every criterion of the plan met, an analyst who cannot tell, and what was changed.
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

const summary: Script = answer({
  summary: "What the issue asks for works now. The code was changed as the plan says, with tests of it.",
});

/** Nothing that could be mended is known, so red checks go to people. */
const failureAnalysis = answer({
  evidence: [],
  cause: "What the checks say does not tell why they failed.",
  remedy: "unclear",
  wouldFix: "Look at what the failed check did.",
  repositories: [],
});

export const DEFAULT_ANSWERS: Readonly<Record<string, Script>> = {
  qa_report: qaReport,
  failure_analysis: failureAnalysis,
  summary,
};
