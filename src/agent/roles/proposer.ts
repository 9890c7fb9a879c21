// The proposer: edits that carry out an approved plan in one repository. It never writes diff text.
import { EditsDocument } from "../../artifacts/edits.ts";
import type { PlanDocument } from "../../artifacts/plan.ts";
import type { ContextPacket } from "../../context/packet.ts";
import { briefing, type Texts } from "../briefing.ts";
import { HOUSE_RULES, type Role } from "../role.ts";
import { written } from "../untrusted.ts";

/** The packet says which task; one of before there were tasks of their own has none. */
export type ProposerInput = Readonly<{ packet: ContextPacket; texts: Texts; plan: PlanDocument; repository: string }>;

const task = (
  repository: string,
  id: string,
): string => `Carry out the approved plan in the repository ${repository}, and only there. Your task is ${id}, and no other.

Answer with edits:
- create: a new file with its whole content.
- replace: \`search\` is text copied from the file exactly, white space included, long enough to occur exactly once; \`replace\` is what
  stands there afterwards. Prefer this for existing files. Edits apply in order, each to the result of those before.
- rewrite: the whole new content of an existing file, when most of it changes.
- rename: \`path\` becomes \`to\`. delete: \`path\` goes.
Of a file whose blocks name lines, you were shown those lines alone: change it by replace, with \`search\` copied from them, and
never by rewrite. The same holds for files that you were not shown at all.
What reads \`[removed: looks like …]\` or \`⟨U+…⟩\` is not what stands in the file: it was kept from you. Leave those lines as they
are, do not quote them in \`search\`, and do not rewrite a file that has them.
Each edit names ${id} as the task that it serves, and there is at least one.

The plan's other tasks are carried out apart from yours. What those before yours have changed in this repository is shown as it now
stands: your edits apply to that. Do not make their changes again, and leave to later tasks what is theirs.
Where the plan has tasks for other repositories, what is proposed there already is shown: fit in with its names and formats, and
repeat nothing of it here.

Where you have tools, read with them what you need and are not shown, above all a file that you edit. What they show is as it stands
before your edits, and after those of the tasks before yours.

Where a change of this repository is shown as proposed, it is your own last answer, which was not taken, with what speaks against
it. Answer with all edits of your task again, from the files as they are and not as the diffs leave them, so that nothing of it holds
any more.

Where it is shown what the pull request changes already, the plan is carried out there, and the files are as that leaves them: answer
with what is still to be changed, and nothing else. Then a task needs no edit; each edit still names the task that it belongs to.
Where an analysis of red checks is shown, mend its cause where it is. Never make a check pass by weakening it, or a test that is right.

Keep to the plan: no other files, no reformatting, no new dependencies unless a task says so. Follow the style of the code around.
Write complete code: no placeholders, no omissions. summary: what was done, in one or two sentences.`;

export const proposer: Role<ProposerInput, EditsDocument> = {
  name: "proposer",
  promptVersion: "proposer-4",
  schemaName: "edits",
  schema: EditsDocument,
  maxOutputTokens: 16_000,
  look: { calls: 12, bytes: 80_000 },
  messages: ({ packet, texts, plan, repository }) => [
    { role: "system", content: `${HOUSE_RULES}\n\n${task(repository, packet.task?.id ?? "")}` },
    { role: "user", content: briefing(packet, texts) },
    {
      role: "user",
      content: written(["# The approved plan", { source: "approved plan", text: JSON.stringify(plan, null, 1) }]),
    },
  ],
};
