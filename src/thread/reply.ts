// Puts one reply into words on GitHub, at most once for each gate and person.
import { and, eq } from "drizzle-orm";
import { publications } from "../db/schema.ts";
import type { Speaking } from "../github/speaking.ts";
import type { CommentId, DeliveryId } from "../ids.ts";
import type { Instant } from "../instant.ts";
import { digestOf } from "../ledger/canonical.ts";
import type { Command, Words } from "./answer-words.ts";
import type { DeliveryView } from "./delivery-view.ts";
import type { PublishDeps } from "./desk.ts";
import { carries, markerOf, withMarker } from "./marker.ts";
import { COMMENT_LIMIT, within } from "./render/layout.ts";

export type Answered = Readonly<{ kind: "all" } | { kind: "later"; seconds: number }>;

type Saying = Readonly<{
  speaking: Speaking;
  view: DeliveryView;
  command: Command;
  words: Words;
  pace: () => Promise<Answered | null>;
  signal: AbortSignal;
}>;

/** The row of the reply names the command that it answers: whoever finds another's there stays silent. */
export async function say(
  deps: PublishDeps,
  { speaking, view, command, words, pace, signal }: Saying,
): Promise<Answered> {
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
