// Whether the title or the text of a pull request of ours is still what was approved. The write was exact; anybody with write may edit.
import { and, asc, eq, isNotNull } from "drizzle-orm";
import { z } from "zod";
import type { Sql } from "../db/database.ts";
import { patchSets, writes } from "../db/schema.ts";
import type { PullFacts } from "../github/reading.ts";
import type { DeliveryId, RepoId } from "../ids.ts";

export const Reworded = z.enum(["title", "text"]);
export type Reworded = z.infer<typeof Reworded>;

const Words = z.object({ pullTitle: z.string(), pullBody: z.string() });
export type PullWords = z.infer<typeof Words>;

/** Those that the pull request was opened with; further commits leave them. Null where nothing was written. */
export async function approvedWords(sql: Sql, deliveryId: DeliveryId, repoId: RepoId): Promise<PullWords | null> {
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

/** An editor on the web ends lines in its own way, and leaves blanks at the ends. */
const plain = (text: string): string => text.replaceAll("\r\n", "\n").trim();

/** Pure. */
export function rewordedOf(approved: PullWords | null, found: Pick<PullFacts, "title" | "body"> | null): Reworded[] {
  if (approved === null || found === null) return [];
  return [
    ...(plain(approved.pullTitle) === plain(found.title) ? [] : (["title"] as const)),
    ...(plain(approved.pullBody) === plain(found.body) ? [] : (["text"] as const)),
  ];
}
