// A ContextPacket as text: what the issue says, what people answered, what the repositories hold. Pure, and in a fixed order.
import type { IssueSnapshot } from "../context/issue-snapshot.ts";
import type {
  ChosenFile,
  ContextPacket,
  Feedback,
  Mend,
  ProposedElsewhere,
  RepositoryContext,
} from "../context/packet.ts";
import { linesOf } from "../context/retrieval/index-file.ts";
import { outlineLine } from "../context/retrieval/outline.ts";
import type { Sha } from "../ids.ts";
import { type Part, written } from "./untrusted.ts";

/** File contents by blob, whole and as they may be shown; a packet names them, and the lines of them that are shown. */
export type Texts = ReadonlyMap<Sha, string>;

const byWhom = ({ login, role }: IssueSnapshot["author"]): string =>
  `written by ${login}${role === null ? "" : ` (role: ${role})`}`;

const issuePart = ({ issue }: ContextPacket): readonly Part[] => [
  `# The issue (#${issue.number})`,
  { source: `issue title, ${byWhom(issue.author)}`, text: issue.title },
  { source: `issue body, ${byWhom(issue.author)}`, text: issue.body === "" ? "(empty)" : issue.body },
  ...issue.comments.map(({ id, author, body }) => ({ source: `comment ${id}, ${byWhom(author)}`, text: body })),
];

const askedPart = (asked: readonly string[]): readonly Part[] => [
  "# What the last plan asked of people (what approvers said since answers it)",
  ...asked.map((text) => ({ source: "a question of the last plan", text })),
];

const feedbackPart = (feedback: readonly Feedback[], names: ReadonlyMap<number, string>): readonly Part[] => [
  "# What approvers asked for since (newest last; heed it)",
  ...feedback.map(({ scope, words, by }) => ({
    source: `an approver (${by}) about ${scope === "plan" ? "the plan" : (names.get(scope) ?? "a repository")}`,
    text: words,
  })),
];

/** Each range is a block of its own, and nothing but the file's lines: an edit's search text can be copied from it. */
const filePart = (file: ChosenFile, text: string, repository: string): readonly Part[] => {
  const { path, blob, whole, ranges, outline } = file;
  const source = `file ${path} of ${repository}, blob ${blob}`;
  if (whole) return [{ source, text }];
  const lines = linesOf(text);
  const shown = ranges.map(({ from, to }) => ({
    source: `${source}, lines ${from} to ${to} of ${lines.length}`,
    text: lines.slice(from - 1, to).join("\n"),
  }));
  if (outline.length === 0) return shown;
  return [
    ...shown,
    {
      source: `outline of file ${path} of ${repository}: names that lines not shown here define`,
      text: outline.map(outlineLine).join("\n"),
    },
  ];
};

const repositoryPart = (repository: RepositoryContext, texts: Texts): readonly Part[] => [
  `# Repository ${repository.name} at ${repository.baseSha}\n\nIts files:`,
  { source: `paths of ${repository.name}`, text: repository.paths.join("\n") },
  ...(repository.pathsLeftOut === 0 ? [] : [`(${repository.pathsLeftOut} more are not listed)`]),
  ...(repository.files.every(({ whole }) => whole)
    ? []
    : [
        "Of files whose blocks name lines, only those lines are shown; outlines say what else stands in them, and where.",
      ]),
  ...repository.files.flatMap((file): readonly Part[] => {
    const text = texts.get(file.blob);
    return text === undefined ? [] : filePart(file, text, repository.name);
  }),
];

const elsewherePart = ({ name, diffs, leftOut }: ProposedElsewhere): readonly Part[] => [
  `# What is proposed in ${name} for the same plan (for you to fit in with; it is not yours to change)`,
  ...diffs.map((text) => ({ source: `diff proposed in ${name}`, text })),
  ...(leftOut === 0 ? [] : [`(${leftOut} more files are changed there, too long to be shown)`]),
];

const proposedPart = ({ name, diffs, leftOut }: ProposedElsewhere): readonly Part[] => [
  `# The change of ${name} that is proposed`,
  ...diffs.map((text) => ({ source: `diff proposed in ${name}`, text })),
  ...(leftOut === 0 ? [] : [`(${leftOut} more files are changed, too long to be shown)`]),
];

const mendPart = ({ problems }: Mend): readonly Part[] => [
  "# Why it cannot stay as it is",
  ...problems.map(({ source, words }) => ({ source, text: words })),
];

/** The whole packet as one message. */
export function briefing(packet: ContextPacket, texts: Texts): string {
  const names = new Map<number, string>(packet.repositories.map(({ repoId, name }) => [repoId, name]));
  return written([
    ...issuePart(packet),
    ...(packet.asked === undefined ? [] : askedPart(packet.asked)),
    ...(packet.feedback.length === 0 ? [] : feedbackPart(packet.feedback, names)),
    ...packet.repositories.flatMap((repository) => repositoryPart(repository, texts)),
    ...(packet.elsewhere ?? []).flatMap(elsewherePart),
    ...(packet.proposed === undefined ? [] : proposedPart(packet.proposed)),
    ...(packet.mend === undefined ? [] : mendPart(packet.mend)),
  ]);
}
