// Answers in words a command that belongs to no delivery: given in a control issue, or a brake that was pulled elsewhere.
import { eq } from "drizzle-orm";
import { z } from "zod";
import { CommandName } from "../commands/catalogue.ts";
import type { Sql } from "../db/database.ts";
import { commands, controlReplies } from "../db/schema.ts";
import { standingOver } from "../freeze/standing.ts";
import type { Speaking } from "../github/speaking.ts";
import type { CommentId, InstallationId } from "../ids.ts";
import type { Command } from "./answer-words.ts";
import type { PublishDeps } from "./desk.ts";
import { carries, markerOf, withMarker } from "./marker.ts";
import { COMMENT_LIMIT, within } from "./render/layout.ts";
import type { Answered } from "./reply.ts";
import { controlDone } from "./words/control.ts";
import { refusedWords } from "./words/refused.ts";

type Answering = Readonly<{
  speaking: Speaking;
  command: Command;
  installation: InstallationId;
  pace: () => Promise<Answered | null>;
  signal: AbortSignal;
}>;

/** What the row of such a command keeps beside its arguments. */
const Args = z.object({ prefix: z.string().nullable().default(null) });

async function wordsOf(sql: Sql, { command, installation }: Answering): Promise<string | null> {
  const { id, name, login, repoId, refusal } = command;
  const [row] = await sql.select({ args: commands.args }).from(commands).where(eq(commands.id, id));
  const { prefix } = Args.parse(row?.args ?? {});
  if (refusal === null) {
    if (name !== "freeze" && name !== "unfreeze") return null;
    const standing = await standingOver(sql, { repoId, installationId: installation });
    return controlDone(name, login, prefix, standing.length > 0);
  }
  return refusedWords(refusal, {
    delivery: "this repository",
    state: "as the text above says",
    prefix,
    given: CommandName.safeParse(name).success ? name : "",
    login,
    writtenAt: null,
    shownAt: null,
    repository: () => "this repository",
    stopped: () => "stopped",
  });
}

/** At most once for each command: the row of the reply is its intent, and its number the receipt. */
export async function answerControl(deps: PublishDeps, answering: Answering): Promise<Answered> {
  const { speaking, command, pace, signal } = answering;
  const { id, repoId, issue } = command;
  const { db, clock, crash } = deps;
  await crash("answer.before.intent");
  const intent = await db.transaction(async (tx) => {
    await tx.sql.insert(controlReplies).values({ commandId: id, repoId }).onConflictDoNothing();
    const [row] = await tx.sql.select().from(controlReplies).where(eq(controlReplies.commandId, id)).for("update");
    return row;
  });
  if (intent === undefined || intent.answeredAt !== null) return { kind: "all" };
  const done = async (replyId: CommentId | null): Promise<Answered> => {
    await db.transaction((tx) =>
      tx.sql.update(controlReplies).set({ replyId, answeredAt: clock() }).where(eq(controlReplies.commandId, id)),
    );
    await crash("answer.after.receipt");
    return { kind: "all" };
  };
  const text = await wordsOf(db.sql, answering);
  if (text === null) return done(null);
  const marker = markerOf(deps.markerKey, "control reply", String(id));
  const { items, complete } = await speaking.findComments(repoId, issue, marker);
  const found = items.find(({ body }) => carries(body, marker));
  // One reply too few beats one too many.
  if (found !== undefined || !complete) return done(found?.id ?? null);
  const late = await pace();
  if (late !== null) return late;
  await crash("answer.before.create_comment");
  signal.throwIfAborted();
  const posted = await speaking.createComment(repoId, issue, within(COMMENT_LIMIT, withMarker(text, marker)));
  await crash("answer.after.create_comment");
  return done(posted.id);
}
