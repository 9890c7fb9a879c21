// A ContextPacket as text: what the issue says, what people answered, what the repositories hold. Pure, and in a fixed order.
import type { AnalysisDocument } from "../artifacts/failure-analysis.ts";
import type { IssueSnapshot } from "../context/issue-snapshot.ts";
import type {
  CarriedOut,
  ChosenFile,
  ContextPacket,
  Feedback,
  Mend,
  ProposedElsewhere,
  RedPull,
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

const repositoryPart = (repository: RepositoryContext, texts: Texts, later?: Left): readonly Part[] => [
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
    return text === undefined || isShownLater(file.path, later) ? [] : filePart(file, text, repository.name);
  }),
];

type Left = Pick<CarriedOut, "files" | "leftOut">;

/** What stands in a file now that others have worked on it stands in one place alone. */
const isShownLater = (path: string, later: Left | undefined): boolean =>
  later?.files.some((file) => file.path === path && file.form !== "diff") ?? false;

const leftPart = ({ files, leftOut }: Left, repository: string): readonly Part[] => [
  `# The changed files of ${repository}, as the change leaves them`,
  ...files.map(({ path, form, text }) => {
    if (form === "gone") return { source: "path of a file that is gone", text: path };
    const what = form === "whole" ? `file ${path} of ${repository}, after the change` : `diff of ${path}`;
    return { source: what, text: text ?? "" };
  }),
  ...(leftOut === 0 ? [] : [`(${leftOut} more files are changed, too long to be shown)`]),
];

const doubtedPart = (doubted: NonNullable<ContextPacket["doubted"]>): readonly Part[] => [
  "# What was found not met (look once more, at these alone)",
  ...doubted.map(({ criterion, because }) => ({ source: `why ${criterion} was found not met`, text: because })),
];

const earlierPart = ({ files, leftOut }: CarriedOut, repository: string): readonly Part[] => {
  if (files.length === 0 && leftOut === 0) return [];
  return [
    `# What the tasks before yours have changed in ${repository} (these edits are made: yours apply to what they leave)`,
    ...files.map(({ path, tasks, form, text }) => {
      const by = `task ${tasks.join(", ")}`;
      if (form === "gone") return { source: `path of a file that ${by} took away`, text: path };
      const what = form === "whole" ? `file ${path} of ${repository}, as ${by} leaves it` : `diff of ${path}, by ${by}`;
      return { source: what, text: text ?? "" };
    }),
    ...(leftOut === 0 ? [] : [`(${leftOut} more files were changed, too long to be shown)`]),
  ];
};

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

const standingPart = ({ name, diffs, leftOut }: ProposedElsewhere): readonly Part[] => [
  `# What the pull request of ${name} changes already (approved and written; the files above are as it leaves them)`,
  ...diffs.map((text) => ({ source: `diff on the pull request of ${name}`, text })),
  ...(leftOut === 0 ? [] : [`(${leftOut} more files are changed, too long to be shown)`]),
];

const redPart = ({ name, pullRequest, head, checks, leftOut }: RedPull): readonly Part[] => [
  `# Failed checks of ${name}#${pullRequest} at ${head}`,
  ...checks.flatMap((check): readonly Part[] => {
    const ended = `ended as ${check.said}`;
    if (check.from === "nothing") return [{ source: `check ${check.name}, ${ended}`, text: "(it says nothing more)" }];
    const what = check.from === "log" ? "log of its job" : "output of the check";
    const part = check.whole ? "" : ", in part";
    return [{ source: `check ${check.name}, ${ended}, ${what}${part}`, text: check.text }];
  }),
  ...(leftOut === 0 ? [] : [`(${leftOut} more checks failed and are not shown)`]),
];

const analysisPart = ({ cause, evidence, wouldFix }: AnalysisDocument): readonly Part[] => [
  "# Why the checks of the pull request are red, as another role analysed it (mend this, and nothing else)",
  { source: "analysis: cause", text: cause },
  ...evidence.map(({ check, line }) => ({ source: `analysis: a line of check ${check}`, text: line })),
  { source: "analysis: what would mend it", text: wouldFix },
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
    ...packet.repositories.flatMap((repository) => [
      ...repositoryPart(repository, texts, packet.task ?? packet.left),
      ...(packet.task === undefined ? [] : earlierPart(packet.task, repository.name)),
      ...(packet.left === undefined ? [] : leftPart(packet.left, repository.name)),
    ]),
    ...(packet.elsewhere ?? []).flatMap(elsewherePart),
    ...(packet.standing ?? []).flatMap(standingPart),
    ...(packet.red ?? []).flatMap(redPart),
    ...(packet.analysis === undefined ? [] : analysisPart(packet.analysis)),
    ...(packet.proposed === undefined ? [] : proposedPart(packet.proposed)),
    ...(packet.mend === undefined ? [] : mendPart(packet.mend)),
    ...(packet.doubted === undefined ? [] : doubtedPart(packet.doubted)),
  ]);
}
