// The pull requests that the WriteGate opened for a delivery, and when: what a watch is about, and what is judged after the end.
import { and, desc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Sql } from "../db/database.ts";
import { deliveryRepos, phaseRuns, writes } from "../db/schema.ts";
import type { Delivery, Target, Written } from "../delivery/delivery.ts";
import { loadDelivery, newestSnapshot } from "../delivery/store.ts";
import { workOf } from "../delivery/work.ts";
import { type DeliveryId, InstallationId, RepoId, type TraceId } from "../ids.ts";

export type OpenedPull = Readonly<{
  repoId: RepoId;
  installationId: InstallationId;
  /** owner/name */
  name: string;
  baseBranch: string;
  target: Target;
  written: Written;
  writtenAt: Date;
}>;

export type Opened = Readonly<{
  delivery: Delivery;
  traceId: TraceId;
  pulls: readonly OpenedPull[];
  /** `verify.no_checks_after`, in seconds. */
  noChecksAfterSeconds: number;
  /** `verify.required_checks`: for branches whose own rules cannot be read. */
  requiredChecks: readonly string[];
}>;

const Snapshot = z.object({
  config: z.object({
    verify: z.object({ no_checks_after: z.number().positive(), required_checks: z.array(z.string()) }),
  }),
});

/** Those that are not merged yet, as far as the machine knows. */
export const loadOpened = (sql: Sql, id: DeliveryId): Promise<Opened | null> =>
  load(sql, id, ({ landed }) => landed === "no");

/** All that were opened, whatever became of them. */
export const loadEverOpened = (sql: Sql, id: DeliveryId): Promise<Opened | null> => load(sql, id, () => true);

async function load(sql: Sql, id: DeliveryId, which: (target: Target) => boolean): Promise<Opened | null> {
  const stored = await loadDelivery({ sql }, id);
  if (stored === null) return null;
  const { delivery, traceId } = stored;
  const { verify } = Snapshot.parse(await newestSnapshot(sql, id)).config;
  const repos = await sql.select().from(deliveryRepos).where(eq(deliveryRepos.deliveryId, id));

  const pulls: OpenedPull[] = [];
  for (const target of delivery.targets) {
    const { repoId, written } = target;
    const repo = repos.find((each) => each.repoId === repoId);
    if (written === null || !which(target) || repo === undefined) continue;
    pulls.push({
      repoId: RepoId.parse(repoId),
      installationId: InstallationId.parse(repo.installationId),
      name: `${repo.owner}/${repo.name}`,
      baseBranch: repo.baseBranch,
      target,
      written,
      writtenAt: await writtenAt(sql, id, repoId),
    });
  }
  return {
    delivery,
    traceId,
    pulls,
    noChecksAfterSeconds: verify.no_checks_after,
    requiredChecks: verify.required_checks,
  };
}

/** Null when watching is not what the state asks for, in this attempt. */
export async function loadWatched(sql: Sql, id: DeliveryId, attempt: number): Promise<Opened | null> {
  const opened = await loadOpened(sql, id);
  if (opened === null) return null;
  const { delivery } = opened;
  return delivery.attempt === attempt && workOf(delivery) === "watch" ? opened : null;
}

/** When the newest write of the repository was finished; a phase is never entered before that. */
async function writtenAt(sql: Sql, id: DeliveryId, repoId: RepoId): Promise<Date> {
  const [write] = await sql
    .select({ at: writes.finishedAt })
    .from(writes)
    .where(and(eq(writes.deliveryId, id), eq(writes.repoId, repoId), eq(writes.subjectKind, "patchset")))
    .orderBy(desc(writes.intendedAt))
    .limit(1);
  if (write?.at) return write.at;
  const [stay] = await sql
    .select({ at: phaseRuns.enteredAt })
    .from(phaseRuns)
    .where(eq(phaseRuns.deliveryId, id))
    .orderBy(desc(phaseRuns.id))
    .limit(1);
  if (stay === undefined) throw new Error(`delivery ${id} has no phase run`);
  return stay.at;
}
