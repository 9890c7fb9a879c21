// Patch sets in the database. What is read back is proved by its digest first: one value for what is shown and written.
import { and, asc, eq, max } from "drizzle-orm";
import { z } from "zod";
import type { Sql, Tx } from "../db/database.ts";
import { patches, patchSets } from "../db/schema.ts";
import type { Actor } from "../delivery/event.ts";
import { type ArtifactId, DeliveryId, type Digest, PatchSetId, type TraceId } from "../ids.ts";
import { type Instant, instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { deliveryChain } from "../ledger/entry.ts";
import { err, ok, type Result } from "../result.ts";
import type { Visibilities } from "../visibility.ts";
import { checkContent } from "./check-content.ts";
import { renderDiff } from "./diff.ts";
import { patchSetDigest } from "./digest.ts";
import { FileChange, PatchSetContent } from "./patch-set.ts";

export type NewPatchSet = Readonly<{
  deliveryId: DeliveryId;
  content: PatchSetContent;
  /** The edits that it was made of. */
  artifactId: ArtifactId | null;
  /** Who saw the delivery's repositories when its words were chosen; none for a delivery that tells nothing of others. */
  visibilities?: Visibilities;
  at: Instant;
  actor: Actor;
  traceId: TraceId;
}>;

export type SavedPatchSet = Readonly<{ id: PatchSetId; version: number; digest: Digest }>;

/**
 * Saves a patch set as the next version of its repository in the delivery, with its ledger entry. Throws when the content
 * is not sound, and when another transaction took the version.
 */
export const savePatchSet = async (tx: Tx, draft: NewPatchSet): Promise<SavedPatchSet> => {
  const { deliveryId, content, artifactId, visibilities = {}, at, actor, traceId } = draft;
  const problem = checkContent(content);
  if (problem !== null) throw new Error(`a patch set that is not sound: ${problem.code} at ${problem.where}`);
  const digest = patchSetDigest(content);
  const { changes, ...rest } = content;
  const sameRepo = and(eq(patchSets.deliveryId, deliveryId), eq(patchSets.repoId, content.repoId));
  const [last] = await tx.sql
    .select({ version: max(patchSets.version) })
    .from(patchSets)
    .where(sameRepo);
  const version = (last?.version ?? 0) + 1;
  const [row] = await tx.sql
    .insert(patchSets)
    .values({
      deliveryId,
      repoId: content.repoId,
      version,
      digest,
      content: rest,
      artifactId,
      visibilities,
      createdAt: new Date(at),
    })
    .returning({ id: patchSets.id });
  const id = PatchSetId.parse(row?.id);
  await tx.sql.insert(patches).values(
    changes.map((change, position) => ({
      patchSetId: id,
      position,
      path: change.path,
      change,
      diff: renderDiff(change),
    })),
  );
  const files = changes.map(({ kind, path, previousPath, oldBlob, newBlob }) => ({
    kind,
    path,
    previousPath,
    oldBlob,
    newBlob,
  }));
  const { repoId, baseSha, parentSha, tree, branch } = content;
  await append(tx, deliveryChain(deliveryId), [
    {
      deliveryId,
      at,
      actor,
      action: "patch_set_made",
      entity: { kind: "patch_set", id: String(id) },
      before: null,
      after: { version, digest, repoId, baseSha, parentSha, tree, branch, files },
      note: null,
      traceId,
    },
  ]);
  return { id, version, digest };
};

export type LoadedPatchSet = SavedPatchSet &
  Readonly<{
    deliveryId: DeliveryId;
    content: PatchSetContent;
    /** One a change, in the same order. */
    diffs: readonly string[];
    createdAt: Instant;
  }>;

/** `not_found`: no such row. All others: the rows are not what was approved, or not what was saved. */
export type PatchSetFault = Readonly<{
  code: "not_found" | "malformed" | "unsound" | "diff_differs" | "digest_differs";
  note: string;
}>;

const fault = (code: PatchSetFault["code"], note: string) => err({ code, note });

/** Reads a patch set and proves it: content sound, diffs those of the content, digest that of both. */
export const loadPatchSet = async (sql: Sql, id: PatchSetId): Promise<Result<LoadedPatchSet, PatchSetFault>> => {
  const [row] = await sql.select().from(patchSets).where(eq(patchSets.id, id));
  if (row === undefined) return fault("not_found", `there is no patch set ${id}`);
  const rows = await sql.select().from(patches).where(eq(patches.patchSetId, id)).orderBy(asc(patches.position));

  const changes = FileChange.array().safeParse(rows.map(({ change }) => change));
  if (!changes.success) return fault("malformed", "a change is not of its shape");
  const rest = z.record(z.string(), z.unknown()).safeParse(row.content);
  const parsed = PatchSetContent.safeParse({ ...rest.data, changes: changes.data });
  if (!parsed.success) return fault("malformed", "the content is not of its shape");
  const content = parsed.data;
  if (content.repoId !== row.repoId) return fault("malformed", "the row names another repository than the content");

  const problem = checkContent(content);
  if (problem !== null) return fault("unsound", `${problem.code} at ${problem.where}`);
  const other = rows.find(({ position, path, diff }, at) => {
    const change = content.changes[at];
    return change === undefined || position !== at || path !== change.path || diff !== renderDiff(change);
  });
  if (other !== undefined)
    return fault("diff_differs", `the diff kept at position ${other.position} is not that of the change`);
  const digest = patchSetDigest(content);
  if (digest !== row.digest) return fault("digest_differs", `recorded ${row.digest}, computed ${digest}`);
  return ok({
    id,
    version: row.version,
    digest,
    deliveryId: DeliveryId.parse(row.deliveryId),
    content,
    diffs: rows.map(({ diff }) => diff),
    createdAt: instant(row.createdAt),
  });
};
