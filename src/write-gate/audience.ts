// Rule 13 at the write: words that were fit for those who saw a repository then are not where more people see it now.
import { eq } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { patchSets } from "../db/schema.ts";
import { GitHubError } from "../github/errors.ts";
import type { Reading } from "../github/reading.ts";
import type { PatchSetId, RepoId } from "../ids.ts";
import { outgrownWords } from "../thread/words/repositories.ts";
import { haveOutgrown, Visibilities, type Visibility } from "../visibility.ts";
import { WriteStop } from "./outcome.ts";
import type { ReadingOf } from "./readings.ts";

/** Who sees each repository of a delivery now; one that we are shown no longer is left out. Throws GitHubError. */
export const visibilitiesNow = async (
  repos: Iterable<RepoId>,
  readingOf: ReadingOf<Pick<Reading, "repository">>,
): Promise<ReadonlyMap<RepoId, Visibility>> => {
  const now = new Map<RepoId, Visibility>();
  for (const repoId of repos) {
    try {
      const facts = await (await readingOf(repoId)).repository(repoId);
      if (facts !== null) now.set(repoId, facts.visibility);
    } catch (error) {
      // Whether it may be written to is the survey's matter.
      if (!(error instanceof GitHubError) || error.transient) throw error;
    }
  }
  return now;
};

/**
 * Throws WriteStop where the target is seen by more people than another repository of the delivery, and was not when the
 * words of the patch set were chosen: they may speak of it, and were approved for other readers.
 */
export const checkAudience = async (
  sql: Sql,
  target: Readonly<{ repoId: RepoId; name: string; patchSetId: PatchSetId }>,
  now: ReadonlyMap<RepoId, Visibility>,
): Promise<void> => {
  const [row] = await sql
    .select({ visibilities: patchSets.visibilities })
    .from(patchSets)
    .where(eq(patchSets.id, target.patchSetId));
  const then = Visibilities.parse(row?.visibilities ?? {});
  if (!haveOutgrown(target.repoId, then, now)) return;
  const { repoId, name } = target;
  throw new WriteStop({ kind: "approval_void", of: "patchset", repoId, note: outgrownWords(name) });
};
