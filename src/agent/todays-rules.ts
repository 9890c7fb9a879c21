// What an agent's job asks before it reads anything: which rules are in force today, and whether its repositories still take part.
import type { RepoId } from "../ids.ts";
import type { PolicySettings } from "../policy/settings.ts";
import type { Assignment } from "./assignment.ts";

export type TodaysRules = Readonly<{
  policyFor: (repoId: RepoId) => PolicySettings;
  /** A sentence where one of these may take part no longer; null while all may. */
  whyOut: (repos: readonly RepoId[]) => string | null;
}>;

/** Takes a ConstraintSnapshot when the configurations are no longer those of the newest. Throws GitHubError. */
export type ReadTodaysRules = (
  assignment: Pick<Assignment, "delivery" | "traceId">,
  signal: AbortSignal,
) => Promise<TodaysRules>;
