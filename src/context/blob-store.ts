// File contents by git blob SHA, fetched once and kept in Postgres: content-addressed, so never stale.
import { and, eq, inArray, lt } from "drizzle-orm";
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import { blobs } from "../db/schema.ts";
import type { Reading } from "../github/reading.ts";
import type { RepoId, Sha } from "../ids.ts";
import type { Clock } from "../instant.ts";

export type BlobStoreDeps = Readonly<{ db: Database; clock: Clock; crash: CrashPoint }>;

const USED_EVERY_MS = 24 * 60 * 60 * 1000;

/** Text of bytes; null when they are binary or not UTF-8. */
export function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Reads a blob through the store. Only ask for SHAs that a tree of this very repository named: the store is shared by
 * all repositories, and the tree is what shows the right to read.
 */
export async function readBlob(
  deps: BlobStoreDeps,
  reading: Pick<Reading, "blob">,
  repo: RepoId,
  sha: Sha,
): Promise<Uint8Array> {
  const [kept] = await deps.db.sql.select({ content: blobs.content }).from(blobs).where(eq(blobs.sha, sha));
  if (kept !== undefined) return kept.content;
  const content = await reading.blob(repo, sha);
  await deps.crash("blobs.before.keep");
  await deps.db.transaction(async ({ sql }) => {
    await sql.insert(blobs).values({ sha, content, usedAt: deps.clock() }).onConflictDoNothing();
  });
  return content;
}

/** Those of these blobs that are in the store, without asking GitHub. The same holds for their SHAs as for `readBlob`. */
export async function keptBlobs(
  { db, clock }: Pick<BlobStoreDeps, "db" | "clock">,
  shas: readonly Sha[],
): Promise<ReadonlyMap<Sha, Uint8Array>> {
  if (shas.length === 0) return new Map();
  const now = clock();
  await db.transaction(async ({ sql }) => {
    // At most once a day, so that reading is not writing.
    const stale = lt(blobs.usedAt, new Date(now.getTime() - USED_EVERY_MS));
    await sql
      .update(blobs)
      .set({ usedAt: now })
      .where(and(inArray(blobs.sha, [...shas]), stale));
  });
  const kept = await db.sql
    .select({ sha: blobs.sha, content: blobs.content })
    .from(blobs)
    .where(inArray(blobs.sha, [...shas]));
  return new Map(kept.map(({ sha, content }) => [sha, content]));
}
