// A look at every open pull request of a delivery, each with a token for its own repository.
import type { Sql } from "../db/database.ts";
import type { GitHub } from "../github/github.ts";
import type { Clock } from "../instant.ts";
import type { JudgePull } from "../provenance/judge-pull.ts";
import { look, type Seen } from "./look.ts";
import type { Opened } from "./opened.ts";

export type LookAtAllDeps = Readonly<{
  sql: Sql;
  github: Pick<GitHub, "reading" | "self">;
  judgePull: JudgePull;
  clock: Clock;
  /** Contexts of commit statuses that are ours. */
  ownStatusNames: readonly string[];
}>;

/** Throws GitHubError. */
export async function lookAtAll(deps: LookAtAllDeps, opened: Opened, signal: AbortSignal): Promise<readonly Seen[]> {
  const { appId } = await deps.github.self();
  const ours = { appIds: [appId], statusNames: deps.ownStatusNames };
  const seen: Seen[] = [];
  for (const pull of opened.pulls) {
    const reading = await deps.github.reading(pull.installationId, [pull.repoId], signal);
    seen.push(await look(deps, reading, opened, pull, ours, deps.clock()));
  }
  return seen;
}
