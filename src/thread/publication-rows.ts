// Our memory of what we put on GitHub: an intent before each first call, a receipt after it.
import { and, asc, eq, inArray } from "drizzle-orm";
import type { Database, Tx } from "../db/database.ts";
import { deliveries, publications } from "../db/schema.ts";
import { DeliveryId, type Digest, type IssueNumber, type RepoId } from "../ids.ts";
import type { Instant } from "../instant.ts";

export type PublicationKind = "comment" | "check_run" | "reaction" | "label";

export type PublicationRow = Readonly<{
  key: string;
  remoteId: number | null;
  url: string | null;
  bodyHash: Digest | null;
  publishedAt: Date | null;
}>;

const columns = {
  key: publications.key,
  remoteId: publications.remoteId,
  url: publications.url,
  bodyHash: publications.bodyHash,
  publishedAt: publications.publishedAt,
};

export const loadRows = async (db: Pick<Database, "sql">, id: DeliveryId): Promise<readonly PublicationRow[]> =>
  db.sql.select(columns).from(publications).where(eq(publications.deliveryId, id));

/** Which of these comments have a receipt already, in whichever delivery. */
export async function knownComments(
  db: Pick<Database, "sql">,
  repoId: RepoId,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const rows = await db.sql
    .select({ remoteId: publications.remoteId })
    .from(publications)
    .where(
      and(eq(publications.kind, "comment"), eq(publications.repoId, repoId), inArray(publications.remoteId, [...ids])),
    );
  return new Set(rows.flatMap(({ remoteId }) => remoteId ?? []));
}

/** `made`: nobody wrote it before us, so nothing can be on GitHub yet. Otherwise an earlier run may have got further. */
export async function intend(
  tx: Tx,
  id: DeliveryId,
  one: Readonly<{ key: string; kind: PublicationKind; repoId: RepoId }>,
): Promise<"made" | "there"> {
  const made = await tx.sql
    .insert(publications)
    .values({ deliveryId: id, key: one.key, kind: one.kind, repoId: one.repoId })
    .onConflictDoNothing()
    .returning({ key: publications.key });
  return made.length === 0 ? "there" : "made";
}

const at = (id: DeliveryId, key: string) => and(eq(publications.deliveryId, id), eq(publications.key, key));

export type Receipt = Readonly<{ remoteId: number | null; url: string | null; bodyHash: Digest | null; at: Instant }>;

export async function keepReceipt(tx: Tx, id: DeliveryId, key: string, receipt: Receipt): Promise<void> {
  const { remoteId, url, bodyHash } = receipt;
  await tx.sql
    .update(publications)
    .set({ remoteId, url, bodyHash, publishedAt: new Date(receipt.at) })
    .where(at(id, key));
}

/** Before an edit: whoever comes next does not know what stands there. */
export async function markUnknown(tx: Tx, id: DeliveryId, key: string): Promise<void> {
  await tx.sql.update(publications).set({ bodyHash: null }).where(at(id, key));
}

/** It was deleted on GitHub: back to an intent. */
export async function markGone(tx: Tx, id: DeliveryId, key: string): Promise<void> {
  await tx.sql
    .update(publications)
    .set({ remoteId: null, url: null, bodyHash: null, publishedAt: null })
    .where(at(id, key));
}

/**
 * A label is on the issue, and not of one delivery: where others that live have it too, ours is forgotten and they put it on again,
 * because nobody knows whether it was taken off meanwhile. Answers whether there are such. One order of locks for all, so that
 * not each leaves it to the other.
 */
export async function leaveToOthers(
  tx: Tx,
  id: DeliveryId,
  key: string,
  { repoId, issue }: Readonly<{ repoId: RepoId; issue: IssueNumber }>,
): Promise<boolean> {
  const rows = await tx.sql
    .select({ deliveryId: publications.deliveryId, endedAt: deliveries.endedAt })
    .from(publications)
    .innerJoin(deliveries, eq(deliveries.id, publications.deliveryId))
    .where(and(eq(publications.key, key), eq(deliveries.repoId, repoId), eq(deliveries.issueNumber, issue)))
    .orderBy(asc(publications.deliveryId))
    .for("update", { of: publications });
  const others = rows.filter(({ deliveryId, endedAt }) => deliveryId !== id && endedAt === null);
  for (const { deliveryId } of others) {
    const other = DeliveryId.parse(deliveryId);
    await tx.sql.update(publications).set({ publishedAt: null }).where(at(other, key));
    await tx.enqueue("publish", { deliveryId: other });
  }
  if (others.length > 0) await forget(tx, id, key);
  return others.length > 0;
}

export async function forget(tx: Tx, id: DeliveryId, key: string): Promise<void> {
  await tx.sql.delete(publications).where(at(id, key));
}
