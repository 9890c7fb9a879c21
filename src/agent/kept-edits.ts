// Edits that were paid for already: the same briefing gives the same edits, so a job that runs again does not ask again.
import { and, desc, eq, lt, sql as raw } from "drizzle-orm";
import { EditsDocument } from "../artifacts/edits.ts";
import type { ContextPacket } from "../context/packet.ts";
import type { Sql } from "../db/database.ts";
import { artifacts, contextPackets, runs } from "../db/schema.ts";
import { ArtifactId, type DeliveryId, type Digest } from "../ids.ts";
import { digestOf } from "../ledger/canonical.ts";

export type KeptEdits = Readonly<{ artifactId: ArtifactId; document: EditsDocument }>;

/** The newest edits of a delivery that were made from exactly this context, or null. */
export async function keptEdits(sql: Sql, id: DeliveryId, contextHash: Digest): Promise<KeptEdits | null> {
  const [row] = await sql
    .select({ id: artifacts.id, content: artifacts.content })
    .from(artifacts)
    .innerJoin(runs, eq(runs.id, artifacts.runId))
    .where(and(eq(artifacts.deliveryId, id), eq(artifacts.kind, "edits"), eq(runs.contextHash, contextHash)))
    .orderBy(desc(artifacts.id))
    .limit(1);
  return row === undefined
    ? null
    : { artifactId: ArtifactId.parse(row.id), document: EditsDocument.parse(row.content) };
}

/** What was asked of a proposer, whatever stood around it and however often it was sent back. */
const askedOf = (plan: unknown, feedback: unknown, task: unknown, base: unknown): Digest =>
  digestOf({ plan, feedback, task, base });

/**
 * The newest edits that an earlier attempt came to for the same task of the same plan, on the same base, with the same words of
 * approvers: what people saw of it last. Null where the task was never carried out, or has been asked for in other words since.
 */
export async function standingEdits(
  sql: Sql,
  { id, attempt }: Readonly<{ id: DeliveryId; attempt: number }>,
  { plan, feedback, task, repositories }: ContextPacket,
): Promise<KeptEdits | null> {
  const part = (path: string) => raw<unknown>`${contextPackets.content} #> ${path}::text[]`;
  const rows = await sql
    .select({
      id: artifacts.id,
      content: artifacts.content,
      plan: part("{plan}"),
      feedback: part("{feedback}"),
      task: part("{task,id}"),
      base: part("{repositories,0,baseSha}"),
    })
    .from(artifacts)
    .innerJoin(runs, eq(runs.id, artifacts.runId))
    .innerJoin(
      contextPackets,
      and(eq(contextPackets.deliveryId, runs.deliveryId), eq(contextPackets.hash, runs.contextHash)),
    )
    .where(and(eq(artifacts.deliveryId, id), eq(artifacts.kind, "edits"), lt(runs.attempt, attempt)))
    .orderBy(desc(artifacts.id));
  const wanted = askedOf(plan, feedback, task?.id ?? null, repositories[0]?.baseSha ?? null);
  const row = rows.find((one) => askedOf(one.plan, one.feedback, one.task, one.base) === wanted);
  return row === undefined
    ? null
    : { artifactId: ArtifactId.parse(row.id), document: EditsDocument.parse(row.content) };
}
