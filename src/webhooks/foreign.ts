// Pull requests and merge-queue heads that no delivery opened: where provenance is required they get a word too, or they would wait for ever.
import type { RepoId, Sha, WebhookGuid } from "../ids.ts";
import { standingOf, type Vouched } from "../provenance/foreign.ts";
import type { DomainEvent, Place } from "./domain-event.ts";
import { endWebhook, type IntakeDeps, markProcessed } from "./intake.ts";
import type { PullEvent } from "./pull-facts.ts";

type QueueEvent = Extract<DomainEvent, { kind: "queue_asks_for_checks" }>;
type Head = Readonly<{ repoId: RepoId; head: Sha; branch: string; as: Vouched["as"] }>;

/** Ends the webhook. Whether the repository asks for it is read by the job. */
export async function vouchForPull(deps: IntakeDeps, guid: WebhookGuid, event: PullEvent): Promise<void> {
  const { kind, place, headSha, headRef } = event;
  if (kind === "pull_closed" || kind === "pull_base_changed") return endWebhook(deps, guid, "not_ours");
  await vouch(deps, guid, place, { repoId: place.repoId, head: headSha, branch: headRef, as: standingOf(headRef) });
}

/** Ends the webhook. */
export async function vouchForQueue(deps: IntakeDeps, guid: WebhookGuid, event: QueueEvent): Promise<void> {
  const { place, queueHead, queueRef } = event;
  await vouch(deps, guid, place, { repoId: place.repoId, head: queueHead, branch: queueRef, as: "queue" });
}

async function vouch(deps: IntakeDeps, guid: WebhookGuid, place: Place, head: Head): Promise<void> {
  const { installationId, defaultBranch } = place;
  await deps.crash("intake.before.vouch");
  await deps.db.transaction(async (tx) => {
    await tx.enqueue("vouch", { installationId, defaultBranch, ...head });
    await markProcessed(tx, guid, deps.clock(), "not_ours");
  });
  await deps.crash("intake.after.vouch");
}
