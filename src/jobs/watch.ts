// Watches the checks of a delivery's pull requests: woken by webhooks, and by itself with growing pauses where none comes.
import { and, desc, eq } from "drizzle-orm";
import { analysisOf } from "../agent/kept-analysis.ts";
import type { CrashPoint } from "../crash-points.ts";
import type { Database, Sql, Tx } from "../db/database.ts";
import { gates } from "../db/schema.ts";
import type { EventOf } from "../delivery/event.ts";
import type { Bound } from "../delivery/gates/criteria.ts";
import { report } from "../delivery/inbox.ts";
import { recordGate } from "../delivery/record-gate.ts";
import type { GitHub } from "../github/github.ts";
import { type Clock, instant } from "../instant.ts";
import { digestOf } from "../ledger/canonical.ts";
import type { JudgePull } from "../provenance/judge-pull.ts";
import { afterAnalysis } from "../verify/after-analysis.ts";
import { proveCriteria, withUnproven } from "../verify/criteria.ts";
import { decide } from "../verify/decide.ts";
import { keepProvenance } from "../verify/keep.ts";
import type { Seen } from "../verify/look.ts";
import { lookAtAll } from "../verify/look-at-all.ts";
import { loadWatched, type Opened } from "../verify/opened.ts";
import { redDigest, redOf } from "../verify/red.ts";
import type { Handler } from "./handler.ts";
import { pause } from "./pause.ts";

export type WatchDeps = Readonly<{
  db: Database;
  github: Pick<GitHub, "reading" | "self">;
  judgePull: JudgePull;
  clock: Clock;
  crash: CrashPoint;
  /** Contexts of commit statuses that are ours. */
  ownStatusNames: readonly string[];
}>;

const ACTOR = { kind: "system", id: "watch" } as const;

/** What is new since the last look; how long it took is not. */
const fingerprint = (seen: Seen): string => {
  const { judged, checked } = seen;
  const { secondsWaited: _, ...evidence } = judged.evidence;
  return digestOf({ verdict: judged.verdict, head: checked, ...oddsOf(seen), ...evidence });
};

/** What decides nothing and people should know; left out where there is nothing of it. */
const oddsOf = ({ found, reworded }: Seen) => ({
  ...(found?.draft === true ? { draft: true } : {}),
  ...(reworded.length > 0 ? { reworded } : {}),
});

/** The gate's row, unless the last one of this attempt says the same. */
async function keepJudgement(
  tx: Tx,
  watched: Opened,
  seen: readonly Seen[],
  criteria: readonly Bound[],
  at: Date,
): Promise<boolean> {
  const { delivery, traceId } = watched;
  const { id: deliveryId, attempt } = delivery;
  const [last] = await tx.sql
    .select({ evidence: gates.evidence })
    .from(gates)
    .where(and(eq(gates.deliveryId, deliveryId), eq(gates.gate, "G4"), eq(gates.attempt, attempt)))
    .orderBy(desc(gates.id))
    .limit(1);
  const passed = seen.length > 0 && seen.every(({ judged }) => judged.passed);
  const state = digestOf([...seen.map(fingerprint), ...criteria]);
  const before = last === undefined ? null : Object(last.evidence).state;
  if (before === state) return false;
  await recordGate(
    tx,
    { deliveryId, traceId, attempt, at },
    {
      gate: "G4",
      verdict: seen.map(({ judged }) => judged.verdict).join(", "),
      passed,
      evidence: {
        state,
        criteria,
        pulls: seen.map((each) => ({
          repository: each.pull.name,
          repoId: each.pull.repoId,
          pullRequest: each.pull.written.pullRequest,
          head: each.checked,
          ...oddsOf(each),
          ...each.judged.evidence,
          verdict: each.judged.verdict,
        })),
      },
    },
  );
  return true;
}

type Found = ReturnType<typeof decide>["verdict"];

/** Red checks are analysed first, while attempts at a fix are left. */
async function analysed(
  sql: Sql,
  { id, attempt, fixesLeft }: Opened["delivery"],
  found: Found,
  seen: readonly Seen[],
): Promise<Found | EventOf<"fix_proposed"> | Readonly<{ type: "to_analyse" }>> {
  if (found?.type !== "checks_red" || fixesLeft === 0) return found;
  const analysis = await analysisOf(sql, id, attempt, redDigest(redOf(seen)));
  return analysis === null ? { type: "to_analyse" } : afterAnalysis(found, analysis);
}

export const watchJob =
  (deps: WatchDeps): Handler<"watch"> =>
  async ({ deliveryId, attempt }, { signal }) => {
    const watched = await loadWatched(deps.db.sql, deliveryId, attempt);
    if (watched === null) return;
    await deps.crash("watch.before.look");
    const seen = await lookAtAll({ ...deps, sql: deps.db.sql }, watched, signal);
    const { facts, verdict: found } = decide(watched.delivery, seen);
    const verdict = await analysed(deps.db.sql, watched.delivery, found, seen);
    const { bound, unproven } = await proveCriteria(deps.db.sql, watched.delivery, seen);

    await deps.crash("watch.before.commit");
    await deps.db.transaction(async (tx) => {
      const now = deps.clock();
      const at = instant(now);
      // After `/retry` nothing is written again: the watch is the work that has started.
      const started = { type: "effect_started", attempt } as const;
      await report(tx, deliveryId, { event: started, actor: ACTOR, at, dedupeKey: `work:watch:${attempt}:started` });
      const hasNewVerdict = await keepProvenance(tx, watched, seen, now);
      const isNew = (await keepJudgement(tx, watched, seen, bound, now)) || hasNewVerdict;
      for (const { event, key } of facts) {
        await report(tx, deliveryId, { event: withUnproven(event, unproven), actor: ACTOR, at, dedupeKey: key });
      }
      if (verdict?.type === "to_analyse") {
        await tx.enqueue("analyse", { deliveryId, attempt });
        if (isNew) await tx.enqueue("publish", { deliveryId });
        return;
      }
      if (verdict !== null) {
        const dedupeKey = `work:watch:${attempt}:${verdict.type}`;
        await report(tx, deliveryId, { event: withUnproven(verdict, unproven), actor: ACTOR, at, dedupeKey });
        return;
      }
      if (isNew) await tx.enqueue("publish", { deliveryId });
      const waited = Math.max(0, ...seen.map(({ judged }) => judged.evidence.secondsWaited));
      await tx.enqueue("watch", { deliveryId, attempt }, { startAfterSeconds: pause(waited) });
    });
    await deps.crash("watch.after.commit");
  };
