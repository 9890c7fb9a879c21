// Makes one comment say what it should: posts it once, finds it after a crash, edits it, posts it again when it was deleted.

import { report } from "../delivery/inbox.ts";
import { GitHubError } from "../github/errors.ts";
import type { CommentFacts, Listed } from "../github/reading.ts";
import type { Speaking } from "../github/speaking.ts";
import { CommentId, type RepoId } from "../ids.ts";
import { type Instant, instant } from "../instant.ts";
import { hashOfText, isRemembered, sameText } from "./comment-text.ts";
import { type Desk, giveUp, now, type Put } from "./desk.ts";
import { carries, withMarker } from "./marker.ts";
import { knownComments, markGone, markUnknown } from "./publication-rows.ts";
import type { CommentPublication } from "./publications.ts";
import { COMMENT_LIMIT, within } from "./render/layout.ts";

/** Whether the receipt says that it stands there as it should. The first version counts as the same as its later form. */
export const isPut = (desk: Desk, wanted: CommentPublication): boolean => {
  const row = desk.rows.get(wanted.key);
  if (row === undefined || row.remoteId === null || row.bodyHash === null) return false;
  const { first, later } = bodies(desk, wanted);
  return [first, later].some((text) => hashOfText(text, wanted.minimized) === row.bodyHash);
};

/** `proof`: seen on GitHub during this run, as a gate needs it; otherwise our memory is enough. */
export const putComment = async (desk: Desk, wanted: CommentPublication, need: "memory" | "proof"): Promise<Put> => {
  const { key } = wanted;
  const made = desk.rows.has(key) ? "there" : await desk.intend(key, "comment", wanted.repoId);
  if (made === "made") return create(desk, wanted);
  const row = desk.rows.get(key);
  if (row === undefined) throw new Error(`the intent of ${key} is gone`);
  const remembered = isPut(desk, wanted);
  if (remembered && need === "memory") {
    return { kind: "stands", id: row.remoteId ?? 0, at: now(desk), fresh: false };
  }
  if (row.remoteId !== null) {
    // Who may edit our comments may take a marker out of one and put it into another: what we remember is known by its id.
    const id = CommentId.parse(row.remoteId);
    const there = await lookBefore(desk, wanted, id, need);
    const stands = remembered && there !== undefined && says(desk, wanted, there) && !wanted.minimized;
    return stands ? adopt(desk, wanted, there) : edit(desk, wanted, id);
  }
  const found = await look(desk, wanted);
  if (found === null) return wanted.makes ? create(desk, wanted) : giveUp(desk, wanted.key);
  return says(desk, wanted, found) && !wanted.minimized ? adopt(desk, wanted, found) : edit(desk, wanted, found.id);
};

const bodies = (desk: Desk, { key, body, firstBody }: CommentPublication) => {
  const marker = desk.marker(key);
  return {
    later: within(COMMENT_LIMIT, withMarker(body, marker)),
    first: within(COMMENT_LIMIT, withMarker(firstBody, marker)),
  };
};

/** Only an ornament: what its first line says is enough. */
const minimize = async (speaking: Speaking, repoId: RepoId, id: CommentId): Promise<void> => {
  try {
    await speaking.minimizeComment(repoId, id);
  } catch (error) {
    if (!(error instanceof GitHubError) || error.transient) throw error;
  }
};

const says = (desk: Desk, wanted: CommentPublication, { body }: CommentFacts): boolean => {
  const { first, later } = bodies(desk, wanted);
  return sameText(body, first) || sameText(body, later);
};

/** Comments of ours that hold the marker, anywhere in them. */
const marked = async (desk: Desk, { key, repoId, issue }: CommentPublication): Promise<Listed<CommentFacts>> => {
  await desk.step("before.find_comment");
  return (await desk.speaking(repoId)).findComments(repoId, issue, desk.marker(key));
};

/**
 * The oldest of ours that ends with the marker and is not known as something else. Throws when GitHub listed only some and
 * it is not among them.
 */
