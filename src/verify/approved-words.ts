// The words that people approved for a pull request and its commits, as the first write of the delivery in that repository had them.
import { and, asc, eq, isNotNull } from "drizzle-orm";
import { z } from "zod";
import type { Sql } from "../db/database.ts";
import { patchSets, writes } from "../db/schema.ts";
import type { DeliveryId, RepoId } from "../ids.ts";

const Words = z.object({
  commitHeadline: z.string(),
  commitBody: z.string(),
  pullTitle: z.string().min(1),
  pullBody: z.string(),
});
export type ApprovedWords = Readonly<z.infer<typeof Words>>;

/** Further commits leave those of the pull request. Null where nothing was written. */
export async function approvedWords(sql: Sql, deliveryId: DeliveryId, repoId: RepoId): Promise<ApprovedWords | null> {
  const [row] = await sql
    .select({ content: patchSets.content })
    .from(writes)
    .innerJoin(patchSets, eq(patchSets.id, writes.subjectId))
    .where(
      and(
        eq(writes.deliveryId, deliveryId),
        eq(writes.repoId, repoId),
        eq(writes.subjectKind, "patchset"),
        isNotNull(writes.finishedAt),
      ),
    )
    .orderBy(asc(writes.intendedAt))
    .limit(1);
  return row === undefined ? null : Words.parse(row.content);
}
