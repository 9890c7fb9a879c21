// A person speaks: from a comment or a click, as the webhook brought it, to recorded commands. The story, in order.
import type { Delivery } from "../delivery/delivery.ts";
import { loadDelivery } from "../delivery/store.ts";
import type { CheckRunId, CommentId, DeliveryId, InstallationId, IssueNumber, RepoId, WebhookGuid } from "../ids.ts";
import type { Instant } from "../instant.ts";
import type { Asker, Standing } from "./authorise.ts";
import { parseButton } from "./button.ts";
import type { CommandName } from "./catalogue.ts";
import { type Conversation, deliveryOfCheckRun, deliveryOfThread } from "./find-delivery.ts";
import { NOTHING_FOUND } from "./gate-facts.ts";
import {
  type HearingDeps,
  isUnchanged,
  type Rules,
  readComment,
  readRules,
  readStanding,
  readUnwritable,
} from "./hearing.ts";
import { type Hearing, judgeButton, judgeComment, otherRepositories } from "./judge.ts";
import { knownLogins } from "./known-logins.ts";
import { knownPrefix } from "./known-prefix.ts";
import { mayBeForUs, mayCommand, type Parsed, parseComment } from "./parse.ts";
import { readBudget } from "./read-budget.ts";
import { followGate, readGate } from "./read-gate.ts";
import { readHeard } from "./read-needs.ts";
import { type RecordDeps, type Recorded, record } from "./record.ts";
import { isClicked, isFlooding, isRecorded, nextPosition, receivedAt } from "./said-before.ts";

export type CommandDeps = HearingDeps &
  RecordDeps &
  Readonly<{
    /**
     * For `/retry` on what is blocked: whether the cause is gone, as far as it can be read; null where there is nothing to read.
     * Throws where trying again may tell.
     */
    causeGone: (delivery: Delivery) => Promise<boolean | null>;
  }>;

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

/** What the row keeps of a person: the login as GitHub has it now. */
const personOf = ({ id, login }: Person, standing: Standing) => ({
  id,
  login: standing.kind === "stranger" ? login : standing.login,
  role: standing.role,
});

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

  const asker: Asker = { ...comment.author, viaAppId: comment.viaAppId };
  const known = await knownLogins(sql, conversation.deliveryId);
  const standing = await readStanding(deps, comment, conversation, asker, rules, known);
  const heard = standing.kind !== "stranger";
  const approves = heard && asksFor("approve", parsed);
  const hearing: Hearing = {
    ...(await readHeard(deps, { spot: comment, conversation, rules, known, asker: asker.id, approves })),
    standing,
    rules,
    unchanged: !heard || isUnchanged(await readComment(deps, comment, comment.commentId), comment),
    unwritable: heard ? await readUnwritable(deps, comment, aboutOthers(parsed, conversation), asker) : [],
    causeGone: heard && asksFor("retry", parsed) ? await readCause(deps, conversation.deliveryId) : null,
    budget: heard && asksFor("budget", parsed) ? await readBudget(deps, conversation.deliveryId, rules) : null,
    gate: approves ? await readGate(deps, comment, conversation, codesIn(parsed)) : NOTHING_FOUND,
  };

  await deps.crash("commands.before.commit");
  const recorded = await record(
    deps,
    {
      conversation,
      origin: { kind: "comment", commentId: comment.commentId, writtenAt: comment.createdAt },
      repoId: comment.repoId,
      issueNumber: comment.issueNumber,
      webhookGuid: comment.webhookGuid,
      person: personOf(comment.author, standing),
    },
    async (tx, delivery) =>
      (await isRecorded(tx.sql, comment.commentId))
        ? "already_recorded"
        : judgeComment(parsed, { delivery, conversation, hearing }),
    (tx, delivery) => followGate(tx, deps, delivery, hearing.gate, approves ? ttlOf(rules) : null),
  );
  await deps.crash("commands.after.commit");
  return recorded;
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
  const asker: Asker = { ...click.sender, viaAppId: null };
  const known = await knownLogins(sql, conversation.deliveryId);
  const standing = await readStanding(deps, click, conversation, asker, rules, known);
  const others = conversation.repositories.filter(({ repoId }) => repoId !== conversation.primary.repoId);
  const heard = standing.kind !== "stranger";
  const approves = heard && button.name === "approve";
  const hearing: Hearing = {
    ...(await readHeard(deps, { spot: click, conversation, rules, known, asker: asker.id, approves })),
    standing,
    rules,
    unchanged: true,
    unwritable: !heard ? [] : await readUnwritable(deps, click, others, asker),
    causeGone: null,
    budget: null,
    gate: approves ? await readGate(deps, click, conversation, [button.code]) : NOTHING_FOUND,
  };

  const clickedAt = await receivedAt(sql, click.webhookGuid);
  await deps.crash("commands.before.commit");
  const recorded = await record(
    deps,
    {
      conversation,
      origin: { kind: "button", checkRunId: click.checkRunId, clickedAt },
      repoId: conversation.primary.repoId,
      issueNumber: conversation.issueNumber,
      webhookGuid: click.webhookGuid,
      person: personOf(click.sender, standing),
    },
    async (tx, delivery) =>
      (await isClicked(tx.sql, click, button))
        ? "already_recorded"
        : judgeButton(button, await nextPosition(tx.sql, click.checkRunId), { delivery, conversation, hearing }),
    (tx, delivery) => followGate(tx, deps, delivery, hearing.gate, approves ? ttlOf(rules) : null),
  );
  await deps.crash("commands.after.commit");
  return recorded;
};

const ttlOf = (rules: Rules): number | null => (rules.kind === "config" ? rules.config.approvals.ttl : null);

const codesIn = (parsed: Parsed): readonly string[] =>
  parsed.kind === "commands" ? parsed.commands.flatMap(({ code }) => code ?? []) : [];

const asksFor = (wanted: CommandName, parsed: Parsed): boolean =>
  parsed.kind === "commands" && parsed.commands.some(({ name }) => name === wanted);

const aboutOthers = (parsed: Parsed, conversation: Conversation) => {
  const meant = parsed.kind === "commands" ? parsed.commands : [];
  const ids = new Set(meant.flatMap((command) => otherRepositories(command, conversation)));
  return conversation.repositories.filter(({ repoId }) => ids.has(repoId));
};

const readCause = async (deps: CommandDeps, deliveryId: DeliveryId): Promise<boolean | null> => {
  const stored = await loadDelivery(deps.db, deliveryId);
  if (stored === null || stored.delivery.runStatus !== "blocked") return null;
  await deps.crash("commands.before.read_cause");
  return deps.causeGone(stored.delivery);
};
