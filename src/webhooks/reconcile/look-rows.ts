// What a look at a delivery left: when it was, how far comments were compared, and what was found that nobody had told.
import { and, eq, inArray, sql as raw } from "drizzle-orm";
import type { Sql, Tx } from "../../db/database.ts";
import { deliveryLooks, unheardComments, webhooks } from "../../db/schema.ts";
import {
  type CommentId,
  type DeliveryId,
  deliveryName,
  type IssueNumber,
  type RepoId,
  type TraceId,
} from "../../ids.ts";
import { type Instant, instant } from "../../instant.ts";
import { append } from "../../ledger/append.ts";
import { deliveryChain } from "../../ledger/entry.ts";
import type { Unheard } from "./unheard.ts";

export async function heardUntil(sql: Sql, deliveryId: DeliveryId): Promise<Instant | null> {
  const [row] = await sql
    .select({ until: deliveryLooks.heardUntil })
    .from(deliveryLooks)
    .where(eq(deliveryLooks.deliveryId, deliveryId));
  return row?.until == null ? null : instant(row.until);
}

/** It could be compared. Answers whether that is news to people. */
export async function keepDeliveryLook(
  tx: Tx,
  deliveryId: DeliveryId,
  at: Date,
  until: Instant | null,
): Promise<boolean> {
  const [before] = await tx.sql
    .select({ unsettledSince: deliveryLooks.unsettledSince })
    .from(deliveryLooks)
    .where(eq(deliveryLooks.deliveryId, deliveryId))
    .for("update");
  const heard = until === null ? {} : { heardUntil: new Date(until) };
  await tx.sql
    .insert(deliveryLooks)
    .values({ deliveryId, lookedAt: at, ...heard })
    .onConflictDoUpdate({ target: deliveryLooks.deliveryId, set: { lookedAt: at, unsettledSince: null, ...heard } });
  return before?.unsettledSince != null;
}

/** It could not be compared, and is tried again at the next look. Answers whether that is news: it is said once. */
export async function keepUnsettled(tx: Tx, deliveryId: DeliveryId, at: Date): Promise<boolean> {
  const kept = await tx.sql
    .insert(deliveryLooks)
    .values({ deliveryId, lookedAt: at, unsettledSince: at })
    .onConflictDoUpdate({
      target: deliveryLooks.deliveryId,
      set: { lookedAt: at, unsettledSince: raw`coalesce(${deliveryLooks.unsettledSince}, excluded.unsettled_since)` },
    })
    .returning({ since: deliveryLooks.unsettledSince });
  return kept[0]?.since?.getTime() === at.getTime();
}

/** Of which of these comments a webhook came in. */
export async function toldComments(sql: Sql, repoId: RepoId, ids: readonly CommentId[]): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const id = raw<string>`(${webhooks.payload} -> 'comment' ->> 'id')`;
  const rows = await sql
    .select({ id })
    .from(webhooks)
    .where(
      and(
        eq(webhooks.repoId, repoId),
        eq(webhooks.event, "issue_comment"),
        eq(webhooks.action, "created"),
        inArray(id, ids.map(String)),
      ),
    );
  return new Set(rows.map((row) => Number(row.id)));
}

export type UnheardIn = Readonly<{
  deliveryId: DeliveryId;
  traceId: TraceId;
  repoId: RepoId;
  issueNumber: IssueNumber;
  at: Date;
}>;

/** Answers whether any of them is new. */
export async function keepUnheard(tx: Tx, where: UnheardIn, unheard: readonly Unheard[]): Promise<boolean> {
  const { deliveryId, traceId, repoId, issueNumber, at } = where;
  if (unheard.length === 0) return false;
  const kept = await tx.sql
    .insert(unheardComments)
    .values(
      unheard.map(({ id, author, createdAt }) => ({
        repoId,
        commentId: id,
        deliveryId,
        issueNumber,
        authorId: author.id,
        authorLogin: author.login,
        saidAt: new Date(createdAt),
        foundAt: at,
      })),
    )
    .onConflictDoNothing()
    .returning({ id: unheardComments.commentId, login: unheardComments.authorLogin, saidAt: unheardComments.saidAt });
  await append(
    tx,
    deliveryChain(deliveryId),
    kept.map(({ id, login, saidAt }) => ({
      deliveryId,
      at: instant(at),
      actor: { kind: "system", id: "reconcile" } as const,
      action: "command_unheard",
      entity: { kind: "comment", id: String(id) },
      before: null,
      after: { repoId, issue: issueNumber, login, saidAt: instant(saidAt), delivery: deliveryName(deliveryId) },
      note: "GitHub never handed over the webhook of this comment",
      traceId,
    })),
  );
  return kept.length > 0;
}
