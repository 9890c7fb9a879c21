// Compares one delivery with how things stand on GitHub, whatever webhooks said of it: repositories, issue, pull requests, gates, words.
import { eq } from "drizzle-orm";
import { deliveries } from "../db/schema.ts";
import { isTerminal } from "../delivery/delivery.ts";
import { IssueNumber } from "../ids.ts";
import { instant } from "../instant.ts";
import { loadOpened } from "../verify/opened.ts";
import type { Occasion } from "../webhooks/align-parts.ts";
import { settleIssue } from "../webhooks/issue-facts.ts";
import { partsOf } from "../webhooks/live-deliveries.ts";
import { followGates } from "../webhooks/reconcile/gates.ts";
import { listen, type Said } from "../webhooks/reconcile/listen.ts";
import { keepDeliveryLook, keepUnheard } from "../webhooks/reconcile/look-rows.ts";
import { followParts } from "../webhooks/reconcile/parts.ts";
import { followPulls } from "../webhooks/reconcile/pulls.ts";
import type { PullDeps } from "../webhooks/tell-of-pull.ts";
import type { Handler } from "./handler.ts";

const NOTHING_SAID: Said = { until: null, threads: [] };

/** Killed anywhere and run again, it finds what is still to be told. */
export const reconcileJob =
  (deps: PullDeps): Handler<"reconcile"> =>
  async ({ deliveryId }, { signal }) => {
    const { sql } = deps.db;
    const [row] = await sql.select().from(deliveries).where(eq(deliveries.id, deliveryId));
    const opened = await loadOpened(sql, deliveryId);
    if (row === undefined || opened === null) return;
    const { delivery, traceId } = opened;
    const number = IssueNumber.parse(row.issueNumber);
    const occasion: Occasion = {
      actor: { kind: "system", id: "reconcile" },
      key: `look:${deps.clock().toISOString()}`,
    };
    await deps.crash("reconcile.before.look");
    const isOver = isTerminal(delivery);
    // Nobody holds or resumes what is over; only its pull requests live on.
    const readable = isOver ? [] : await followParts(deps, occasion, await partsOf(sql, deliveryId));
    signal.throwIfAborted();
    await followPulls(deps, opened, (repoId) => isOver || readable.some((part) => part.repoId === repoId));
    const home = readable.find(({ role }) => role === "primary");
    if (home !== undefined) {
      const about = { ...home, issue: { id: row.issueId, number }, note: "looked" };
      await settleIssue(deps, { ...occasion, ...about }, deliveryId, "keep_unlabeled");
      await followGates(deps, occasion, delivery, home);
    }
    signal.throwIfAborted();
    const listening = { deliveryId, issueNumber: number, startedAt: instant(row.createdAt), opened, readable };
    const said = isOver ? NOTHING_SAID : await listen(deps, listening);

    await deps.crash("reconcile.before.keep");
    await deps.db.transaction(async (tx) => {
      const at = deps.clock();
      let isNew = await keepDeliveryLook(tx, deliveryId, at, said.until);
      for (const { repoId, issueNumber, unheard } of said.threads) {
        isNew = (await keepUnheard(tx, { deliveryId, traceId, repoId, issueNumber, at }, unheard)) || isNew;
      }
      if (isNew) await tx.enqueue("publish", { deliveryId });
    });
    await deps.crash("reconcile.after.keep");
  };
