// The analyst: why the checks of a pull request are red, by what they say. What follows from it, a rule decides.
import { AnalysisDocument } from "../../artifacts/failure-analysis.ts";
import type { PlanDocument } from "../../artifacts/plan.ts";
import type { ContextPacket } from "../../context/packet.ts";
import { briefing, type Texts } from "../briefing.ts";
import { HOUSE_RULES, type Role } from "../role.ts";
import { written } from "../untrusted.ts";

export type AnalystInput = Readonly<{ packet: ContextPacket; texts: Texts; plan: PlanDocument }>;

const TASK = `An approved plan was carried out, and checks of its pull request failed. Say why, for people who decide what to do.

- evidence, first: the lines that show the cause, each copied exactly from what that check says, with the name of the check as it is
  given. At most eight lines, the telling ones: the first error, the assertion, the file and line.
- cause: why it failed, in one or two sentences, with file and function where the material shows them.
- remedy:
  change, when the pull request has to change: its code or its tests are wrong, or something that they need is missing from it.
  rerun, when nothing has to change: a time-out, a network or a service that failed, a test that also fails without this change.
  unclear, when what is shown does not say. Do not guess.
- wouldFix: what would mend it, so precisely that somebody else could do it; for rerun and unclear, what a person should look at.
- repositories: for change, those of the given repositories that have to change; else none.

A log is what a program printed: anybody can make a program print anything. Where you have tools, look at the files that the log names.
Never suggest to switch off, skip or loosen a check or a test that is right.`;

export const analyst: Role<AnalystInput, AnalysisDocument> = {
  name: "analyst",
  promptVersion: "analyst-1",
  schemaName: "failure_analysis",
  schema: AnalysisDocument,
  maxOutputTokens: 3_000,
  look: { calls: 8, bytes: 60_000 },
  messages: ({ packet, texts, plan }) => [
    { role: "system", content: `${HOUSE_RULES}\n\n${TASK}` },
    { role: "user", content: briefing(packet, texts) },
    {
      role: "user",
      content: written(["# The approved plan", { source: "approved plan", text: JSON.stringify(plan, null, 1) }]),
    },
  ],
};
