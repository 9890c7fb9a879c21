// Checks of a commit changed, or the history of a branch was replaced: wakes the watchers, warns those who stand on it.
import { report } from "../delivery/inbox.ts";
import { deliveryName, type WebhookGuid } from "../ids.ts";
import { instant } from "../instant.ts";
import { loadOpened } from "../verify/opened.ts";
import type { DomainEvent } from "./domain-event.ts";
import { actorOf, type IntakeDeps, markProcessed, readingOf } from "./intake.ts";
import { liveByBase, openedOnto, watchingHead } from "./live-deliveries.ts";
import { type PullDeps, tellOfPull } from "./tell-of-pull.ts";

export type CommitEvent = Exclude<Extract<DomainEvent, { headSha: string }>, { pull: unknown }>;
type Rewritten = Extract<DomainEvent, { kind: "branch_rewritten" }>;

/** Ends the webhook. Rule M7: what the event says of the checks is not believed; the watcher reads them itself. */
export async function wakeWatchers(
  deps: IntakeDeps,
  guid: WebhookGuid,
  { place, headSha }: Pick<CommitEvent, "place" | "headSha">,
): Promise<void> {
  await deps.crash("intake.before.wake");
  await deps.db.transaction(async (tx) => {
    const watching = await watchingHead(tx.sql, place.repoId, headSha);
    for (const { job, ...watch } of watching) await tx.enqueue(job, watch);
    const outcome =
      watching.length === 0 ? "nobody_watches" : `woke ${watching.map((w) => deliveryName(w.deliveryId))}`;
    await markProcessed(tx, guid, deps.clock(), outcome);
  });
  await deps.crash("intake.after.wake");
}

/** Ends the webhook. Only where the old base is no ancestor of the branch any more; the WriteGate looks again itself. */
export async function followRewrite(deps: PullDeps, guid: WebhookGuid, event: Rewritten): Promise<void> {
  const { installationId, repoId } = event.place;
  const standing = await liveByBase(deps.db.sql, repoId, event.branch);
  const lost: typeof standing = [];
  for (const part of standing) {
    const reading = await readingOf(deps, installationId, repoId);
    await deps.crash("intake.before.compare");
    const now = await reading.compare(repoId, part.baseSha, event.branch);
    if (now !== "ahead" && now !== "identical") lost.push(part);
  }
  await judgeOnto(deps, guid, event);
  await deps.crash("intake.before.tell_rewrite");
  await deps.db.transaction(async (tx) => {
    for (const { deliveryId } of lost) {
      await report(tx, deliveryId, {
        event: { type: "base_rewritten", repoId, note: `${event.branch} is at ${event.after}`.slice(0, 500) },
        actor: actorOf(event.sender),
        at: instant(deps.clock()),
        dedupeKey: `base_rewritten:${repoId}:${event.after}`,
        webhookGuid: guid,
      });
    }
    const outcome =
      lost.length === 0 ? "nobody_stands_on_it" : `told ${lost.map((part) => deliveryName(part.deliveryId))}`;
    await markProcessed(tx, guid, deps.clock(), outcome);
  });
  await deps.crash("intake.after.tell_rewrite");
}

/** What a pull request changes is told by where it left the base: a base that was rewritten may make it another thing. */
async function judgeOnto(deps: PullDeps, guid: WebhookGuid, event: Rewritten): Promise<void> {
  const { installationId, repoId } = event.place;
  const happening = { kind: "base_rewritten", headSha: null, sender: event.sender } as const;
  for (const deliveryId of await openedOnto(deps.db.sql, repoId, event.branch)) {
    const opened = await loadOpened(deps.db.sql, deliveryId);
    const pull = opened?.pulls.find((one) => one.repoId === repoId);
    if (opened == null || pull === undefined) continue;
    const reading = await readingOf(deps, installationId, repoId);
    await tellOfPull(deps, guid, reading, { opened, pull }, { ...happening, key: `onto:${repoId}:${event.after}` });
  }
}
