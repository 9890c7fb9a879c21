// What is stored of a run, and of what it was given: all that a replay has.
import { and, asc, eq, inArray } from "drizzle-orm";
import { type BlobStoreDeps, textOf } from "../../context/blob-store.ts";
import { ContextPacket } from "../../context/packet.ts";
import { shownFile } from "../../context/shown-text.ts";
import type { Sql } from "../../db/database.ts";
import { artifacts, blobs, contextPackets, deliveryRepos, runs } from "../../db/schema.ts";
import { DeliveryId, type Digest, RepoId, type RunId, type Sha } from "../../ids.ts";
import { err, ok, type Result } from "../../result.ts";
import { StepSpec } from "../step.ts";
import { type Exchange, Transcript } from "../transcript.ts";

export type StoredArtifact = Readonly<{ kind: string; version: number; hash: Digest; content: unknown }>;

export type StoredRun = Readonly<{
  id: RunId;
  deliveryId: DeliveryId;
  role: string;
  step: StepSpec;
  canary: string | null;
  promptHash: Digest;
  contextHash: Digest;
  outcome: string;
  error: string | null;
  transcript: readonly Exchange[];
  artifact: StoredArtifact | null;
  /** All that take part; `name` is owner/name. */
  repositories: readonly Readonly<{ repoId: RepoId; name: string }>[];
  packet: ContextPacket | null;
  /** Of the files in the packet, those that are still in the store, as they may be shown. */
  texts: ReadonlyMap<Sha, string>;
}>;

/** What replay asks of the store of blobs; nothing is fetched. */
export type ReplayDeps = Pick<BlobStoreDeps, "db" | "clock" | "crash">;

async function textsOf(sql: Sql, packet: ContextPacket | null): Promise<ReadonlyMap<Sha, string>> {
  const wanted = packet?.repositories.flatMap(({ files }) => files.map(({ blob }) => blob)) ?? [];
  if (wanted.length === 0) return new Map();
  const rows = await sql.select().from(blobs).where(inArray(blobs.sha, wanted));
  const texts = new Map<Sha, string>();
  for (const { sha, content } of rows) {
    const text = textOf(content);
    if (text !== null) texts.set(sha, (await shownFile(text)).text);
  }
  return texts;
}

/** The error says why it cannot be replayed. */
export async function loadRun(sql: Sql, id: RunId): Promise<Result<StoredRun, string>> {
  const [row] = await sql.select().from(runs).where(eq(runs.id, id));
  if (row === undefined) return err(`there is no run ${id}`);
  const step = StepSpec.safeParse(row.step);
  if (!step.success) return err(`run ${id} was made before steps were kept with runs`);
  const transcript = Transcript.safeParse(row.transcript);
  if (!transcript.success) return err(`the transcript of run ${id} cannot be read`);
  if (transcript.data.length === 0) return err(`run ${id} asked nothing, so there is nothing to replay`);

  const deliveryId = DeliveryId.parse(row.deliveryId);
  const [made] = await sql.select().from(artifacts).where(eq(artifacts.runId, id)).orderBy(asc(artifacts.id)).limit(1);
  const [given] = await sql
    .select({ content: contextPackets.content })
    .from(contextPackets)
    .where(and(eq(contextPackets.deliveryId, deliveryId), eq(contextPackets.hash, row.contextHash)))
    .limit(1);
  const repos = await sql.select().from(deliveryRepos).where(eq(deliveryRepos.deliveryId, deliveryId));
  const packet = ContextPacket.safeParse(given?.content).data ?? null;
  return ok({
    id,
    deliveryId,
    role: row.role,
    step: step.data,
    canary: row.canary,
    promptHash: row.promptHash,
    contextHash: row.contextHash,
    outcome: row.outcome,
    error: row.error,
    transcript: transcript.data,
    artifact:
      made === undefined ? null : { kind: made.kind, version: made.version, hash: made.hash, content: made.content },
    repositories: repos.map(({ repoId, owner, name }) => ({ repoId: RepoId.parse(repoId), name: `${owner}/${name}` })),
    packet,
    texts: await textsOf(sql, packet),
  });
}
