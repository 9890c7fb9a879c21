// Repositories of a delivery that take no word from us now: archived, or out of our reach. The issue may still be told.
import { inArray } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { sources } from "../db/schema.ts";
import { RepoId } from "../ids.ts";
import type { DeliveryView } from "./delivery-view.ts";

export type ClosedPlaces = Readonly<{
  /** Nothing at all can be said. */
  issue: boolean;
  others: ReadonlySet<RepoId>;
}>;

const MUTE: ClosedPlaces = { issue: true, others: new Set() };

/** An archived repository whose row does not say so yet may be the issue's own: then nothing is said until it does. */
export async function closedPlaces(sql: Sql, { issue, state, repositories }: DeliveryView): Promise<ClosedPlaces> {
  // GitHub takes no word from a suspended App.
  if (state.holds.includes("suspended")) return MUTE;
  const ids = repositories.map(({ repoId }) => repoId);
  const rows = await sql
    .select({ repoId: sources.repoId, archived: sources.archived, active: sources.active })
    .from(sources)
    .where(inArray(sources.repoId, ids));
  const archived = rows.filter((row) => row.archived).map(({ repoId }) => RepoId.parse(repoId));
  const left = rows.filter((row) => !row.active).map(({ repoId }) => RepoId.parse(repoId));
  if (state.holds.includes("archived") && (archived.length === 0 || archived.includes(issue.repoId))) return MUTE;
  return { issue: false, others: new Set([...archived, ...left].filter((repoId) => repoId !== issue.repoId)) };
}
