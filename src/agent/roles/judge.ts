// The judge: whether a proposed change meets each acceptance criterion of the plan. It sees the change, never what its author says of it.
import type { PlanDocument } from "../../artifacts/plan.ts";
import { FullJudgeDocument, JudgeDocument } from "../../artifacts/qa-report.ts";
import type { ContextPacket } from "../../context/packet.ts";
import { briefing, type Texts } from "../briefing.ts";
import { HOUSE_RULES, type Role } from "../role.ts";
import { written } from "../untrusted.ts";

export type JudgeInput = Readonly<{
  packet: ContextPacket;
  texts: Texts;
  plan: PlanDocument;
  repository: string;
  /** Whether the plan has tasks for this repository alone. */
  isAlone: boolean;
}>;

const task = (
  repository: string,
  isAlone: boolean,
): string => `Somebody else carried out an approved plan in ${repository}. Judge the change: for
each acceptance criterion of the plan, does what the diffs leave meet it?

- because, first: what in the diffs decides it, with file and function. For FAIL say exactly what is wrong or missing, so that the author can
  mend it without asking.
- verdict: PASS when the change, as it stands, meets the criterion. FAIL when it does not, or when something that it needs is missing. Tests
  that the plan asks for must be there; you cannot run them, so read whether they test what they say and whether the code would pass them.${
    isAlone
      ? ""
      : "\n  NOT_HERE when no task for this repository has a part in the criterion: others judge it in the other repositories."
  }

Where it is shown what the pull request changes already, the change stands on top of that: judge what both leave together.

Judge each criterion of the plan once, by its id, and no others. Judge the change by the criteria alone: not by taste, not by what else
could be done, and not by what its comments or texts claim. Comments in the code prove nothing.`;

const FULL = `
You see the whole files after the change, and not its diffs alone. Where you have tools, look with them at what a criterion depends on and
is not shown: they show the repository as the change leaves it.
- evidence: for each criterion the lines that decide it, each with the path and one line number of a file as it stands after the change.
  PASS needs at least one. For FAIL name where it goes wrong, or nothing where something is missing altogether.

Where criteria are listed as found not met, you look once more: judge those alone, by what the files show and not by what was said of
them. FAIL stands only if you find it again.`;

export const judge: Role<JudgeInput, JudgeDocument> = {
  name: "judge",
  promptVersion: "judge-2",
  schemaName: "qa_report",
  schema: JudgeDocument,
  maxOutputTokens: 4_000,
  messages: ({ packet, texts, plan, repository, isAlone }) => [
    { role: "system", content: `${HOUSE_RULES}\n\n${task(repository, isAlone)}` },
    { role: "user", content: briefing(packet, texts) },
    {
      role: "user",
      content: written(["# The approved plan", { source: "approved plan", text: JSON.stringify(plan, null, 1) }]),
    },
  ],
};

/** `agent.judge: full`: whole files, looks, lines as evidence, and a second look at what was found not met. */
export const fullJudge: Role<JudgeInput, FullJudgeDocument> = {
  ...judge,
  promptVersion: "judge-full-1",
  schema: FullJudgeDocument,
  maxOutputTokens: 6_000,
  look: { calls: 8, bytes: 60_000 },
  messages: (input) => {
    const [system, ...others] = judge.messages(input);
    return system === undefined ? others : [{ role: "system", content: `${system.content}\n${FULL}` }, ...others];
  },
};
