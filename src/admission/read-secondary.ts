// Reads a repository beside the as it is now: what it is, and what its own configuration says.
import type { Ceiling } from "../config/ceiling.ts";
import { readConfig } from "../config/read.ts";
import { GitHubError } from "../github/errors.ts";
import type { GitHub } from "../github/github.ts";
import type { InstallationId, RepoId } from "../ids.ts";
import type { SecondaryFacts } from "./taking-part.ts";

/** Whether it is in service, and which names stood for whom, is the database's to say. */
export type ReadSecondary = Omit<SecondaryFacts, "source" | "pinned">;

/** What GitHub does not show us, or gives no token for, is not there for us; why is nobody's business who cannot see it. */
async function orNull<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof GitHubError && ["forbidden", "not_found", "unprocessable"].includes(error.code)) return null;
    throw error;
  }
}

/** Null where this installation is not shown it. Throws GitHubError where trying again may help. */
export const readSecondary = (
  github: Pick<GitHub, "reading">,
  installation: InstallationId,
  repoId: RepoId,
  ceiling: Ceiling,
  signal?: AbortSignal,
): Promise<ReadSecondary | null> =>
  orNull(
    (async () => {
      const reading = await github.reading(installation, [repoId], signal);
      const facts = await reading.repository(repoId);
      return facts === null ? null : { facts, config: await readConfig(reading, repoId, ceiling) };
    })(),
  );

/** The same by the name that somebody wrote. */
export async function findSecondary(
  github: Pick<GitHub, "reading" | "find">,
  installation: InstallationId,
  name: string,
  ceiling: Ceiling,
): Promise<ReadSecondary | null> {
  const repoId = await orNull(github.find(installation, name));
  return repoId === null ? null : readSecondary(github, installation, repoId, ceiling);
}
