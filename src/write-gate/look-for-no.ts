// Rule M5: a no that an approver said and of which GitHub has not told us yet still counts, wherever it may be said.
import { controlIssueOf } from "../control/rows.ts";
import type { Sql } from "../db/database.ts";
import type { CommentFacts } from "../github/reading.ts";
import { type IssueNumber, PullNumber, type RepoId } from "../ids.ts";
import type { Instant } from "../instant.ts";
import { decidedComments, decidedReviews } from "./approval-rows.ts";
import { type LookPort, type Thread, threadsOf } from "./last-look.ts";
import { refuse, WriteStop } from "./outcome.ts";
import type { CaseBase } from "./write-case.ts";
import type { WriteRules } from "./write-rules.ts";

/** Commands that stop a write; `/revise` does too, because it asks for another content. */
const STOPPING: ReadonlySet<string> = new Set(["cancel", "reject", "hold", "revise"]);
/** In a control issue. */
const BRAKE: ReadonlySet<string> = new Set(["freeze"]);

export type LookingForNo = Readonly<{
  sql: Sql;
  wanted: Pick<CaseBase, "issue" | "delivery">;
  /** What was said before was heard, or came before the approval. */
  since: Instant;
  readingOf: LookPort;
  /** As they stand now in a repository of the delivery. Throws WriteStop and GitHubError. */
  rulesOf: (repoId: RepoId) => Promise<WriteRules>;
}>;

/**
 * Throws WriteStop `overruled` for a `/cancel`, `/reject`, `/hold` or `/revise` of an approver in the issue or a pull request of the
 * delivery, a review of theirs that asks for changes, or a `/freeze` in the control issue of one of its repositories, none of which
 * was decided yet. Throws GitHubError.
 */
export const lookForNo = async (looking: LookingForNo): Promise<void> => {
  const { issue } = looking.wanted;
  const rules = await looking.rulesOf(issue.repoId);
  for (const thread of threadsOf(looking.wanted)) await lookInThread(looking, thread, rules, STOPPING);
  await lookAtReviews(looking, rules);
  await lookForBrake(looking);
};

/** A command counts from a comment as it was created, by a person, never after an edit. */
const mayCommand = (comment: CommentFacts): boolean =>
  comment.author.type === "User" && comment.viaAppId === null && comment.updatedAt === comment.createdAt;

const lookInThread = async (
  { sql, since, readingOf }: LookingForNo,
  { repoId, number }: Thread,
  rules: WriteRules,
  stopping: ReadonlySet<string>,
): Promise<void> => {
  const reading = await readingOf(repoId);
  const { items, complete } = await reading.comments(repoId, number, since);
  if (!complete) throw refuse("thread_unreadable", repoId, `#${number} has more comments than can be read again.`);
  const stops = items
    .filter((comment) => comment.createdAt >= since && mayCommand(comment))
    .flatMap((comment) =>
      rules
        .commandsIn(comment.body)
        .filter(({ name }) => stopping.has(name))
        .map(({ name, position }) => ({ comment, name, position })),
    );
  const decided = await decidedComments(
    sql,
    stops.map(({ comment }) => comment.id),
  );
  for (const { comment, name, position } of stops) {
    if (decided.has(`${comment.id}:${position}`)) continue;
    if (!(await rules.isApprover(comment.author))) continue;
    const note = `\`${comment.author.login}\` wrote \`/${name}\`, and GitHub has not told Countersign of that comment. If it still stands, post it again; if not, delete it.`;
    throw new WriteStop({ kind: "overruled", repoId, note });
  }
};

const lookAtReviews = async ({ sql, wanted, since, readingOf }: LookingForNo, rules: WriteRules): Promise<void> => {
  for (const { repoId, written } of wanted.delivery.targets) {
    if (written === null) continue;
    const number = PullNumber.parse(written.pullRequest);
    const { items, complete } = await (await readingOf(repoId)).reviews(repoId, number);
    if (!complete) throw refuse("thread_unreadable", repoId, `#${number} has more reviews than can be read again.`);
    const asking = items.filter(
      ({ state, author, submittedAt }) =>
        state === "CHANGES_REQUESTED" && author.type === "User" && submittedAt !== null && submittedAt >= since,
    );
    const decided = await decidedReviews(
      sql,
      asking.map(({ id }) => id),
    );
    for (const { id, author } of asking) {
      if (decided.has(id) || !(await rules.isApprover(author))) continue;
      const note = `\`${author.login}\` asked for changes in a review of #${number}, and GitHub has not told Countersign of it. If it still stands, post \`/revise\` with what should change; if not, dismiss the review.`;
      throw new WriteStop({ kind: "overruled", repoId, note });
    }
  }
};

const lookForBrake = async (looking: LookingForNo): Promise<void> => {
  const { sql, wanted, rulesOf } = looking;
  const repositories = new Set([wanted.issue.repoId, ...wanted.delivery.targets.map(({ repoId }) => repoId)]);
  for (const repoId of repositories) {
    const number: IssueNumber | null = (await controlIssueOf(sql, repoId))?.issueNumber ?? null;
    if (number !== null) await lookInThread(looking, { repoId, number }, await rulesOf(repoId), BRAKE);
  }
};
