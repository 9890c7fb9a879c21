// What GitHub did not hand over of a delivery since it began, and whether it could be compared with GitHub at all.
import { and, asc, count, eq, gt, gte, inArray, max, notExists } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { commands, deliveryLooks, deliveryRepos, lostWebhooks, unheardComments } from "../db/schema.ts";
import type { DeliveryId } from "../ids.ts";
import { instant } from "../instant.ts";
import type { FactsView } from "./delivery-view.ts";

export async function loadMissed(
  sql: Sql,
  id: DeliveryId,
  since: Date,
): Promise<Pick<FactsView, "lost" | "unheard" | "unsettledSince">> {
  const taking = sql
    .select({ repoId: deliveryRepos.repoId })
    .from(deliveryRepos)
    .where(eq(deliveryRepos.deliveryId, id));
  const [row] = await sql
    .select({ count: count(), last: max(lostWebhooks.sentAt) })
    .from(lostWebhooks)
    .where(and(inArray(lostWebhooks.repoId, taking), gte(lostWebhooks.sentAt, since)));
  const lost = row === undefined || row.last === null ? undefined : { count: row.count, last: instant(row.last) };
  const [look] = await sql
    .select({ since: deliveryLooks.unsettledSince })
    .from(deliveryLooks)
    .where(eq(deliveryLooks.deliveryId, id));
  return {
    ...(lost === undefined ? {} : { lost }),
    ...(look?.since == null ? {} : { unsettledSince: instant(look.since) }),
    unheard: await loadUnheard(sql, id),
  };
}

/** Whoever has been heard since then has said it again, or does not want it any more. */
async function loadUnheard(sql: Sql, id: DeliveryId): Promise<FactsView["unheard"]> {
  const heardSince = sql
    .select({ id: commands.id })
    .from(commands)
    .where(
      and(
        eq(commands.deliveryId, id),
        eq(commands.actorId, unheardComments.authorId),
        gt(commands.receivedAt, unheardComments.foundAt),
      ),
    );
  const rows = await sql
    .select({ login: unheardComments.authorLogin, at: unheardComments.saidAt })
    .from(unheardComments)
    .where(and(eq(unheardComments.deliveryId, id), notExists(heardSince)))
    .orderBy(asc(unheardComments.saidAt), asc(unheardComments.commentId));
  return rows.map(({ login, at }) => ({ login, at: instant(at) }));
}
