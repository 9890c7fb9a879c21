// Answers one command: by a reaction, and by rule 9 in words, at most once for each gate and person.
import { and, eq } from "drizzle-orm";
import { CommandName } from "../commands/catalogue.ts";
import { CommandRefusal } from "../commands/refusal.ts";
import type { Sql } from "../db/database.ts";
import { commands, inbox, publications, sources } from "../db/schema.ts";
import { applicable } from "../delivery/applies.ts";
import { Recorded } from "../delivery/event.ts";
import { GitHubError } from "../github/errors.ts";
import type { Speaking } from "../github/speaking.ts";
import { type CommandId, CommentId, DeliveryId, deliveryName, InstallationId, IssueNumber, RepoId } from "../ids.ts";
import type { Instant } from "../instant.ts";
import { digestOf } from "../ledger/canonical.ts";
import { isTooVisible, knowsIssue } from "./audience.ts";
import type { DeliveryView } from "./delivery-view.ts";
import type { PublishDeps } from "./desk.ts";
import { answerKey, STATUS } from "./key.ts";
import { claimSlot } from "./limiter.ts";
import { carries, markerOf, withMarker } from "./marker.ts";
import { COMMENT_LIMIT, within } from "./render/layout.ts";
import { loadView } from "./view.ts";
import { helpWords, statusWords } from "./words/help.ts";
import { urlOf } from "./words/links.ts";
import { discreetRefusal, refusedWords } from "./words/refused.ts";
import { stateWords } from "./words/state.ts";
import { stopOf } from "./words/stop.ts";

/** Seconds; an answer that would come later than this waits in the queue. */
const PATIENCE = 5;

export type Answered = Readonly<{ kind: "all" } | { kind: "later"; seconds: number }>;

type Command = Readonly<{
  id: CommandId;
  deliveryId: DeliveryId | null;
  origin: Readonly<{ kind: "comment"; id: CommentId; position: number } | { kind: "button" }>;
  repoId: RepoId;
  issue: IssueNumber;
  name: string;
  actorId: number;
  login: string;
  verdict: string;
  refusal: CommandRefusal | null;
}>;

/** Killed anywhere and run again, it leaves one reaction and at most one reply. */
export async function answer(deps: PublishDeps, id: CommandId, signal: AbortSignal): Promise<Answered> {
  const { sql } = deps.db;
  const command = await loadCommand(sql, id);
  if (command === null || command.verdict === "waiting") return { kind: "all" };
  const installation = await installationOf(sql, command.repoId);
  if (installation === null) return { kind: "all" };
  const speaking = await deps.github.speaking(installation, [command.repoId], signal);
  const pace = pacer(deps, installation, signal);

  if (command.origin.kind === "comment") {
    const late = await pace();
    if (late !== null) return late;
    await deps.crash("answer.before.react");
    signal.throwIfAborted();
    await react(speaking, command, command.origin.id);
    await deps.crash("answer.after.react");
  }
  if (command.deliveryId === null) return { kind: "all" };
  const view = await loadView(sql, command.deliveryId);
  const words = view === null ? null : await wordsFor(deps, view, command);
  if (view === null || words === null) return { kind: "all" };
  return say(deps, { speaking, view, command, words, pace, signal });
}

async function loadCommand(sql: Sql, id: CommandId): Promise<Command | null> {
  const [row] = await sql.select().from(commands).where(eq(commands.id, id));
  if (row === undefined) return null;
  return {
    id,
    deliveryId: row.deliveryId === null ? null : DeliveryId.parse(row.deliveryId),
    origin:
      row.originKind === "comment"
        ? { kind: "comment", id: CommentId.parse(row.originId), position: row.position }
        : { kind: "button" },
    repoId: RepoId.parse(row.repoId),
    issue: IssueNumber.parse(row.issueNumber),
    name: row.name,
    actorId: row.actorId,
    login: row.actorLogin,
    verdict: row.verdict,
    refusal: row.refusal === null ? null : CommandRefusal.parse(row.refusal),
  };
}

async function installationOf(sql: Sql, repoId: RepoId): Promise<InstallationId | null> {
  const [row] = await sql.select({ id: sources.installationId }).from(sources).where(eq(sources.repoId, repoId));
  return row === undefined ? null : InstallationId.parse(row.id);
}

