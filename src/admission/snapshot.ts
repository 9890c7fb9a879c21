// The issue's text as it was when the label was put on, with what people who may write had said by then. Pure.
import { IssueSnapshot, writtenDigest } from "../context/issue-snapshot.ts";
import { shownProse } from "../context/shown-text.ts";
import { together } from "../context/withheld.ts";
import type { Account, CommentFacts, RoleName } from "../github/reading.ts";
import { type CommentId, type RepoId, UserId } from "../ids.ts";
import type { Instant } from "../instant.ts";
import { storableText } from "../ledger/storable.ts";
import type { IssueAsSent } from "../webhooks/domain-event.ts";
import { mayWrite } from "./admit.ts";

/** The newest comments are kept where there are more, and none past this many characters in all. */
const MOST_COMMENTS = 100;
const MOST_CHARACTERS = 60_000;
/** Each author costs a call for the role. */
export const MOST_AUTHORS = 30;

/** GitHub's own account for the works of deleted ones. */
const GHOST = { id: UserId.parse(10137), login: "ghost" };

/**
 * Comments that could count, newest first: of people, not of apps, written and last edited before the trigger.
 * GitHub's clock has whole seconds, so what is as old as the trigger may be younger.
 */
export const beforeTrigger = (comments: readonly CommentFacts[], trigger: Instant): CommentFacts[] =>
  comments
    .filter(({ author, viaAppId }) => author.type === "User" && viaAppId === null)
    .filter(({ createdAt, updatedAt }) => createdAt < trigger && updatedAt < trigger)
    .toSorted((a, b) => b.id - a.id);

/** Of those that could count, the ones by people who may write, newest first: no more than will be looked at. */
export const candidates = (
  comments: readonly CommentFacts[],
  trigger: Instant,
  roles: ReadonlyMap<UserId, RoleName>,
): CommentFacts[] =>
  beforeTrigger(comments, trigger)
    .filter(({ author }) => mayWrite(roles.get(author.id) ?? "none"))
    .slice(0, MOST_COMMENTS);

/** Authors of such comments, those heard last first. */
export const authorsOf = (comments: readonly CommentFacts[]): CommentFacts["author"][] => [
  ...new Map(comments.map(({ author }) => [author.id, author])).values(),
];

export type Taken = Readonly<{
  snapshot: IssueSnapshot;
  /** Comments on the issue that the snapshot leaves out, for whatever reason. */
  leftOut: number;
}>;

/**
 * `roles` are those of the authors on the repository, as far as they were asked for; `mayWrite` says which count. What somebody
 * hid on the issue counts no more. The texts are as a model may see them: what was hidden in them, or looks like a secret, goes no further than this.
 */
export async function takeSnapshot(
  repoId: RepoId,
  issue: IssueAsSent,
  trigger: Instant,
  comments: readonly CommentFacts[],
  roles: ReadonlyMap<UserId, RoleName>,
  hidden: ReadonlySet<CommentId>,
): Promise<Taken> {
  let room = MOST_CHARACTERS;
  const heard = candidates(comments, trigger, roles)
    .filter(({ id }) => !hidden.has(id))
    .filter(({ body }) => {
      room -= body.length;
      return room >= 0;
    })
    .toReversed();
  const shown = (text: string) => shownProse(storableText(text));
  const [title, body] = [await shown(issue.title), await shown(issue.body)];
  const said = await Promise.all(heard.map(async (comment) => ({ comment, ...(await shown(comment.body)) })));
  const by = ({ id, login }: Pick<Account, "id" | "login">) => ({ id, login, role: roles.get(id) ?? null });
  const snapshot = IssueSnapshot.parse({
    repoId,
    number: issue.number,
    title: title.text,
    body: body.text,
    written: writtenDigest(issue),
    author: by(issue.author ?? GHOST),
    labels: issue.labels,
    takenAt: trigger,
    comments: said.map(({ comment: { id, author, createdAt }, text }) => ({
      id,
      author: by(author),
      body: text,
      createdAt,
    })),
    withheld: together([title, body, ...said].map(({ withheld }) => withheld)),
  });
  return { snapshot, leftOut: comments.length - heard.length };
}
