// What an agent's job asks before it reads anything: which rules are in force today, and whether its repositories still take part.
import type { GitHub } from "../github/github.ts";
import type { RepoId } from "../ids.ts";
import type { PolicySettings } from "../policy/settings.ts";
import type { Assignment } from "./assignment.ts";

export type WorkRules = Readonly<{
  policyFor: (repoId: RepoId) => PolicySettings;
  /** A sentence where one of these may take part no longer; null while all may. */
  whyOut: (repos: readonly RepoId[]) => string | null;
}>;

/**
 * Takes a ConstraintSnapshot when the configurations are no longer those of the newest. `github`: the job's own door, where it has one
 * that remembers what it has read. Throws GitHubError.
 */
export type ReadWorkRules = (
  assignment: Pick<Assignment, "delivery" | "traceId">,
  signal: AbortSignal,
  github?: Pick<GitHub, "reading">,
) => Promise<WorkRules>;
