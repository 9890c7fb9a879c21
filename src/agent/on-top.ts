// Where a change stands that comes after a first write: on the head of the open pull request, as long as people approved what that holds.
import type { AnalysisDocument } from "../artifacts/failure-analysis.ts";
import type { Database } from "../db/database.ts";
import { report } from "../delivery/inbox.ts";
import type { GitHub } from "../github/github.ts";
import type { RepoId, Sha } from "../ids.ts";
import { type Clock, instant } from "../instant.ts";
import type { JudgePull } from "../provenance/judge-pull.ts";
import { isApproved } from "../provenance/verdict.ts";
import { err, ok, type Result } from "../result.ts";
import { factOn } from "../verify/decide.ts";
import { keepProvenance } from "../verify/keep.ts";
import { look } from "../verify/look.ts";
import { loadOpened } from "../verify/opened.ts";
import type { Assignment } from "./assignment.ts";
import { newestAnalysis } from "./kept-analysis.ts";

/** `parent`: the approved head. `analysis`: of the red checks that are to be mended; null for a revision that people asked for. */
export type OnTop = Readonly<{ parent: Sha; analysis: AnalysisDocument | null }>;

export type OnTopDeps = Readonly<{
  db: Database;
  github: Pick<GitHub, "reading" | "self">;
  judgePull: JudgePull;
  clock: Clock;
  ownStatusNames: readonly string[];
}>;

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Repositories that the newest analysis asks a change of. */
export async function reposToMend(
  db: Pick<Database, "sql">,
  { delivery, repos }: Assignment,
): Promise<readonly RepoId[]> {
  const analysis = await newestAnalysis(db.sql, delivery.id);
  const names = analysis?.document?.remedy === "change" ? analysis.document.repositories : [];
  return repos.flatMap(({ repoId, name }) => {
    const target = delivery.targets.find((one) => one.repoId === repoId);
    const isOpen = target !== undefined && target.written !== null && target.landed === "no";
    return isOpen && names.some((one) => sameName(one, name)) ? [repoId] : [];
  });
}

/** What was analysed is another head's by now, or of a repository that need not change. */
async function analysisFor(
  { db }: OnTopDeps,
  { delivery }: Assignment,
  repo: Assignment["repos"][number],
  head: Sha,
): Promise<AnalysisDocument | null> {
  const found = await newestAnalysis(db.sql, delivery.id);
  if (found === null || found.document?.remedy !== "change") return null;
  const isOld = found.pulls.some((pull) => pull.repoId === repo.repoId && pull.head !== head);
  return !isOld && found.document.repositories.some((name) => sameName(name, repo.name)) ? found.document : null;
}

/**
 * Null: nothing is written there yet, so the change stands on the base. `told`: people did something to the pull request, and
 * the machine was told of it. The error is why nothing can stand there. Throws GitHubError.
 */
export async function onTopOf(
  deps: OnTopDeps,
  assignment: Assignment,
  repo: Assignment["repos"][number],
  signal: AbortSignal,
): Promise<Result<OnTop | null | "told", string>> {
  const { delivery } = assignment;
  const opened = await loadOpened(deps.db.sql, delivery.id);
  const pull = opened?.pulls.find(({ repoId }) => repoId === repo.repoId);
  if (opened === null || pull === undefined) return ok(null);
  const { appId } = await deps.github.self();
  const ours = { appIds: [appId], statusNames: deps.ownStatusNames };
  const reading = await deps.github.reading(repo.installationId, [repo.repoId], signal);
  const looking = { sql: deps.db.sql, judgePull: deps.judgePull };
  const seen = await look(looking, reading, opened, pull, ours, deps.clock());
  if (seen.found === null) return err(`the pull request #${pull.written.pullRequest} of ${repo.name} is gone`);
  const fact = factOn(seen, delivery.attempt);
  if (fact !== null && fact.event.type !== "head_restored") {
    await deps.db.transaction(async (tx) => {
      const now = deps.clock();
      if (await keepProvenance(tx, opened, [seen], now)) await tx.enqueue("publish", { deliveryId: delivery.id });
      await report(tx, delivery.id, {
        event: fact.event,
        actor: { kind: "system", id: "agent" },
        at: instant(now),
        dedupeKey: fact.key,
      });
    });
    return ok("told");
  }
  if (!isApproved(seen.provenance)) return err(`what the head of #${pull.written.pullRequest} holds cannot be proved`);
  const { headSha } = seen.found;
  return ok({ parent: headSha, analysis: await analysisFor(deps, assignment, repo, headSha) });
}
