// Comments on the issue that came after the label and are not part of what was proposed: only counted, never shown.
import { and, eq, gt, sql } from "drizzle-orm";
import { z } from "zod";
import type { Sql } from "../db/database.ts";
import { commands, webhooks } from "../db/schema.ts";
import type { DeliveryId, IssueNumber, RepoId } from "../ids.ts";

const Comment = z.object({ id: z.coerce.number(), type: z.string() });

export type Since = Readonly<{ deliveryId: DeliveryId; repoId: RepoId; issue: IssueNumber; after: Date }>;

/** When each of them came in. Comments that gave a command are no discussion, and bots do not discuss. */
export const loadUnusedComments = async (
  db: Sql,
  { deliveryId, repoId, issue, after }: Since,
): Promise<readonly Date[]> => {
  const given = await db
    .select({ id: commands.originId })
    .from(commands)
    .where(and(eq(commands.deliveryId, deliveryId), eq(commands.originKind, "comment")));
  const rows = await db
    .select({
      at: webhooks.receivedAt,
      id: sql<unknown>`${webhooks.payload} #>> '{comment,id}'`,
      type: sql<unknown>`${webhooks.payload} #>> '{comment,user,type}'`,
    })
    .from(webhooks)
    .where(
      and(
        eq(webhooks.repoId, repoId),
        eq(webhooks.event, "issue_comment"),
        eq(webhooks.action, "created"),
        gt(webhooks.receivedAt, after),
        sql`${webhooks.payload} #>> '{issue,number}' = ${String(issue)}`,
      ),
    );
  const commanded = new Set(given.map(({ id }) => id));
  return rows.flatMap(({ at, id, type }) => {
    const comment = Comment.safeParse({ id, type });
    return comment.success && comment.data.type === "User" && !commanded.has(comment.data.id) ? [at] : [];
  });
};
