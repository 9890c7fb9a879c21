// What a command is answered in words, where a reaction does not say enough; with the command as it was kept.
import { and, eq } from "drizzle-orm";
import { CommandName } from "../commands/catalogue.ts";
import { CommandRefusal } from "../commands/refusal.ts";
import type { Sql } from "../db/database.ts";
import { commands, inbox } from "../db/schema.ts";
import { applicable } from "../delivery/applies.ts";
import { Recorded } from "../delivery/event.ts";
import { type CommandId, CommentId, DeliveryId, deliveryName, IssueNumber, RepoId, ReviewId } from "../ids.ts";
import type { Instant } from "../instant.ts";
import { isTooVisible, knowsIssue } from "./audience.ts";
import type { DeliveryView } from "./delivery-view.ts";
import type { PublishDeps } from "./desk.ts";
import { answerKey, STATUS } from "./key.ts";
import { helpWords, statusWords } from "./words/help.ts";
import { reviewUrl, urlOf } from "./words/links.ts";
import { discreetRefusal, refusedWords } from "./words/refused.ts";
import { ofReview, reviewTaken } from "./words/review.ts";
import { stateWords } from "./words/state.ts";
import { stopOf } from "./words/stop.ts";

export type Command = Readonly<{
  id: CommandId;
  deliveryId: DeliveryId | null;
  origin: Readonly<
    { kind: "comment"; id: CommentId; position: number } | { kind: "button" } | { kind: "review"; id: ReviewId }
  >;
  repoId: RepoId;
  issue: IssueNumber;
  name: string;
  actorId: number;
  login: string;
  verdict: string;
  refusal: CommandRefusal | null;
}>;

export async function loadCommand(sql: Sql, id: CommandId): Promise<Command | null> {
  const [row] = await sql.select().from(commands).where(eq(commands.id, id));
  if (row === undefined) return null;
  return {
    id,
    deliveryId: row.deliveryId === null ? null : DeliveryId.parse(row.deliveryId),
    origin: originOf(row),
    repoId: RepoId.parse(row.repoId),
    issue: IssueNumber.parse(row.issueNumber),
    name: row.name,
    actorId: row.actorId,
    login: row.actorLogin,
    verdict: row.verdict,
    refusal: row.refusal === null ? null : CommandRefusal.parse(row.refusal),
  };
}

const originOf = (row: typeof commands.$inferSelect): Command["origin"] => {
  if (row.originKind === "review") return { kind: "review", id: ReviewId.parse(row.originId) };
  if (row.originKind === "button") return { kind: "button" };
  return { kind: "comment", id: CommentId.parse(row.originId), position: row.position };
};

export type Words = Readonly<{ key: string; text: string }>;

/** A review bears no reaction, so what was made of it is said in words, which name it. */
export async function wordsFor(deps: PublishDeps, view: DeliveryView, command: Command): Promise<Words | null> {
  const words = await bareWords(deps, view, command);
  const { origin, repoId } = command;
  const where = view.repositories.find((one) => one.repoId === repoId);
  if (words === null || origin.kind !== "review" || where === undefined) return words;
  const url = reviewUrl(deps.place, where, command.issue, origin.id);
  return { ...words, text: ofReview(view.settings.prefix, url, words.text) };
}

async function bareWords(deps: PublishDeps, view: DeliveryView, command: Command): Promise<Words | null> {
  const { phase, attempt } = view.state;
  const key = answerKey(phase, attempt, command.actorId);
  const name = deliveryName(view.id);
  if (isTooVisible(view)) return null;
  const state = stateWords(view, deps.place);
  const { prefix } = view.settings;
  const where = view.repositories.find(({ repoId }) => repoId === command.repoId);
  const isDiscreet = where !== undefined && !knowsIssue(view, where);
  if (command.refusal !== null && isDiscreet) {
    return command.refusal.code === "stranger" ? null : { key, text: discreetRefusal(command.login, name) };
  }
  if (command.refusal !== null) {
    const { writtenAt, shownAt } = await timesOf(deps.db.sql, view, command);
    const text = refusedWords(command.refusal, {
      delivery: name,
      state,
      prefix,
      given: CommandName.safeParse(command.name).success ? command.name : "",
      login: command.login,
      writtenAt,
      shownAt,
      repository: (id) => view.repositories.find(({ repoId }) => repoId === id)?.name ?? "another repository",
      stopped: (reason) => stopOf(reason, view, deps.place).short,
    });
    return text === null ? null : { key, text };
  }
  if (command.name === "help") return { key: `${key}:help`, text: helpWords(prefix, name, applicable(view.state)) };
  if (command.name === "status")
    return { key: `${key}:status`, text: statusWords(name, state, isDiscreet ? null : urlOf(view, STATUS)) };
  if (command.origin.kind === "review") return { key: `${key}:review`, text: reviewTaken(command.login, name, state) };
  return null;
}

/** When the command was written, by the event that carried it, and when what it is about was shown. */
async function timesOf(sql: Sql, view: DeliveryView, { id, deliveryId, origin, refusal }: Command) {
  const about = refusal !== null && "repoId" in refusal ? refusal.repoId : null;
  const subject =
    about === null ? view.state.plan : (view.state.targets.find(({ repoId }) => repoId === about)?.patchSet ?? null);
  const shownAt = subject?.shown?.at ?? null;
  if (deliveryId === null || origin.kind !== "comment") return { writtenAt: null, shownAt };
  const [row] = await sql
    .select({ recorded: inbox.recorded })
    .from(inbox)
    .where(and(eq(inbox.deliveryId, deliveryId), eq(inbox.dedupeKey, `comment:${origin.id}:${origin.position}`)));
  const recorded = Recorded.safeParse(row?.recorded);
  const event = recorded.success ? recorded.data.event : null;
  const isOurs = event?.type === "command" && event.commandId === id && event.origin.kind === "comment";
  const writtenAt: Instant | null = isOurs && event.origin.kind === "comment" ? event.origin.writtenAt : null;
  return { writtenAt, shownAt };
}
