// Keeps the blob store small: what nobody used for a while goes, and the longest unused where it is too much. All can be read again.
import { asc, inArray, lt, sql } from "drizzle-orm";
import type { Database } from "../db/database.ts";
import { blobs } from "../db/schema.ts";
import type { Clock } from "../instant.ts";

const UNUSED_MS = 14 * 24 * 60 * 60 * 1000;
const MOST_BYTES = 2 * 1024 * 1024 * 1024;
/** Of one sweep. */
const MOST = 2_000;

/** `mostBytes` of contents are kept; MOST_BYTES where it is not given. */
export async function sweepBlobs({
  db,
  clock,
  mostBytes = MOST_BYTES,
}: Readonly<{ db: Database; clock: Clock; mostBytes?: number }>): Promise<void> {
  const old = db.sql
    .select({ sha: blobs.sha })
    .from(blobs)
    .where(lt(blobs.usedAt, new Date(clock().getTime() - UNUSED_MS)))
    .orderBy(asc(blobs.usedAt))
    .limit(MOST);
  await db.transaction(async (tx) => void (await tx.sql.delete(blobs).where(inArray(blobs.sha, old))));

  const [kept] = await db.sql
    .select({ bytes: sql<number>`coalesce(sum(octet_length(${blobs.content})), 0)`.mapWith(Number) })
    .from(blobs);
  if ((kept?.bytes ?? 0) <= mostBytes) return;
  const oldest = await db.sql
    .select({ sha: blobs.sha, bytes: sql<number>`octet_length(${blobs.content})`.mapWith(Number) })
    .from(blobs)
    .orderBy(asc(blobs.usedAt), asc(blobs.sha))
    .limit(MOST);
  let over = (kept?.bytes ?? 0) - mostBytes;
  const going = oldest.filter(({ bytes }) => {
    const goes = over > 0;
    over -= bytes;
    return goes;
  });
  await db.transaction(async (tx) => {
    await tx.sql.delete(blobs).where(
      inArray(
        blobs.sha,
        going.map(({ sha }) => sha),
      ),
    );
  });
}
