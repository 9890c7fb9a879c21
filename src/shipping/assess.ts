// One look at everything that a merge of a delivery's pull requests needs, and what it would then be.
import type { Ceiling } from "../config/ceiling.ts";
import { merges } from "../config/exit-phase.ts";
import { readConfig } from "../config/read.ts";
import type { Ours } from "../delivery/gates/newest-checks.ts";
import type { Reading } from "../github/reading.ts";
import type { DeploymentAt, ShipReading } from "../github/reading-shipping.ts";
import type { PullNumber } from "../ids.ts";
import { type ApprovedWords, approvedWords } from "../verify/approved-words.ts";
import { type LookDeps, look, type Seen } from "../verify/look.ts";
import type { Opened, OpenedPull } from "../verify/opened.ts";
import type { DeploymentContent, MergeContent, MergeMethod } from "./content.ts";
import { approvedBy, type Missing, missingOf, type Preview, type PullReadiness } from "./readiness.ts";

export type AssessPorts = LookDeps &
  Readonly<{ reading: Reading; shipping: ShipReading; ceiling: Ceiling; ours: Ours }>;

export type Assessed = Readonly<{
  seen: Seen;
  readiness: PullReadiness;
  /** What would be merged and deployed; null where that cannot be told. */
  merge: MergeContent | null;
  deployment: DeploymentContent | null;
}>;

/** Of each environment the newest. */
const previewsOf = (deployments: readonly DeploymentAt[]): Preview[] => {
  const newest = new Map<string, DeploymentAt>();
  for (const each of deployments) {
    const known = newest.get(each.environment);
    if (known === undefined || known.id < each.id) newest.set(each.environment, each);
  }
  return [...newest.values()]
    .toSorted((a, b) => (a.environment < b.environment ? -1 : 1))
    .map(({ environment, state, url, creator, updatedAt }) => ({
      environment,
      state,
      url,
      by: creator.login,
      at: updatedAt,
    }));
};

/** GitHub's own would repeat the pull request's title and text as they then are, whoever edited them. */
const messageOf = (method: MergeMethod, words: ApprovedWords, number: PullNumber): MergeContent["message"] =>
  method === "rebase" ? null : { title: `${words.pullTitle} (#${number})`, body: words.commitBody };

/** Throws GitHubError. */
export async function assess(ports: AssessPorts, opened: Opened, pull: OpenedPull, now: Date): Promise<Assessed> {
  const { reading, shipping, ceiling, ours } = ports;
  const { repoId, written, baseBranch } = pull;
  const number = written.pullRequest;
  const seen = await look(ports, reading, opened, pull, ours, now);
  const head = seen.found?.headSha ?? written.head;
  const mergeability = await shipping.mergeability(repoId, number);
  const reviews = await reading.reviews(repoId, number);
  const rules = await shipping.mergeRules(repoId, baseBranch);
  const deployments = await shipping.deployments(repoId, head);
  const today = await readConfig(reading, repoId, ceiling);
  const config = today.kind === "config" ? today.config : null;
  // Where the delivery ends was settled for the repository when it began; every other one speaks for itself.
  const isPrimary = pull.target.role === "primary";
  const missing: readonly Missing[] =
    mergeability === null || config === null
      ? [{ kind: "configuration" }]
      : missingOf({
          mergeability,
          reviews: reviews.items,
          rules,
          checks: seen.judged,
          merges: isPrimary || merges(config.exit_phase),
        });
  const commit = await reading.commit(repoId, head);
  const previews = deployments === null ? null : previewsOf(deployments.items);
  const environment = config?.deploy.environment ?? null;
  const words = await approvedWords(ports.sql, opened.delivery.id, repoId);
  return {
    seen,
    readiness: { repoId, pullRequest: number, missing, previews, approvedBy: approvedBy(reviews.items) },
    merge:
      commit === null || config === null || words === null
        ? null
        : {
            repoId,
            pullRequest: number,
            head,
            tree: commit.tree,
            baseBranch,
            method: config.merge.method,
            message: messageOf(config.merge.method, words, number),
          },
    deployment:
      environment === null || config === null
        ? null
        : {
            repoId,
            commit: "merge_commit",
            baseBranch,
            environment,
            requiredContexts: config.deploy.required_checks,
          },
  };
}
