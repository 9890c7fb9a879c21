// Edits that were paid for already: the same briefing gives the same edits, so a job that runs again does not ask again.
import { and, desc, eq } from "drizzle-orm";
import { EditsDocument } from "../artifacts/edits.ts";
import type { Sql } from "../db/database.ts";
import { artifacts, runs } from "../db/schema.ts";
import { ArtifactId, type DeliveryId, type Digest } from "../ids.ts";

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
