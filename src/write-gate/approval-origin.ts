// Judges one approval by where it came from: the signed receipt, and the comment as GitHub shows it now. Pure.
import { z } from "zod";
import { standsFor } from "../delivery/code.ts";
import type { CommentFacts } from "../github/reading.ts";
import type { Digest } from "../ids.ts";
import { type Instant, instant } from "../instant.ts";
import type { ApprovalRow } from "./approval-rows.ts";
import type { WriteRules } from "./write-rules.ts";

const account = z.object({ id: z.number(), type: z.string() });
/** GitHub says so of every event, and `action` a second time inside what it signed. */
const Signed = z.object({ action: z.string(), sender: account, repository: z.object({ id: z.number() }) });

const CommentReceipt = Signed.extend({
  issue: z.object({ number: z.number() }),
  comment: z.object({
    id: z.number(),
    body: z.string(),
    created_at: z.iso.datetime({ offset: true }),
    user: account,
    performed_via_github_app: z.object({ id: z.number() }).nullish(),
  }),
});

const ButtonReceipt = Signed.extend({
  check_run: z.object({ id: z.number() }),
  requested_action: z.object({ identifier: z.string() }),
});

export type About = Readonly<{
  deliveryId: number;
  digest: Digest;
  /** Where words count: the issue, and the pull requests of the delivery. */
  threads: readonly Readonly<{ repoId: number; number: number }>[];
  /** Check runs that show this very version. */
  runs: readonly number[];
  /** It had to be shown again, and a click tells no time. */
  shownAgain: boolean;
}>;

const ofCommand = ({ command, person }: ApprovalRow, deliveryId: number): string | null => {
  if (command.name !== "approve" || command.verdict !== "accepted") return "its command was not an accepted approval";
  if (command.actorId !== person.id) return "its command was given by someone else";
  return command.deliveryId === deliveryId ? null : "its command was given to another delivery";
};

const ofClick = ({ receipt, command, person }: ApprovalRow, { digest, runs, shownAgain }: About): string | null => {
  const said = ButtonReceipt.safeParse(receipt.payload);
  if (receipt.event !== "check_run" || receipt.action !== "requested_action" || !said.success) {
    return "no signed click stands behind it";
  }
  const { action, sender, check_run: run, requested_action: button } = said.data;
  if (action !== "requested_action") return "no signed click stands behind it";
  if (sender.id !== person.id || run.id !== command.originId) return "the signed click is another one";
  if (sender.type !== "User") return "the signed click is no person's";
  if (shownAgain) return "the click may be from before it was shown again";
  if (!runs.includes(run.id)) return "the button that was pressed stood on another check run";
  const [verb, code, ...rest] = button.identifier.split(":");
  return verb === "approve" && code !== undefined && rest.length === 0 && standsFor(code, digest)
    ? null
    : "the button that was pressed stood for something else";
};

const ofWords = ({ receipt, command, person }: ApprovalRow, { threads }: About): string | null => {
  const said = CommentReceipt.safeParse(receipt.payload);
  if (receipt.event !== "issue_comment" || receipt.action !== "created" || !said.success) {
    return "no signed comment stands behind it";
  }
  const { action, sender, repository, issue, comment } = said.data;
  if (action !== "created") return "no signed comment stands behind it";
  const isThis = comment.id === command.originId && comment.user.id === person.id && sender.id === person.id;
  if (!isThis) return "the signed comment is another one";
  if (sender.type !== "User" || comment.user.type !== "User" || comment.performed_via_github_app != null) {
    return "the signed comment was posted by an app";
  }
  const isHere = repository.id === command.repoId && issue.number === command.issueNumber;
  const isHeard = threads.some(({ repoId, number }) => repoId === repository.id && number === issue.number);
  return isHere && isHeard ? null : "the signed comment stands in another thread";
};

/**
 * The earliest that it can have been given. A click tells no time, and its webhook may come late: it was not before what it
 * approves was shown.
 */
export const givenAt = ({ receipt, approvedAt }: ApprovalRow, shownAt: Instant | null): Instant => {
  const said = CommentReceipt.safeParse(receipt.payload);
  if (said.success) return instant(said.data.comment.created_at);
  const received = instant(approvedAt);
  return shownAt !== null && shownAt < received ? shownAt : received;
};

/** Why the approval has no ground in what we received, as the end of a sentence about it; null when it has. */
export const whyUnfounded = (approval: ApprovalRow, about: About): string | null =>
  ofCommand(approval, about.deliveryId) ??
  (approval.command.originKind === "button" ? ofClick(approval, about) : ofWords(approval, about));

/** What was asked of an approval beside its being one. */
export type Terms = Readonly<{
  digest: Digest;
  codeRequired: boolean;
  /** Policy warned of something for which only a typed code will do. */
  quote: boolean;
  tooOld: (at: Instant) => boolean;
  commandsIn: WriteRules["commandsIn"];
}>;

/** When it was given, by what GitHub signed; a click tells no time but that of its receipt. */
const signedAt = ({ receipt }: ApprovalRow): Instant => {
  const said = CommentReceipt.safeParse(receipt.payload);
  return said.success ? instant(said.data.comment.created_at) : instant(receipt.receivedAt);
};

/** Why it does not meet them today; null when it does. The receipt was found good before. */
export const whyUnmet = (approval: ApprovalRow, terms: Terms): string | null => {
  const { command, receipt } = approval;
  if (terms.tooOld(signedAt(approval))) return "it is older than approvals may be";
  if (!terms.quote && !terms.codeRequired) return null;
  if (command.originKind === "button") return terms.quote ? "what policy warns of is approved in a comment" : null;
  const body = CommentReceipt.safeParse(receipt.payload).data?.comment.body ?? "";
  const code = terms.commandsIn(body).find(({ position }) => position === command.position)?.code ?? null;
  return code !== null && standsFor(code, terms.digest) ? null : "it does not quote the code";
};

/** Why the comment that it was given in no longer says so (M5); null when it does. */
export const whyChanged = (
  { receipt, command, person }: ApprovalRow,
  comment: CommentFacts | null,
  commandsIn: WriteRules["commandsIn"],
): string | null => {
  if (comment === null) return "its comment was deleted";
  if (comment.id !== command.originId || comment.author.id !== person.id) return "its comment is another person's";
  if (comment.author.type !== "User" || comment.viaAppId !== null) return "its comment was posted by an app";
  // The text is compared too: GitHub's times have whole seconds.
  const said = CommentReceipt.safeParse(receipt.payload);
  if (comment.updatedAt !== comment.createdAt || comment.body !== said.data?.comment.body)
    return "its comment was edited";
  const still = commandsIn(comment.body).some(
    ({ name, position }) => name === "approve" && position === command.position,
  );
  return still ? null : "its comment holds no approval";
};
