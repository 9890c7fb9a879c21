// Judges the open pull requests of a delivery anew, because what people approved has grown: a countersigned head turns green.
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import type { GitHub } from "../github/github.ts";
import type { Clock } from "../instant.ts";
import type { JudgePull } from "../provenance/judge-pull.ts";
import type { Judged } from "../provenance/verdict.ts";
import { keepProvenance } from "../verify/keep.ts";
import { loadOpened, type OpenedPull } from "../verify/opened.ts";
import type { Handler } from "./handler.ts";

export type JudgeDeps = Readonly<{
  db: Database;
  github: Pick<GitHub, "reading">;
  judgePull: JudgePull;
  clock: Clock;
  crash: CrashPoint;
}>;

export const judgeJob =
  (deps: JudgeDeps): Handler<"judge"> =>
  async ({ deliveryId }, { signal }) => {
    const opened = await loadOpened(deps.db.sql, deliveryId);
    if (opened === null) return;
    const seen: Readonly<{ pull: OpenedPull; provenance: Judged | null }>[] = [];
    for (const pull of opened.pulls) {
      const { installationId, repoId, target, written } = pull;
      await deps.crash("judge.before.read");
      const reading = await deps.github.reading(installationId, [repoId], signal);
      const found = await reading.pull(repoId, written.pullRequest);
      if (found === null) continue;
      const about = { deliveryId, repoId, target, baseRef: found.baseRef };
      seen.push({ pull, provenance: await deps.judgePull(reading, about, found) });
    }
    await deps.crash("judge.before.commit");
    await deps.db.transaction(async (tx) => {
      if (await keepProvenance(tx, opened, seen, deps.clock())) await tx.enqueue("publish", { deliveryId });
    });
    await deps.crash("judge.after.commit");
  };
