// Whether what blocked a delivery is gone, for `/retry`: a policy that is not the one that blocked may judge otherwise.
import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import { judgeBeside, readPrimary, type TodayDeps } from "../admission/today.ts";
import { deliveryRepos } from "../db/schema.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { newestSnapshot } from "../delivery/store.ts";
import { policyVersion } from "../policy/judge.ts";
import { stricter } from "../policy/settings.ts";

/** Every run under a policy keeps the snapshot it ran under: the newest is the one that blocked. */
const Snapshot = z.object({
  policyVersion: z.string(),
  secondaries: z.array(z.object({ repoId: z.number(), policyVersion: z.string() })).default([]),
});

/** Null where there is nothing to read: the work itself looks when it starts again. Throws GitHubError. */
export const causeGone =
  (deps: TodayDeps) =>
  async (delivery: Delivery): Promise<boolean | null> => {
    if (delivery.runStatus !== "blocked" || delivery.reason !== "policy") return null;
    const [row, ...others] = await deps.db.sql
      .select()
      .from(deliveryRepos)
      .where(eq(deliveryRepos.deliveryId, delivery.id))
      .orderBy(asc(deliveryRepos.position), asc(deliveryRepos.repoId));
    const primary = row === undefined ? null : await readPrimary(deps, row);
    if (row === undefined || primary === null || primary.config.kind !== "config") return false;
    const { facts, config } = primary;
    const { policy } = config.config;
    const blocked = Snapshot.parse(await newestSnapshot(deps.db.sql, delivery.id));
    if (policyVersion(policy) !== blocked.policyVersion) return true;
    for (const other of others) {
      const beside = await judgeBeside(deps, { row, facts, admits: config.config }, other);
      // One that may take part no longer is stopped when the work starts: its policy judges nothing.
      if (beside.kind === "out") continue;
      const before = blocked.secondaries.find(({ repoId }) => repoId === other.repoId)?.policyVersion;
      if (policyVersion(stricter(policy, beside.secondary.config.config.policy)) !== before) return true;
    }
    return false;
  };
