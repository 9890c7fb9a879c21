// Whether somebody asked for a hold after a /resume was written: GitHub tells of comments late, twice, and in any order.
import { and, desc, eq, sql as raw } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { inbox } from "../db/schema.ts";
import { Recorded } from "../delivery/event.ts";
import type { CommentId, DeliveryId } from "../ids.ts";
import type { Instant } from "../instant.ts";

export type NewerHold = Readonly<{ login: string; at: Instant }>;

type Said = Readonly<{ commentId: CommentId; createdAt: Instant }>;

const ask = raw`${inbox.recorded} #>> '{event,ask,name}'`;
const writtenAt = raw`(${inbox.recorded} #>> '{event,origin,writtenAt}')::timestamptz`;
const commentId = raw`(${inbox.recorded} #>> '{event,origin,commentId}')::bigint`;

/** A hold that found the delivery held already counts as well. Only for who holds the delivery's lock. */
export async function newerHold(sql: Sql, deliveryId: DeliveryId, said: Said): Promise<NewerHold | null> {
  const [row] = await sql
    .select({ recorded: inbox.recorded })
    .from(inbox)
    .where(
      and(
        eq(inbox.deliveryId, deliveryId),
        eq(ask, "hold"),
        // GitHub's clock has whole seconds; within one, ids of comments tell what came first.
        raw`(${writtenAt}, ${commentId}) > (${said.createdAt}::timestamptz, ${said.commentId}::bigint)`,
      ),
    )
    .orderBy(desc(writtenAt), desc(commentId))
    .limit(1);
  if (row === undefined) return null;
  const { event, actor } = Recorded.parse(row.recorded);
  if (event.type !== "command" || event.origin.kind !== "comment" || actor.kind !== "human")
    throw new Error("a hold that nobody said");
  return { login: actor.login, at: event.origin.writtenAt };
}
