// What a base branch asks for before anything is merged into it, and whether a pull request has it.
import type { BranchRules, Pull, Repo } from "../records.ts";
import { atLeast } from "../records.ts";
import type { World } from "../world.ts";
import { contextsOf } from "./deployments.ts";

/** By the newest review of each person with write access that says yes or no. */
const approvals = (world: World, repo: Repo, pull: Pull): number => {
  const newest = new Map<number, string>();
  for (const { by, state } of pull.reviews) {
    if (state !== "COMMENTED" && atLeast(world.roleOf(repo, by), "write")) newest.set(by.id, state);
  }
  return [...newest.values()].filter((state) => state === "APPROVED").length;
};

/** GitHub's words for why it does not merge; null where nothing stands in the way. */
export const whyBlocked = (world: World, repo: Repo, pull: Pull): string | null => {
  const rules: BranchRules | undefined = repo.rules.get(pull.baseRef);
  if (rules === undefined) return null;
  if (rules.mergeQueue) return "Changes must be made through the merge queue";
  if (approvals(world, repo, pull) < rules.requiredReviews)
    return `At least ${rules.requiredReviews} approving review is required by reviewers with write access.`;
  const contexts = contextsOf(repo, pull.headSha);
  const missing = rules.requiredChecks.find(({ context }) => contexts.get(context) !== true);
  if (missing === undefined) return null;
  const is = contexts.has(missing.context) ? "is failing or in progress" : "is expected";
  return `Required status check "${missing.context}" ${is}.`;
};

/** Of an open pull request, as GitHub sums it up. */
export const mergeableState = (world: World, repo: Repo, pull: Pull, mergeable: boolean): string => {
  if (!mergeable) return "dirty";
  if (pull.draft) return "draft";
  if (whyBlocked(world, repo, pull) !== null) return "blocked";
  return [...contextsOf(repo, pull.headSha).values()].every((green) => green) ? "clean" : "unstable";
};
