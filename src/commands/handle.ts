// A person speaks: from a comment or a click, as the webhook brought it, to recorded commands. The story, in order.
import type { CheckRunId, CommentId, InstallationId, IssueNumber, RepoId, WebhookGuid } from "../ids.ts";
import type { Instant } from "../instant.ts";
import type { Asker } from "./authorise.ts";
import { parseButton } from "./button.ts";
import type { CommandName } from "./catalogue.ts";
import { type Conversation, deliveryOfCheckRun, deliveryOfThread, type Participant } from "./find-delivery.ts";
import { type CommandDeps, hearOut } from "./hear-out.ts";
import { isUnchanged, readComment, readRules } from "./hearing.ts";
import { judgeButton, judgeComment, otherRepositories } from "./judge.ts";
import { knownPrefix } from "./known-prefix.ts";
import { newerHold } from "./newer-hold.ts";
import { newerWrite } from "./newer-write.ts";
import { mayBeForUs, mayCommand, type Parsed, parseComment } from "./parse.ts";
import type { Recorded } from "./record.ts";
import { isClicked, isFlooding, isRecorded, nextPosition, receivedAt } from "./said-before.ts";

export type { CommandDeps } from "./hear-out.ts";

type Person = Omit<Asker, "viaAppId">;

/** A comment as it was when it was written. */
export type CommentSpoken = Readonly<{
  webhookGuid: WebhookGuid;
  installationId: InstallationId;
  repoId: RepoId;
  issueNumber: IssueNumber;
  isPullRequest: boolean;
  commentId: CommentId;
  body: string;
  author: Person;
  viaAppId: number | null;
  createdAt: Instant;
}>;

/** A click on a button of one of our check runs. */
export type ButtonClicked = Readonly<{
  webhookGuid: WebhookGuid;
  installationId: InstallationId;
  repoId: RepoId;
  checkRunId: CheckRunId;
  identifier: string;
  sender: Person;
}>;

/** For logs and metrics; the rows are the truth. */
export type Handled = Recorded | "no_command" | "not_a_person" | "no_delivery" | "repository_gone" | "flood";

/** Throws GitHubError where trying again may help; run again, it leaves one of each effect. */
export const handleComment = async (deps: CommandDeps, comment: CommentSpoken): Promise<Handled> => {
  if (comment.author.type !== "User") return "not_a_person";
  if (!mayCommand(comment.body)) return "no_command";
  const { sql } = deps.db;
  const thread = { number: comment.issueNumber, isPullRequest: comment.isPullRequest };
  const conversation = await deliveryOfThread(sql, comment.repoId, thread);
  if (conversation === null || comment.createdAt < conversation.startedAt) return "no_delivery";
  if (await isRecorded(sql, comment.commentId)) return "already_recorded";
  if (!mayBeForUs(comment.body, await knownPrefix(sql, conversation.deliveryId))) return "no_command";
  if (await isFlooding(sql, conversation.deliveryId, comment.author.id, deps.clock())) return "flood";

  const rules = await readRules(deps, comment, conversation.primary);
  if (rules === null) return "repository_gone";
  const repositories = conversation.repositories.map(({ owner, name }) => `${owner}/${name}`);
  const parsed = parseComment(comment.body, { prefix: rules.prefix, repositories });
  if (parsed.kind === "nothing") return "no_command";

  const commands = parsed.kind === "commands" ? parsed.commands : [];
  return hearOut(deps, {
    spot: comment,
    conversation,
    rules,
    asker: { ...comment.author, viaAppId: comment.viaAppId },
    asksFor: (wanted) => commands.some(({ name }) => name === wanted),
    codes: commands.flatMap(({ code }) => code ?? []),
    others: aboutOthers(parsed, conversation),
    isUnchanged: async () => isUnchanged(await readComment(deps, comment, comment.commentId), comment),
    saying: {
      origin: { kind: "comment", commentId: comment.commentId, writtenAt: comment.createdAt },
      repoId: comment.repoId,
      issueNumber: comment.issueNumber,
      webhookGuid: comment.webhookGuid,
    },
    judge: async (tx, delivery, hearing) => {
      if (await isRecorded(tx.sql, comment.commentId)) return "already_recorded";
      const says = (wanted: CommandName): boolean => commands.some(({ name }) => name === wanted);
      // GitHub tells of comments late: what came between is read where the words would undo or bless it.
      const between = {
        newerHold: says("resume") ? await newerHold(tx.sql, delivery.id, comment) : null,
        newerWrite: says("accept") ? await newerWrite(tx.sql, delivery.id, comment.createdAt) : null,
      };
      return judgeComment(parsed, { delivery, conversation, hearing: { ...hearing, ...between } });
    },
  });
};

/** Throws GitHubError where trying again may help; run again, it leaves one of each effect. */
export const handleButton = async (deps: CommandDeps, click: ButtonClicked): Promise<Handled> => {
  if (click.sender.type !== "User") return "not_a_person";
  const button = parseButton(click.identifier);
  if (button === null) return "no_command";
  const { sql } = deps.db;
  const conversation = await deliveryOfCheckRun(sql, click.repoId, click.checkRunId);
  if (conversation === null) return "no_delivery";
  if (await isFlooding(sql, conversation.deliveryId, click.sender.id, deps.clock())) return "flood";

  const rules = await readRules(deps, click, conversation.primary);
  if (rules === null) return "repository_gone";
  return hearOut(deps, {
    spot: click,
    conversation,
    rules,
    asker: { ...click.sender, viaAppId: null },
    asksFor: (wanted) => wanted === button.name,
    codes: [button.code],
    others: conversation.repositories.filter(({ repoId }) => repoId !== conversation.primary.repoId),
    // Nobody can edit a click.
    isUnchanged: async () => true,
    saying: {
      origin: {
        kind: "button",
        checkRunId: click.checkRunId,
        clickedAt: await receivedAt(sql, click.webhookGuid),
      },
      repoId: conversation.primary.repoId,
      issueNumber: conversation.issueNumber,
      webhookGuid: click.webhookGuid,
    },
    judge: async (tx, delivery, hearing) =>
      (await isClicked(tx.sql, click, button))
        ? "already_recorded"
        : judgeButton(button, await nextPosition(tx.sql, click.checkRunId), { delivery, conversation, hearing }),
  });
};

const aboutOthers = (parsed: Parsed, conversation: Conversation): readonly Participant[] => {
  const meant = parsed.kind === "commands" ? parsed.commands : [];
  const ids = new Set(meant.flatMap((command) => otherRepositories(command, conversation)));
  return conversation.repositories.filter(({ repoId }) => ids.has(repoId));
};
