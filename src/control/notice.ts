// Says that a control issue may have something new to show. Changes that follow one another closely are drawn once.
import { and, asc, eq, inArray, isNull, lt, or } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { controlIssues, deliveries, sources } from "../db/schema.ts";
import { type DeliveryId, type InstallationId, RepoId } from "../ids.ts";

/** How long what changed may stay unseen, in seconds: a delivery changes some twenty times on its way. */
const GATHER_SECONDS = 30;

/** Nobody looks at a clock in the issue, so an hour is soon enough for what the day has cost. */
const STALE_MS = 3_600_000;

/** A delivery of the repository moved. */
export async function noticeMoved(tx: Tx, deliveryId: DeliveryId): Promise<void> {
  const rows = await tx.sql
    .select({ repoId: controlIssues.repoId })
    .from(controlIssues)
    .innerJoin(deliveries, eq(deliveries.repoId, controlIssues.repoId))
    .where(and(eq(deliveries.id, deliveryId), eq(controlIssues.wanted, "on")));
  for (const { repoId } of rows) {
    await tx.enqueue("control", { repoId: RepoId.parse(repoId) }, { startAfterSeconds: GATHER_SECONDS });
  }
}

/** A freeze was put or lifted: all that it stands over are drawn at once. */
export async function noticeFrozen(
  tx: Tx,
  frozen: Readonly<{ kind: "repository"; repoId: RepoId } | { kind: "installation"; installationId: InstallationId }>,
): Promise<void> {
  const rows = await tx.sql
    .select({ repoId: controlIssues.repoId })
    .from(controlIssues)
    .innerJoin(sources, eq(sources.repoId, controlIssues.repoId))
    .where(
      and(
        eq(controlIssues.wanted, "on"),
        frozen.kind === "repository"
          ? eq(controlIssues.repoId, frozen.repoId)
          : eq(sources.installationId, frozen.installationId),
      ),
    );
  for (const { repoId } of rows) await tx.enqueue("control", { repoId: RepoId.parse(repoId) });
}

/** Those that were not drawn for an hour, or not at all: oldest first. */
export async function noticeStale(tx: Tx, now: Date, limit: number): Promise<void> {
  const stale = or(isNull(controlIssues.drawnAt), lt(controlIssues.drawnAt, new Date(now.getTime() - STALE_MS)));
  const rows = await tx.sql
    .select({ repoId: controlIssues.repoId })
    .from(controlIssues)
    .where(and(eq(controlIssues.wanted, "on"), stale))
    .orderBy(asc(controlIssues.drawnAt))
    .limit(limit);
  // Whether or not there is something new: an hour from now it is asked again.
  const ids = rows.map(({ repoId }) => repoId);
  if (ids.length > 0)
    await tx.sql.update(controlIssues).set({ drawnAt: now }).where(inArray(controlIssues.repoId, ids));
  for (const repoId of ids) await tx.enqueue("control", { repoId: RepoId.parse(repoId) });
}
