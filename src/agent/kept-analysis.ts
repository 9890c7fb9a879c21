// Analyses of red checks that were paid for already.
import { and, desc, eq } from "drizzle-orm";
import { FailureAnalysis } from "../artifacts/failure-analysis.ts";
import type { Sql } from "../db/database.ts";
import { artifacts } from "../db/schema.ts";
import type { DeliveryId, Digest } from "../ids.ts";

/** The newest of a delivery, whatever it is of. */
export async function newestAnalysis(sql: Sql, id: DeliveryId): Promise<FailureAnalysis | null> {
  const [row] = await sql
    .select({ content: artifacts.content })
    .from(artifacts)
    .where(and(eq(artifacts.deliveryId, id), eq(artifacts.kind, "failure_analysis")))
    .orderBy(desc(artifacts.version))
    .limit(1);
  return row === undefined ? null : FailureAnalysis.parse(row.content);
}

/** That of exactly these red checks, made in this attempt; null where they are still to be analysed. */
export async function analysisOf(
  sql: Sql,
  id: DeliveryId,
  attempt: number,
  red: Digest,
): Promise<FailureAnalysis | null> {
  const found = await newestAnalysis(sql, id);
  return found !== null && found.attempt === attempt && found.red === red ? found : null;
}
