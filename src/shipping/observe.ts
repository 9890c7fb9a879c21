// What was merged for a delivery, and one look at how it fares: deployments and checks of the merge, and the checks before it.
import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { DEFAULT_CONFIG } from "../config/schema.ts";
import type { Sql } from "../db/database.ts";
import { deliveryRepos, gates } from "../db/schema.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { type G5, g5 } from "../delivery/gates/g5.ts";
import type { Ours } from "../delivery/gates/newest-checks.ts";
import { loadDelivery, newestSnapshot } from "../delivery/store.ts";
import { workOf } from "../delivery/work.ts";
import type { Reading } from "../github/reading.ts";
import type { ShipReading } from "../github/reading-shipping.ts";
import { type DeliveryId, InstallationId, type PullNumber, type RepoId, type Sha, type TraceId } from "../ids.ts";

export type MergedPull = Readonly<{
  repoId: RepoId;
  installationId: InstallationId;
  /** owner/name */
  name: string;
  pullRequest: PullNumber;
}>;

export type Observed = Readonly<{
  delivery: Delivery;
  traceId: TraceId;
  pulls: readonly MergedPull[];
  windowSeconds: number;
  /** When this attempt looked first; null before. */
  since: Date | null;
}>;

const Snapshot = z.object({
  config: z.object({
    exit_phase: z.string(),
    observe: z.object({ window: z.number().int().nonnegative() }).default(DEFAULT_CONFIG.observe),
  }),
});

/** Null when observing is not what the state asks for, in this attempt. */
export async function loadObserved(sql: Sql, id: DeliveryId, attempt: number): Promise<Observed | null> {
  const stored = await loadDelivery({ sql }, id);
  if (stored === null || stored.delivery.attempt !== attempt || workOf(stored.delivery) !== "observe") return null;
  const { delivery, traceId } = stored;
  const { config } = Snapshot.parse(await newestSnapshot(sql, id));
  const repos = await sql.select().from(deliveryRepos).where(eq(deliveryRepos.deliveryId, id));
  const [first] = await sql
    .select({ at: gates.judgedAt })
    .from(gates)
    .where(and(eq(gates.deliveryId, id), eq(gates.gate, "G5"), eq(gates.attempt, attempt)))
    .orderBy(asc(gates.id))
    .limit(1);
  const pulls = delivery.targets.flatMap(({ repoId, written, landed }) => {
    const repo = repos.find((each) => each.repoId === repoId);
    if (written === null || landed !== "merged" || repo === undefined) return [];
    const installationId = InstallationId.parse(repo.installationId);
    return [{ repoId, installationId, name: `${repo.owner}/${repo.name}`, pullRequest: written.pullRequest }];
  });
  const windowSeconds = config.exit_phase === "deploy" ? 0 : config.observe.window;
  return { delivery, traceId, pulls, windowSeconds, since: first?.at ?? null };
}

/** `merge` null: GitHub does not say yet what the merge made. */
export type Sighting = Readonly<{ pull: MergedPull; merge: Sha | null; before: Sha | null; judged: G5 | null }>;

export type ObservePorts = Readonly<{
  reading: Pick<Reading, "pull" | "commit" | "checks">;
  shipping: Pick<ShipReading, "deployments">;
  ours: Ours;
}>;

/** Throws GitHubError. */
export async function observe(
  { reading, shipping, ours }: ObservePorts,
  { windowSeconds, since }: Pick<Observed, "windowSeconds" | "since">,
  pull: MergedPull,
  now: Date,
): Promise<Sighting> {
  const { repoId, pullRequest } = pull;
  const merge = (await reading.pull(repoId, pullRequest))?.mergeSha ?? null;
  if (merge === null) return { pull, merge, before: null, judged: null };
  const before = (await reading.commit(repoId, merge))?.parents[0] ?? null;
  const checks = await reading.checks(repoId, merge);
  const checksBefore = before === null ? { items: [], complete: true } : await reading.checks(repoId, before);
  // Whoever made them: a provider that deploys each push to the branch tells of it in the same way.
  const deployments = (await shipping.deployments(repoId, merge)) ?? { items: [], complete: true };
  const judged = g5({
    deployments: deployments.items.map(({ environment, state, url }) => ({ environment, state, url })),
    checks: checks.items,
    checksBefore: checksBefore.items,
    complete: checks.complete && checksBefore.complete && deployments.complete,
    ours,
    secondsWatched: since === null ? 0 : Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000)),
    windowSeconds,
  });
  return { pull, merge, before, judged };
}

const short = (sha: Sha | null): string => sha?.slice(0, 7) ?? "?";

/** What changed, of which merge, onto what. */
export const regressionNote = (seen: readonly Sighting[]): string =>
  seen
    .filter(({ judged }) => judged?.verdict === "regressed")
    .map(
      ({ pull, merge, before, judged }) =>
        `${pull.name} at ${short(merge)}, which merged #${pull.pullRequest} onto ${short(before)}: ${judged?.evidence.regressions.join(", ")}`,
    )
    .join("; ")
    .slice(0, 1_500);
