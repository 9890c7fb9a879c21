// How many deliveries live, of one repository and of one installation: what the limits of admission are held against.
import { and, count, eq } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { deliveries, sources } from "../db/schema.ts";
import type { InstallationId, RepoId } from "../ids.ts";
import { live } from "../webhooks/live-deliveries.ts";

export async function liveCounts(
  sql: Sql,
  installationId: InstallationId,
  repoId: RepoId,
): Promise<Readonly<{ repository: number; installation: number }>> {
  const [repository] = await sql
    .select({ live: count() })
    .from(deliveries)
    .where(and(live, eq(deliveries.repoId, repoId)));
  const [installation] = await sql
    .select({ live: count() })
    .from(deliveries)
    .innerJoin(sources, eq(sources.repoId, deliveries.repoId))
    .where(and(live, eq(sources.installationId, installationId)));
  return { repository: repository?.live ?? 0, installation: installation?.live ?? 0 };
}
