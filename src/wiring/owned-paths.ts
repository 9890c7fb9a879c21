// Whose approval a patch set that was just made will need beside the approvers': for the comment that shows it. It decides nothing.
import { z } from "zod";
import type { OwnedPathsOf } from "../agent/make-patch-set.ts";
import type { Database } from "../db/database.ts";
import { newestSnapshot } from "../delivery/store.ts";
import type { GitHub } from "../github/github.ts";
import { RepoId } from "../ids.ts";
import { readOwnedPaths } from "../owners/index.ts";

const Snapshot = z.object({
  config: z.object({ require_code_owners: z.boolean().default(false) }),
  secondaries: z.array(z.object({ repoId: RepoId, requireCodeOwners: z.boolean().default(false) })).default([]),
});

/** None where nobody's is asked for, and where it cannot be told: then an approval is refused, and says why. Throws GitHubError. */
export const ownedPathsOf =
  (deps: Readonly<{ db: Pick<Database, "sql">; github: Pick<GitHub, "reading"> }>): OwnedPathsOf =>
  async ({ delivery: { id } }, { repoId, installationId, name }, changes, signal) => {
    const { config, secondaries } = Snapshot.parse(await newestSnapshot(deps.db.sql, id));
    const own = secondaries.find((each) => each.repoId === repoId)?.requireCodeOwners ?? false;
    if (!config.require_code_owners && !own) return [];
    const reading = await deps.github.reading(installationId, [repoId], signal);
    const owned = await readOwnedPaths(reading, { repoId, owner: name.split("/")[0] ?? "" }, changes);
    return owned.ok ? owned.value.map(({ people: _, ...paths }) => paths) : [];
  };
