// Watches the checks of a delivery's pull requests: woken by webhooks, and by itself with growing pauses where none comes.
import { and, desc, eq } from "drizzle-orm";
import type { CrashPoint } from "../crash-points.ts";
import type { Database, Tx } from "../db/database.ts";
import { gates } from "../db/schema.ts";
import { report } from "../delivery/inbox.ts";
import { recordGate } from "../delivery/record-gate.ts";
import type { GitHub } from "../github/github.ts";
import { type Clock, instant } from "../instant.ts";
import { digestOf } from "../ledger/canonical.ts";
import type { JudgePull } from "../provenance/judge-pull.ts";
import { decide } from "../verify/decide.ts";
import { keepProvenance } from "../verify/keep.ts";
import { look, type Seen } from "../verify/look.ts";
import { loadWatched, type Opened } from "../verify/opened.ts";
import type { Handler } from "./handler.ts";

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

/** A tenth of what was waited, between 10 s and 5 min: quick checks are seen soon, slow ones cost few requests. */
const pause = (secondsWaited: number): number => Math.min(300, Math.max(10, Math.round(secondsWaited / 10)));

/** What is new since the last look; how long it took is not. */
const fingerprint = ({ judged, checked }: Seen): string => {
  const { secondsWaited: _, ...evidence } = judged.evidence;
  return digestOf({ verdict: judged.verdict, head: checked, ...evidence });
};

/** The gate's row, unless the last one of this attempt says the same. */
async function keepJudgement(tx: Tx, watched: Opened, seen: readonly Seen[], at: Date): Promise<boolean> {
  const { delivery, traceId } = watched;
  const { id: deliveryId, attempt } = delivery;
  const [last] = await tx.sql
    .select({ evidence: gates.evidence })
    .from(gates)
    .where(and(eq(gates.deliveryId, deliveryId), eq(gates.gate, "G4"), eq(gates.attempt, attempt)))
    .orderBy(desc(gates.id))
    .limit(1);
  const passed = seen.length > 0 && seen.every(({ judged }) => judged.passed);
  const state = digestOf(seen.map(fingerprint));
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
        pulls: seen.map(({ pull, checked, judged }) => ({
          repository: pull.name,
          repoId: pull.repoId,
          pullRequest: pull.written.pullRequest,
          head: checked,
          ...judged.evidence,
          verdict: judged.verdict,
        })),
      },
    },
  );
  return true;
}

export const watchJob =
  (deps: WatchDeps): Handler<"watch"> =>
  async ({ deliveryId, attempt }, { signal }) => {
    const watched = await loadWatched(deps.db.sql, deliveryId, attempt);
    if (watched === null) return;
    const { appId } = await deps.github.self();
    const looking = { sql: deps.db.sql, judgePull: deps.judgePull };
    const ours = { appIds: [appId], statusNames: deps.ownStatusNames };

    await deps.crash("watch.before.look");
    const seen: Seen[] = [];
    for (const pull of watched.pulls) {
      const reading = await deps.github.reading(pull.installationId, [pull.repoId], signal);
      seen.push(await look(looking, reading, watched, pull, ours, deps.clock()));
    }
    const { facts, verdict } = decide(watched.delivery, seen);

    await deps.crash("watch.before.commit");
    await deps.db.transaction(async (tx) => {
      const now = deps.clock();
      const at = instant(now);
      // After `/retry` nothing is written again: the watch is the work that has started.
      const started = { type: "effect_started", attempt } as const;
      await report(tx, deliveryId, { event: started, actor: ACTOR, at, dedupeKey: `work:watch:${attempt}:started` });
      const hasNewVerdict = await keepProvenance(tx, watched, seen, now);
      const isNew = (await keepJudgement(tx, watched, seen, now)) || hasNewVerdict;
      for (const { event, key } of facts) {
        await report(tx, deliveryId, { event, actor: ACTOR, at, dedupeKey: key });
      }
      if (verdict !== null) {
        const dedupeKey = `work:watch:${attempt}:${verdict.type}`;
        await report(tx, deliveryId, { event: verdict, actor: ACTOR, at, dedupeKey });
        return;
      }
      if (isNew) await tx.enqueue("publish", { deliveryId });
      const waited = Math.max(0, ...seen.map(({ judged }) => judged.evidence.secondsWaited));
      await tx.enqueue("watch", { deliveryId, attempt }, { startAfterSeconds: pause(waited) });
    });
    await deps.crash("watch.after.commit");
  };