const look = async (desk: Desk, wanted: CommentPublication): Promise<CommentFacts | null> => {
  const { key, repoId } = wanted;
  const marker = desk.marker(key);
  const { items, complete } = await marked(desk, wanted);
  const ending = items.filter(({ body }) => carries(body, marker)).toSorted((a, b) => a.id - b.id);
  const known = await knownComments(
    desk.deps.db,
    repoId,
    ending.map(({ id }) => id),
  );
  const found = ending.find(({ id }) => !known.has(id));
  if (found === undefined && !complete)
    throw new Error(`GitHub did not list all comments, so ${key} cannot be looked for`);
  return found ?? null;
};

const adopt = async (desk: Desk, wanted: CommentPublication, found: CommentFacts): Promise<Put> => {
  await desk.receive(wanted.key, {
    remoteId: found.id,
    url: desk.commentUrl(wanted.repoId, wanted.issue, found.id),
    bodyHash: hashOfText(found.body, wanted.minimized),
    at: found.updatedAt,
  });
  return { kind: "stands", id: found.id, at: found.updatedAt, fresh: found.createdAt === found.updatedAt };
};

const create = async (desk: Desk, wanted: CommentPublication): Promise<Put> => {
  const seconds = await desk.slot(wanted.repoId);
  if (seconds !== null) return { kind: "later", seconds };
  const speaking = await desk.speaking(wanted.repoId);
  await desk.step("before.create_comment");
  const text = bodies(desk, wanted).first;
  const posted = await speaking.createComment(wanted.repoId, wanted.issue, text);
  await desk.step("after.create_comment");
  const { id, url, at } = posted;
  await desk.receive(wanted.key, { remoteId: id, url, bodyHash: hashOfText(text, wanted.minimized), at });
  return { kind: "stands", id, at, fresh: true };
};

/**
 * Before what we remember is seen or written again. An edit of ours wipes out somebody else's, and with it what an approver may have
 * read: where a gate is open or about to be, the machine is told of it.
 */
const lookBefore = async (
  desk: Desk,
  wanted: CommentPublication,
  id: CommentId,
  need: "memory" | "proof",
): Promise<CommentFacts | undefined> => {
  if (wanted.shows === null && need === "memory") return undefined;
  await desk.step("before.find_comment");
  const ours = await (await desk.speaking(wanted.repoId)).findComments(wanted.repoId, wanted.issue, "");
  const there = ours.items.find((one) => one.id === id);
  const row = desk.rows.get(wanted.key);
  if (wanted.shows === null || row === undefined || row.bodyHash === null || row.publishedAt === null) return there;
  if (there === undefined && !ours.complete) return there;
  const isOurs =
    there !== undefined && isRemembered(there.body, row.bodyHash) && there.updatedAt <= instant(row.publishedAt);
  if (!isOurs) await tellTampering(desk, wanted.shows, id, there?.updatedAt ?? null);
  return there;
};

/** Under the same name as when the webhook tells of it. */
const tellTampering = async (
  desk: Desk,
  { repoId }: NonNullable<CommentPublication["shows"]>,
  id: CommentId,
  changedAt: Instant | null,
): Promise<void> => {
  await desk.deps.db.transaction((tx) =>
    report(tx, desk.deliveryId, {
      event: {
        type: "gate_tampered",
        repoId,
        note: `comment ${id} was ${changedAt === null ? "deleted" : "edited"}`,
      },
      actor: { kind: "system", id: "publish" },
      at: now(desk),
      dedupeKey: `gate_tampered:${id}:${changedAt ?? "deleted"}:${repoId ?? "plan"}`,
    }),
  );
};

const edit = async (desk: Desk, wanted: CommentPublication, id: CommentId): Promise<Put> => {
  const { key, repoId } = wanted;
  await desk.remember((tx) => markUnknown(tx, desk.deliveryId, key));
  const speaking = await desk.speaking(repoId);
  await desk.step("before.update_comment");
  const text = bodies(desk, wanted).later;
  const posted = await speaking.updateComment(repoId, id, text);
  await desk.step("after.update_comment");
  if (posted === null) {
    await desk.remember((tx) => markGone(tx, desk.deliveryId, key));
    return wanted.makes ? create(desk, wanted) : giveUp(desk, key);
  }
  if (wanted.minimized) await minimize(speaking, repoId, id);
  const bodyHash = hashOfText(text, wanted.minimized);
  await desk.receive(key, { remoteId: id, url: posted.url, bodyHash, at: posted.at });
  return { kind: "stands", id, at: posted.at, fresh: false };
};
