// Ends a delivery: the result is shown, the issue closed where the exit asks for it, and only then is it over.
import { and, eq, isNotNull } from "drizzle-orm";
import { type SummariseDeps, summarise } from "../agent/summarise.ts";
import type { Sql } from "../db/database.ts";
import { deliveries, deliveryRepos, publications } from "../db/schema.ts";
import { report } from "../delivery/inbox.ts";
import { loadDelivery } from "../delivery/store.ts";
import { isReverted } from "../delivery/transitions/closing.ts";
import { workOf } from "../delivery/work.ts";
import type { GitHub } from "../github/github.ts";
import { InstallationId, IssueNumber, RepoId } from "../ids.ts";
import { instant } from "../instant.ts";
import { RESULT } from "../thread/key.ts";
import type { Handler } from "./handler.ts";

/** Where the exit is a pull request or less, the issue stays open: the merge is people's, and closes it. */
const CLOSES_ISSUE = ["observe", "close"];

const LOOK_AGAIN_SECONDS = 1;

export type CloseDeps = SummariseDeps & Readonly<{ github: Pick<GitHub, "speaking"> }>;

export const closeJob =
  (deps: CloseDeps): Handler<"close"> =>
  async ({ deliveryId, attempt }, { tries, signal }) => {
    const stored = await loadDelivery(deps.db, deliveryId);
    if (stored === null || stored.delivery.attempt !== attempt || workOf(stored.delivery) !== "close") return;
    // The result comment waits for its words, or for the news that there are none.
    await summarise(deps, { deliveryId, attempt, tries, signal });
    // Only the publisher publishes: two at once would each make the comment that neither has seen.
    if (!(await isPublished(deps.db.sql, deliveryId))) {
      await deps.db.transaction(async (tx) => {
        await tx.enqueue("publish", { deliveryId });
        await tx.enqueue("close", { deliveryId, attempt }, { startAfterSeconds: LOOK_AGAIN_SECONDS });
      });
      return;
    }
    // What undoes a merge leaves the issue to be solved again.
    if (CLOSES_ISSUE.includes(stored.delivery.exitPhase) && stored.delivery.undoes === undefined) {
      // What was taken back is not there: the issue asks for something that still is not done.
      const as = isReverted(stored.delivery) ? "not_planned" : "completed";
      await closeIssue(deps, deliveryId, as, signal);
    }
    await deps.crash("close.before.report");
    await deps.db.transaction((tx) =>
      report(tx, deliveryId, {
        event: { type: "close_published", attempt },
        actor: { kind: "system", id: "close" },
        at: instant(deps.clock()),
        dedupeKey: `work:close:${attempt}:close_published`,
      }),
    );
    await deps.crash("close.after.report");
  };

async function isPublished(sql: Sql, deliveryId: number): Promise<boolean> {
  const [row] = await sql
    .select({ id: publications.remoteId })
    .from(publications)
    .where(
      and(eq(publications.deliveryId, deliveryId), eq(publications.key, RESULT), isNotNull(publications.publishedAt)),
    );
  return row !== undefined && row.id !== null;
}

async function closeIssue(
  deps: CloseDeps,
  deliveryId: number,
  as: "completed" | "not_planned",
  signal: AbortSignal,
): Promise<void> {
  const [row] = await deps.db.sql
    .select({ number: deliveries.issueNumber, repoId: deliveries.repoId, installationId: deliveryRepos.installationId })
    .from(deliveries)
    .innerJoin(
      deliveryRepos,
      and(eq(deliveryRepos.deliveryId, deliveries.id), eq(deliveryRepos.repoId, deliveries.repoId)),
    )
    .where(eq(deliveries.id, deliveryId));
  if (row === undefined) return;
  const repoId = RepoId.parse(row.repoId);
  await deps.crash("close.before.close_issue");
  const speaking = await deps.github.speaking(InstallationId.parse(row.installationId), [repoId], signal);
  await speaking.closeIssue(repoId, IssueNumber.parse(row.number), as);
  await deps.crash("close.after.close_issue");
}
