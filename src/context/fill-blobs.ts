// Brings the files of a commit into the blob store: those that it lacks, singly while they are few, else by one archive.
import { inArray } from "drizzle-orm";
import { blobs } from "../db/schema.ts";
import { GitHubError } from "../github/errors.ts";
import type { Reading } from "../github/reading.ts";
import type { RepoId, Sha } from "../ids.ts";
import { blobSha } from "../patches/git-objects.ts";
import { type BlobStoreDeps, readBlob } from "./blob-store.ts";

/** A file of the tree at the commit. */
export type Wanted = Readonly<{ path: string; sha: Sha; size: number }>;

/** From here on the archive is fewer requests, and the whole delivery stays well under GitHub's limits. */
const FEWEST_FOR_ARCHIVE = 8;
/** Where the archive fails, or does not hold the files as they are in the tree. */
const MOST_SINGLY = 60;
/** Of one statement. */
const ASKED_AT_ONCE = 500;
const KEPT_AT_ONCE_BYTES = 4 * 1024 * 1024;

async function lacking({ db }: BlobStoreDeps, wanted: readonly Wanted[]): Promise<readonly Wanted[]> {
  const bySha = new Map(wanted.map((one) => [one.sha, one]));
  const shas = [...bySha.keys()];
  for (let at = 0; at < shas.length; at += ASKED_AT_ONCE) {
    const some = shas.slice(at, at + ASKED_AT_ONCE);
    const kept = await db.sql.select({ sha: blobs.sha }).from(blobs).where(inArray(blobs.sha, some));
    for (const { sha } of kept) bySha.delete(sha);
  }
  return [...bySha.values()];
}

/** Only content that bears the name that the tree gives it is kept: attributes can make an archive say something else. */
async function takeFromArchive(
  { db, clock, crash }: BlobStoreDeps,
  reading: Pick<Reading, "archive">,
  { repoId, commit }: Source,
  missing: readonly Wanted[],
): Promise<void> {
  const sizes = new Map(missing.map(({ path, size }) => [path, size]));
  const shas = new Set(missing.map(({ sha }) => sha));
  let batch: { sha: Sha; content: Uint8Array; usedAt: Date }[] = [];
  let bytes = 0;
  const keepBatch = async (): Promise<void> => {
    const rows = batch;
    [batch, bytes] = [[], 0];
    if (rows.length === 0) return;
    await crash("archive.before.keep");
    await db.transaction(async ({ sql }) => void (await sql.insert(blobs).values(rows).onConflictDoNothing()));
  };
  await crash("archive.before.read");
  try {
    await reading.archive(repoId, commit, {
      wants: (path, size) => sizes.get(path) === size,
      keep: async (_path, content) => {
        const sha = blobSha(content);
        // Deleted at once: the same content under another name would be kept twice.
        if (!shas.delete(sha)) return;
        batch.push({ sha, content, usedAt: clock() });
        bytes += content.byteLength;
        if (bytes >= KEPT_AT_ONCE_BYTES || batch.length >= ASKED_AT_ONCE) await keepBatch();
      },
    });
  } finally {
    // What came before the archive broke off is as good as the rest.
    await keepBatch();
  }
}

export type Source = Readonly<{ repoId: RepoId; commit: Sha }>;

/**
 * Afterwards the store holds all of `wanted`, or the first of them where neither an archive nor a few single requests bring
 * more. Only for files that a tree of this very repository names. Throws GitHubError where GitHub wants us to wait, or single
 * files cannot be read.
 */
export async function fillBlobs(
  deps: BlobStoreDeps,
  reading: Pick<Reading, "archive" | "blob">,
  source: Source,
  wanted: readonly Wanted[],
): Promise<void> {
  let missing = await lacking(deps, wanted);
  if (missing.length >= FEWEST_FOR_ARCHIVE) {
    try {
      await takeFromArchive(deps, reading, source, missing);
    } catch (error) {
      if (!(error instanceof GitHubError) || error.code === "rate_limited") throw error;
    }
    missing = await lacking(deps, missing);
  }
  for (const { sha } of missing.slice(0, MOST_SINGLY)) await readBlob(deps, reading, source.repoId, sha);
}
