// Whether the comments that show a gate still say what we put there. Webhooks tell of changes, too; this asks, before it counts.
import { setTimeout as sleep } from "node:timers/promises";
import { and, eq, inArray } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { publications } from "../db/schema.ts";
import type { Shown } from "../delivery/delivery.ts";
import type { CommentFacts } from "../github/reading.ts";
import { CommentId, type DeliveryId, RepoId } from "../ids.ts";
import { type Instant, instant } from "../instant.ts";
import { isRemembered } from "./comment-text.ts";
import { moreKey } from "./key.ts";

/** `changedAt` null: it is gone, or another stands in its place. */
export type Touched = Readonly<{ commentId: CommentId; changedAt: Instant | null }>;

/** `unsettled`: we are at work on it ourselves, and what stands there cannot be told from what somebody did. */
export type GateLook = Readonly<{ kind: "ours" } | { kind: "touched"; touched: Touched } | { kind: "unsettled" }>;

export type GatePorts = Readonly<{
  sql: Sql;
  /** Throws GitHubError. */
  comment: (repoId: RepoId, id: CommentId) => Promise<CommentFacts | null>;
}>;

type Row = typeof publications.$inferSelect;

/** Our own edits take a call to GitHub; with these pauses they are over in all but a crash. */
const ROUNDS = 20;
const PAUSE_MS = 200;

/** The comment that is remembered as the one that showed it, and the one that goes before it where it took two. */
const rowsOf = async (sql: Sql, deliveryId: DeliveryId, { commentId }: Shown): Promise<readonly Row[]> => {
  const ofDelivery = and(eq(publications.deliveryId, deliveryId), eq(publications.kind, "comment"));
  const [newest] = await sql
    .select()
    .from(publications)
    .where(and(ofDelivery, eq(publications.remoteId, commentId)));
  if (newest === undefined) return [];
  const first = newest.key.replace(/:more$/, "");
  return sql
    .select()
    .from(publications)
    .where(and(ofDelivery, inArray(publications.key, [first, moreKey(first)])));
};

const lookAt = async ({ comment }: GatePorts, row: Row): Promise<GateLook> => {
  if (row.remoteId === null || row.bodyHash === null || row.publishedAt === null) return { kind: "unsettled" };
  const commentId = CommentId.parse(row.remoteId);
  const now = await comment(RepoId.parse(row.repoId), commentId);
  if (now === null) return { kind: "touched", touched: { commentId, changedAt: null } };
  // An edit that was taken back has left its time.
  const isOurs = isRemembered(now.body, row.bodyHash) && now.updatedAt <= instant(row.publishedAt);
  return isOurs ? { kind: "ours" } : { kind: "touched", touched: { commentId, changedAt: now.updatedAt } };
};

const once = async (ports: GatePorts, deliveryId: DeliveryId, shown: Shown): Promise<GateLook> => {
  const rows = await rowsOf(ports.sql, deliveryId, shown);
  if (rows.length === 0) return { kind: "touched", touched: { commentId: shown.commentId, changedAt: null } };
  for (const row of rows) {
    const look = await lookAt(ports, row);
    if (look.kind === "ours") continue;
    // What differs may be our own edit of this moment: then the row is no longer what it was.
    const [again] = await ports.sql
      .select()
      .from(publications)
      .where(and(eq(publications.deliveryId, deliveryId), eq(publications.key, row.key)));
    const isStill = again?.remoteId === row.remoteId && again.bodyHash === row.bodyHash;
    return isStill ? look : { kind: "unsettled" };
  }
  return { kind: "ours" };
};

/** Waits a few seconds for what we are doing ourselves. Throws GitHubError. */
export const lookAtGate = async (ports: GatePorts, deliveryId: DeliveryId, shown: Shown): Promise<GateLook> => {
  for (let round = 1; ; round += 1) {
    const look = await once(ports, deliveryId, shown);
    if (look.kind !== "unsettled" || round === ROUNDS) return look;
    await sleep(PAUSE_MS);
  }
};
