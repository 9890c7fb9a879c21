// Finds webhooks that never arrived in GitHub's own record, and has them sent again; of what is lost for good people are told.
import type { CrashPoint } from "../crash-points.ts";
import type { Database, Tx } from "../db/database.ts";
import type { GitHub } from "../github/github.ts";
import type { HookAttempt } from "../github/hook-log.ts";
import type { RepoId } from "../ids.ts";
import { type Clock, instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { repositoryChain } from "../ledger/entry.ts";
import type { Log } from "../ops/log.ts";
import { liveByRepos } from "../webhooks/live-deliveries.ts";
import { keepLook, keepLost, knownOf, lastLook, reposOf } from "../webhooks/missed/look.ts";
import { lookFrom, missed } from "../webhooks/missed/missed.ts";
import { traceOf } from "../webhooks/source-rows.ts";
import type { Handler } from "./handler.ts";

export type RecoverDeps = Readonly<{
  db: Database;
  github: Pick<GitHub, "hookLog">;
  clock: Clock;
  crash: CrashPoint;
  log: Pick<Log, "info" | "error">;
}>;

/** Asked for in one run; the rest waits for the next, so that a long night does not come back in one flood. */
const MOST_AT_ONCE = 200;

/** Killed anywhere and run again, it finds in GitHub's record what it had asked for already. */
export const recoverJob =
  (deps: RecoverDeps): Handler<"recover"> =>
  async (_data, { signal }) => {
    const { db, clock, crash, log } = deps;
    const last = await lastLook(db.sql);
    await crash("recover.before.look");
    const hooks = await deps.github.hookLog(signal);
    const startedAt = clock();
    const from = lookFrom(last?.settledUntil ?? null, startedAt);
    const { items, complete } = await hooks.attemptsSince(from);
    const known = await knownOf(db.sql, [...new Set(items.map(({ guid }) => guid))]);
    const found = missed(items, known, startedAt);
    if (!complete) log.error({ attempts: items.length }, "more webhooks on record than are gone through");

    for (const { id, guid, event, action } of found.ask.slice(0, MOST_AT_ONCE)) {
      signal.throwIfAborted();
      await crash("recover.before.ask");
      const isThere = await hooks.sendAgain(id);
      await crash("recover.after.ask");
      log.info({ guid, event, action }, isThere ? "webhook asked for again" : "webhook is no more on record");
    }

    await crash("recover.before.keep");
    const lost = await db.transaction(async (tx) => {
      const kept = await keepLost(tx, found.lost, startedAt);
      for (const repoId of reposOf(kept)) await tellOf(tx, repoId, kept, startedAt);
      // What was not gone through may be open.
      await keepLook(tx, { settledUntil: complete ? found.settledUntil : from, lookedAt: instant(startedAt) });
      return kept;
    });
    await crash("recover.after.keep");
    for (const { guid, event, action } of lost) log.error({ guid, event, action }, "webhook lost");
  };

/** The ledger of the repository has it, and the status comments of its live deliveries say it. */
async function tellOf(tx: Tx, repoId: RepoId, lost: readonly HookAttempt[], at: Date): Promise<void> {
  for (const { guid, event, action, at: sentAt } of lost.filter((one) => one.repoId === repoId)) {
    await append(tx, repositoryChain(repoId), [
      {
        deliveryId: null,
        at: instant(at),
        actor: { kind: "system", id: "recover" },
        action: "webhook_lost",
        entity: { kind: "webhook", id: guid },
        before: null,
        after: { event, action, sentAt },
        note: null,
        traceId: traceOf(guid),
      },
    ]);
  }
  const live = await liveByRepos(tx.sql, [repoId]);
  for (const deliveryId of new Set(live.map((one) => one.deliveryId))) await tx.enqueue("publish", { deliveryId });
}
