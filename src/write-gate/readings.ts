// One reading client a repository of the delivery, opened when it is first asked for.
import { GitHubError } from "../github/errors.ts";
import type { GitHub } from "../github/github.ts";
import type { Reading } from "../github/reading.ts";
import type { RepoId } from "../ids.ts";
import type { WriteCase } from "./write-case.ts";

/** Throws GitHubError; a repository that takes no part in the delivery has no reading. */
export type ReadingOf<R = Reading> = (repoId: RepoId) => Promise<R>;

export const readingsOf = (
  github: Pick<GitHub, "reading">,
  { places }: Pick<WriteCase, "places">,
  signal: AbortSignal | undefined,
): ReadingOf => {
  const opened = new Map<RepoId, Promise<Reading>>();
  return async (repoId) => {
    const place = places.get(repoId);
    if (place === undefined) throw new GitHubError("forbidden", `repository ${repoId} takes no part in the delivery`);
    const reading = opened.get(repoId) ?? github.reading(place.installationId, [repoId], signal);
    opened.set(repoId, reading);
    return reading;
  };
};
