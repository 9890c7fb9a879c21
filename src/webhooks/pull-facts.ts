// A pull request was opened, closed, reopened, retargeted, merged or pushed to by somebody else: who is concerned, and is told.
import { deliveryName, type WebhookGuid } from "../ids.ts";
import { loadOpened } from "../verify/opened.ts";
import type { DomainEvent } from "./domain-event.ts";
import { vouchForPull } from "./foreign.ts";
import { endWebhook, readingOf } from "./intake.ts";
import { openedBy } from "./live-deliveries.ts";
import { type PullDeps, tellOfPull } from "./tell-of-pull.ts";

export type PullEvent = Extract<
  DomainEvent,
  { kind: "pull_opened" | "pull_closed" | "pull_reopened" | "pull_base_changed" | "pull_synchronized" }
>;

/** Ends the webhook. A pull request outlives its delivery: what it holds is judged until it is merged or closed. */
export async function followPull(deps: PullDeps, guid: WebhookGuid, event: PullEvent): Promise<void> {
  const { kind, place, pull: number, at, headSha, sender } = event;
  const { installationId, repoId } = place;
  const deliveries = await openedBy(deps.db.sql, repoId, number);
  if (deliveries.length === 0) return vouchForPull(deps, guid, event);
  for (const deliveryId of kind === "pull_opened" ? [] : deliveries) {
    const opened = await loadOpened(deps.db.sql, deliveryId);
    const pull = opened?.pulls.find((one) => one.repoId === repoId && one.written.pullRequest === number);
    if (opened == null || pull === undefined || kind === "pull_opened") continue;
    const reading = await readingOf(deps, installationId, repoId);
    const happening = { kind, headSha, sender, key: `pull:${repoId}:${number}:${at}` };
    await tellOfPull(deps, guid, reading, { opened, pull }, happening);
  }
  await endWebhook(deps, guid, `told ${deliveries.map(deliveryName)}`);
}
