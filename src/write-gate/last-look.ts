// Rule M5: what was shown and each approval of it are read again before anything is written. A no that was not heard: look-for-no.ts.
import type { Sql } from "../db/database.ts";
import type { GateSubject } from "../delivery/delivery.ts";
import type { Reading } from "../github/reading.ts";
import { CommentId, IssueNumber, type RepoId } from "../ids.ts";
import { lookAtGate } from "../thread/gate-comments.ts";
import { type About, type Terms, whyChanged, whyUnfounded, whyUnmet } from "./approval-origin.ts";
import { type ApprovalRow, isRisky, runsShowing } from "./approval-rows.ts";
import { refuse, WriteStop } from "./outcome.ts";
import type { ReadingOf } from "./readings.ts";
import type { Approved } from "./rests-on.ts";
import type { CaseBase } from "./write-case.ts";
import type { WriteRules } from "./write-rules.ts";

export type LookPort = ReadingOf<Pick<Reading, "comment" | "comments" | "reviews">>;

export type Look = Readonly<{ counted: readonly ApprovalRow[]; voided: readonly string[] }>;

export type Looking = Readonly<{
  sql: Sql;
  readingOf: LookPort;
  wanted: CaseBase;
  approved: Approved;
  rules: WriteRules;
}>;

const whyNot = async (
  approval: ApprovalRow,
  { wanted, readingOf, rules }: Looking,
  about: About,
  terms: Terms,
): Promise<string | null> => {
  const { command } = approval;
  const no = whyUnfounded(approval, about) ?? whyUnmet(approval, terms);
  if (no !== null || command.originKind === "button") return no;
  if (!wanted.places.has(command.repoId)) return "it was given in a repository that takes no part";
  const reading = await readingOf(command.repoId);
  const comment = await reading.comment(command.repoId, CommentId.parse(command.originId));
  return whyChanged(approval, comment, rules.commandsIn);
};

/** Throws WriteStop where the comments that show it are not as we left them: what was approved may not be what was read. */
export const lookAtShown = async (
  sql: Sql,
  { delivery }: Pick<CaseBase, "delivery">,
  { repoId, kind, subject }: Readonly<{ repoId: RepoId; kind: "patchset" | "ship"; subject: GateSubject }>,
  readingOf: LookPort,
): Promise<void> => {
  const stop = (note: string) =>
    kind === "ship"
      ? refuse("not_approved", repoId, note)
      : new WriteStop({ kind: "approval_void", of: kind, repoId, note });
  if (subject.shown === null) throw stop("nothing shows it");
  const comment = async (where: RepoId, id: CommentId) => (await readingOf(where)).comment(where, id);
  const look = await lookAtGate({ sql, comment }, delivery.id, subject.shown);
  if (look.kind === "ours") return;
  // Ours to finish: the job comes back.
  if (look.kind === "unsettled")
    throw new Error(`the comment that shows version ${subject.version} is being brought up to date`);
  throw stop("the comment that showed it was changed");
};

/** Judges each approval by its receipt and by what was asked of it, and reads its comment again. */
export const lookAtApprovals = async (approvals: readonly ApprovalRow[], looking: Looking): Promise<Look> => {
  const { sql, wanted, approved, rules } = looking;
  const { kind, row, repoId, subject } = approved;
  const { version, digest, again } = subject;
  const about: About = {
    deliveryId: wanted.delivery.id,
    digest,
    threads: threadsOf(wanted),
    runs: await runsShowing(sql, wanted.delivery.id, { kind, repoId, version }),
    shownAgain: again !== undefined,
  };
  const { codeRequired, tooOld, commandsIn } = rules;
  const quote = approved.quote || (kind === "patchset" && row !== null && (await isRisky(sql, row)));
  const terms: Terms = { digest, codeRequired, quote, tooOld, commandsIn };
  const counted: ApprovalRow[] = [];
  const voided: string[] = [];
  for (const approval of approvals) {
    const why = await whyNot(approval, looking, about, terms);
    if (why === null) counted.push(approval);
    else voided.push(`approval of \`${approval.person.login}\`: ${why}`);
  }
  return { counted, voided };
};

export type Thread = CaseBase["issue"];

/** Where commands count: the issue, and the pull requests that the delivery opened. To GitHub these are issues too. */
export const threadsOf = ({ issue, delivery }: Pick<CaseBase, "issue" | "delivery">): readonly Thread[] => [
  issue,
  ...delivery.targets.flatMap(({ repoId, written }) =>
    written === null ? [] : [{ repoId, number: IssueNumber.parse(written.pullRequest) }],
  ),
];