const pacer = (deps: PublishDeps, installation: InstallationId, signal: AbortSignal) => async () => {
  if (deps.pace === "none") return null;
  const at = deps.clock();
  await deps.crash("answer.before.slot");
  const slot = await deps.db.transaction((tx) => claimSlot(tx, installation, at, PATIENCE));
  if (slot.kind === "later") return { kind: "later", seconds: Math.ceil(slot.seconds) } as const;
  if (slot.seconds > 0) await deps.sleep(slot.seconds * 1000, signal);
  return null;
};

/** A comment that is gone needs no answer. */
async function react(speaking: Speaking, command: Command, comment: CommentId): Promise<void> {
  try {
    await speaking.reactToComment(command.repoId, comment, command.verdict === "accepted" ? "+1" : "confused");
  } catch (error) {
    if (!(error instanceof GitHubError) || error.code !== "not_found") throw error;
  }
}

// ---- in words

type Words = Readonly<{ key: string; text: string }>;

async function wordsFor(deps: PublishDeps, view: DeliveryView, command: Command): Promise<Words | null> {
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

type Saying = Readonly<{
  speaking: Speaking;
  view: DeliveryView;
  command: Command;
  words: Words;
  pace: () => Promise<Answered | null>;
  signal: AbortSignal;
}>;

/** The row of the reply names the command that it answers: whoever finds another's there stays silent. */
async function say(deps: PublishDeps, { speaking, view, command, words, pace, signal }: Saying): Promise<Answered> {
  const owner = digestOf({ answers: command.id });
  await deps.crash("answer.before.intent");
  const claim = await deps.db.transaction(async (tx) => {
    const rows = { key: publications.key, bodyHash: publications.bodyHash, remoteId: publications.remoteId };
    const ofDelivery = eq(publications.deliveryId, view.id);
    // The state may have moved on since this command was first answered.
    const [mine] = await tx.sql
      .select(rows)
      .from(publications)
      .where(and(ofDelivery, eq(publications.bodyHash, owner)));
    if (mine !== undefined) return { ...mine, made: false };
    const values = { deliveryId: view.id, key: words.key, kind: "comment", repoId: command.repoId, bodyHash: owner };
    const made = await tx.sql.insert(publications).values(values).onConflictDoNothing().returning(rows);
    return made[0] === undefined ? null : { ...made[0], made: true };
  });
  await deps.crash("answer.after.intent");
  if (claim === null || claim.remoteId !== null) return { kind: "all" };

  const marker = markerOf(deps.markerKey, view.traceId, claim.key);
  const found = claim.made ? null : await findReply(speaking, command, marker);
  if (found !== null) {
    await keep(deps, view.id, claim.key, found);
    return { kind: "all" };
  }
  const late = await pace();
  if (late !== null) return late;
  await deps.crash("answer.before.create_comment");
  signal.throwIfAborted();
  const body = within(COMMENT_LIMIT, withMarker(words.text, marker));
  const posted = await speaking.createComment(command.repoId, command.issue, body);
  await deps.crash("answer.after.create_comment");
  await keep(deps, view.id, claim.key, posted);
  return { kind: "all" };
}

type Reply = Readonly<{ id: CommentId; at: Instant; url: string | null }>;

async function findReply(speaking: Speaking, { repoId, issue }: Command, marker: string): Promise<Reply | null> {
  const { items, complete } = await speaking.findComments(repoId, issue, marker);
  const found = items.find(({ body }) => carries(body, marker));
  // One reply too few beats one too many.
  if (found === undefined && !complete)
    throw new Error("GitHub did not list all comments, so a reply cannot be looked for");
  return found === undefined ? null : { id: found.id, at: found.createdAt, url: null };
}

async function keep(deps: PublishDeps, id: DeliveryId, key: string, reply: Reply): Promise<void> {
  await deps.db.transaction((tx) =>
    tx.sql
      .update(publications)
      .set({ remoteId: reply.id, url: reply.url, publishedAt: new Date(reply.at) })
      .where(and(eq(publications.deliveryId, id), eq(publications.key, key))),
  );
  await deps.crash("answer.after.receipt");
}
