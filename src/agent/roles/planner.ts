// The planner: architecture first. What changes and why, what does not, and how anyone will know that it is done.
import { PlanDocument } from "../../artifacts/plan.ts";
import type { ContextPacket } from "../../context/packet.ts";
import { briefing, type Texts } from "../briefing.ts";
import { HOUSE_RULES, type Role } from "../role.ts";

export type PlannerInput = Readonly<{ packet: ContextPacket; texts: Texts }>;

const TASK = `Plan the change that the issue asks for. People read the plan on a phone and decide in half a minute, so be exact and brief.

- title: the change in one line, as a pull request would be called.
- cause: why things are as the issue says, with the file and function where it happens. change: what will be done about it.
- size: an honest estimate, such as "2 files, about 20 lines".
- scope and nonGoals: what is part of this and what a reader might expect but is not.
- architecture: how the change fits what is there. diagram: Mermaid source only when structure changes, else null.
- tasks: T1, T2, … in an order that works; each names its repository exactly as given above, the files it touches, and what to do
  there so precisely that someone else could do it. A task without files says "No files:" and why. dependsOn lists ids of earlier
  tasks.
  Where several repositories are given, tasks are for those that have to change and for no others; every one of them gets a
  pull request of its own, merged by people in the order in which they are given: plan so that each works when it is merged.
- criteria: AC-1, AC-2, … each a fact that can be checked, and how: the test, the command, the look.
- qualityGates: what has to hold besides (existing tests stay green, no new dependency, …).
- risks: what could go wrong, and what limits it.
- questions: only what would change the plan if answered differently has changesPlan true; then people are asked before anything
  else happens. Do not ask what the material answers.

Where you have tools, look with them at what the plan depends on and is not shown: a file before you plan to change it, the places
that use what will change, the tests that are there. Do not look at what you do not need.

Prefer the smallest change that solves the issue at its cause. Add or adjust tests where the repository has tests. Never plan
changes to CI configuration, code owners, licence files or this tool's configuration.`;

export const planner: Role<PlannerInput, PlanDocument> = {
  name: "planner",
  promptVersion: "planner-3",
  schemaName: "plan",
  schema: PlanDocument,
  maxOutputTokens: 6_000,
  look: { calls: 12, bytes: 80_000 },
  messages: ({ packet, texts }) => [
    { role: "system", content: `${HOUSE_RULES}\n\n${TASK}` },
    { role: "user", content: briefing(packet, texts) },
  ],
};
