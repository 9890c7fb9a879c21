// The proposer: edits that carry out an approved plan in one repository. It never writes diff text.
import { EditsDocument } from "../../artifacts/edits.ts";
import type { PlanDocument } from "../../artifacts/plan.ts";
import type { ContextPacket } from "../../context/packet.ts";
import { briefing, type Texts } from "../briefing.ts";
import { HOUSE_RULES, type Role } from "../role.ts";
import { written } from "../untrusted.ts";

export type ProposerInput = Readonly<{ packet: ContextPacket; texts: Texts; plan: PlanDocument; repository: string }>;

const task = (
  repository: string,
): string => `Carry out the approved plan in the repository ${repository}, and only there.

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
Each edit names the task (T1, …) that it serves. Every task of this repository has at least one edit.

Where the plan has tasks for other repositories, others carry them out. What is proposed there already is shown: fit in with
its names and formats, and repeat nothing of it here.

Where you have tools, read with them what you need and are not shown, above all a file that you edit. What they show is as it stands
before your edits.

Where a change of this repository is shown as proposed, it is your own last answer, which was not taken, with what speaks against
it. Answer with all edits again, from the files as they are and not as the diffs leave them, so that nothing of it holds any more.

Keep to the plan: no other files, no reformatting, no new dependencies unless a task says so. Follow the style of the code around.
Write complete code: no placeholders, no omissions. summary: what was done, in one or two sentences.`;

export const proposer: Role<ProposerInput, EditsDocument> = {
  name: "proposer",
  promptVersion: "proposer-3",
  schemaName: "edits",
  schema: EditsDocument,
  maxOutputTokens: 16_000,
  look: { calls: 12, bytes: 80_000 },
  messages: ({ packet, texts, plan, repository }) => [
    { role: "system", content: `${HOUSE_RULES}\n\n${task(repository)}` },
    { role: "user", content: briefing(packet, texts) },
    {
      role: "user",
      content: written(["# The approved plan", { source: "approved plan", text: JSON.stringify(plan, null, 1) }]),
    },
  ],
};
