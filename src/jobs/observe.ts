// Watches what was merged for its window: deployments and the checks of the merge commit. G5 says what they mean.
import { and, desc, eq } from "drizzle-orm";
import type { CrashPoint } from "../crash-points.ts";
import type { Database, Tx } from "../db/database.ts";
import { gates } from "../db/schema.ts";
import type { MachineEvent } from "../delivery/event.ts";
import { report } from "../delivery/inbox.ts";
import { recordGate } from "../delivery/record-gate.ts";
import type { GitHub } from "../github/github.ts";
import { type Clock, instant } from "../instant.ts";
import { digestOf } from "../ledger/canonical.ts";
import { loadObserved, type Observed, observe, regressionNote, type Sighting } from "../shipping/observe.ts";
import type { Handler } from "./handler.ts";
import { pause } from "./pause.ts";

export type ObserveDeps = Readonly<{
  db: Database;
  github: Pick<GitHub, "reading" | "shipping" | "self">;
  clock: Clock;
  crash: CrashPoint;
  /** Contexts of commit statuses that are ours. */
  ownStatusNames: readonly string[];
}>;

const ACTOR = { kind: "system", id: "observe" } as const;

const verdictOf = (seen: readonly Sighting[]): "clean" | "regressed" | "waiting" => {
  const verdicts = seen.map(({ judged }) => judged?.verdict ?? "waiting");
  if (verdicts.includes("regressed")) return "regressed";
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === "clean") ? "clean" : "waiting";
};

/** What is new since the last look; how long it took is not. */
const fingerprint = (seen: readonly Sighting[]) =>
  digestOf(
    seen.map(({ pull, merge, judged }) => {
      const { secondsWatched: _, ...evidence } = judged?.evidence ?? { secondsWatched: 0 };
      return { repoId: pull.repoId, merge, verdict: judged?.verdict ?? null, ...evidence };
    }),
  );

/** The gate's row, unless the last one of this attempt says the same; the first is when the window began. */
async function keepJudgement(tx: Tx, observed: Observed, seen: readonly Sighting[], at: Date): Promise<boolean> {
  const { delivery, traceId } = observed;
  const { id: deliveryId, attempt } = delivery;
  const state = fingerprint(seen);
  const [last] = await tx.sql
    .select({ evidence: gates.evidence })
    .from(gates)
    .where(and(eq(gates.deliveryId, deliveryId), eq(gates.gate, "G5"), eq(gates.attempt, attempt)))
    .orderBy(desc(gates.id))
    .limit(1);
  if (last !== undefined && Object(last.evidence).state === state) return false;
  const verdict = verdictOf(seen);
  await recordGate(
    tx,
    { deliveryId, traceId, attempt, at },
    {
      gate: "G5",
      verdict,
      passed: verdict === "clean",
      evidence: {
        state,
        windowSeconds: observed.windowSeconds,
        merges: seen.map(({ pull, merge, before, judged }) => ({
          repository: pull.name,
          repoId: pull.repoId,
          pullRequest: pull.pullRequest,
          merge,
          before,
          ...judged?.evidence,
          verdict: judged?.verdict ?? "waiting",
        })),
      },
    },
  );
  return true;
}

const eventOf = (seen: readonly Sighting[], { windowSeconds }: Observed, attempt: number): MachineEvent | null => {
  switch (verdictOf(seen)) {
    case "regressed":
      return { type: "regressed", attempt, note: regressionNote(seen) };
    case "clean":
      return { type: "window_clean", attempt, note: `nothing went wrong in ${windowSeconds} seconds` };
    case "waiting":
      return null;
  }
};

export const observeJob =
  (deps: ObserveDeps): Handler<"observe"> =>
  async ({ deliveryId, attempt }, { signal }) => {
    const { db, github, clock, crash } = deps;
    const observed = await loadObserved(db.sql, deliveryId, attempt);
    if (observed === null) return;
    const { appId } = await github.self();
    const ours = { appIds: [appId], statusNames: deps.ownStatusNames };
    await crash("observe.before.look");
    const seen: Sighting[] = [];
    for (const pull of observed.pulls) {
      const reading = await github.reading(pull.installationId, [pull.repoId], signal);
      const shipping = await github.shipping(pull.installationId, [pull.repoId], signal);
      seen.push(await observe({ reading, shipping, ours }, observed, pull, clock()));
    }
    const event = eventOf(seen, observed, attempt);
    await crash("observe.before.commit");
    await db.transaction(async (tx) => {
      const now = clock();
      const tell = (said: MachineEvent) =>
        report(tx, deliveryId, {
          event: said,
          actor: ACTOR,
          at: instant(now),
          dedupeKey: `work:observe:${attempt}:${said.type}`,
        });
      // After `/retry` the window begins anew: this is the work that has started.
      await tell({ type: "effect_started", attempt });
      const isNew = await keepJudgement(tx, observed, seen, now);
      if (event !== null) {
        await tell(event);
        return;
      }
      if (isNew) await tx.enqueue("publish", { deliveryId });
      const watched = observed.since === null ? 0 : Math.floor((now.getTime() - observed.since.getTime()) / 1000);
      const left = Math.max(1, observed.windowSeconds - watched);
      // Not past the end of the window, where nothing else is waited for.
      await tx.enqueue("observe", { deliveryId, attempt }, { startAfterSeconds: Math.min(pause(watched), left) });
    });
    await crash("observe.after.commit");
  };
