// Whether a repository beside the may still be written to, by today's configurations, and under which policy.
import { judgeBeside } from "../admission/today.ts";
import type { Ceiling } from "../config/ceiling.ts";
import type { Config } from "../config/schema.ts";
import type { Database } from "../db/database.ts";
import type { deliveryRepos } from "../db/schema.ts";
import { newestSnapshot } from "../delivery/store.ts";
import type { GitHub } from "../github/github.ts";
import type { Reading } from "../github/reading.ts";
import { DeliveryId, RepoId } from "../ids.ts";
import { PolicyInForce, policyFor } from "../policy/in-force.ts";
import { type PolicySettings, stricter } from "../policy/settings.ts";
import { err, ok, type Result } from "../result.ts";
import { outWords } from "../thread/words/repositories.ts";

export type TargetDeps = Readonly<{ db: Pick<Database, "sql">; github: Pick<GitHub, "reading">; ceiling: Ceiling }>;

type Row = typeof deliveryRepos.$inferSelect;

export type Places = Readonly<{ primary: Row; target: Row; reading: Reading; config: Config }>;

export type TargetRules = Readonly<{
  policy: PolicySettings;
  /** On if the repository or the target itself says so. */
  requireCodeOwners: boolean;
}>;

/**
 * The policy of today: of the repository and of the target's own, with what was in force when the patches were made,
 * the strictest of all. The error says why the target may take part no longer. Throws GitHubError.
 */
export async function targetRules(
  deps: TargetDeps,
  { primary, target, reading, config }: Places,
): Promise<Result<TargetRules, string>> {
  const repoId = RepoId.parse(target.repoId);
  const before = PolicyInForce.parse(await newestSnapshot(deps.db.sql, DeliveryId.parse(primary.deliveryId)));
  const known = stricter(policyFor(before, repoId), config.policy);
  if (target.repoId === primary.repoId) return ok({ policy: known, requireCodeOwners: config.require_code_owners });

  const facts = await reading.repository(RepoId.parse(primary.repoId));
  if (facts === null) return err("the repository of the issue is gone");
  const beside = await judgeBeside(deps, { row: primary, facts, admits: config }, target);
  if (beside.kind === "out") return err(outWords(beside.out, `${facts.owner}/${facts.name}`));
  const own = beside.secondary.config.config;
  return ok({
    policy: stricter(known, own.policy),
    requireCodeOwners: config.require_code_owners || own.require_code_owners,
  });
}
