// Has red checks analysed while attempts at a fix are left; the watch, which reads first, decides what follows from it.
import { type AnalyseDeps, analyse } from "../agent/analyse.ts";
import { loadAssignment, loadPlan } from "../agent/assignment.ts";
import { analysisOf } from "../agent/kept-analysis.ts";
import { type LookAtAllDeps, lookAtAll } from "../verify/look-at-all.ts";
import { loadWatched } from "../verify/opened.ts";
import { redDigest, redOf } from "../verify/red.ts";
import type { Handler } from "./handler.ts";

export type AnalyseJobDeps = AnalyseDeps & Omit<LookAtAllDeps, "sql">;

export const analyseJob =
  (deps: AnalyseJobDeps): Handler<"analyse"> =>
  async ({ deliveryId, attempt }, { tries, lastTry, signal }) => {
    const { sql } = deps.db;
    const watched = await loadWatched(sql, deliveryId, attempt);
    const assignment = await loadAssignment(sql, deliveryId, attempt, "verify");
    if (watched === null || assignment === null || assignment.delivery.fixesLeft === 0) return;
    const approved = assignment.delivery.plan;
    const plan = approved === null ? null : await loadPlan(sql, deliveryId, approved.version);
    if (approved === null || plan === null) return;

    await deps.crash("analyse.before.look");
    const red = redOf(await lookAtAll({ ...deps, sql }, watched, signal));
    const known = red.length === 0 || (await analysisOf(sql, deliveryId, attempt, redDigest(red))) !== null;
    if (!known)
      await analyse(
        deps,
        { assignment, plan: { ...plan, version: approved.version }, red },
        { tries, lastTry, signal },
      );

    await deps.crash("analyse.before.watch");
    await deps.db.transaction((tx) => tx.enqueue("watch", { deliveryId, attempt }));
  };
