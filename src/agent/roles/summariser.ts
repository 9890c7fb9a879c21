// The summariser: what was changed, in two sentences, for the end of the thread. It sees what was approved, and decides nothing.
import type { PlanDocument } from "../../artifacts/plan.ts";
import { SummaryDocument } from "../../artifacts/summary.ts";
import type { ContextPacket } from "../../context/packet.ts";
import { briefing } from "../briefing.ts";
import { HOUSE_RULES, type Role } from "../role.ts";
import { written } from "../untrusted.ts";

export type SummariserInput = Readonly<{ packet: ContextPacket; plan: PlanDocument }>;

const TASK = `An approved plan was carried out, and people approved the diffs. Say what they change, in two sentences, for somebody who was
not there: first what is different now for those who use it, then how that was done.

Say only what the diffs show, in the past tense. One line of plain text: no list, no heading, no link, no praise, nothing of what might come next.`;

export const summariser: Role<SummariserInput, SummaryDocument> = {
  name: "summariser",
  promptVersion: "summariser-1",
  schemaName: "summary",
  schema: SummaryDocument,
  maxOutputTokens: 500,
  loop: { maxIterations: 2, resets: "broken_answers" },
  messages: ({ packet, plan }) => [
    { role: "system", content: `${HOUSE_RULES}\n\n${TASK}` },
    { role: "user", content: briefing(packet, new Map()) },
    {
      role: "user",
      content: written(["# The approved plan", { source: "approved plan", text: JSON.stringify(plan, null, 1) }]),
    },
  ],
};
