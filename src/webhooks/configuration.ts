// A push changed our configuration file on the default branch: what follows from the file alone is looked after at once.
import type { WebhookGuid } from "../ids.ts";
import type { DomainEvent } from "./domain-event.ts";
import { endWebhook, type IntakeDeps, markProcessed } from "./intake.ts";
import { presentOf } from "./present.ts";
import { meetSource, sourceState } from "./source-rows.ts";

/** Ends the webhook. What runs is told of the file when it reads it; only the control issue waits for nothing else. */
export async function followConfiguration(
  deps: IntakeDeps,
  guid: WebhookGuid,
  { place }: Extract<DomainEvent, { kind: "configuration_changed" }>,
): Promise<void> {
  const { installationId, repoId, ownerId: accountId, owner: accountLogin } = place;
  await deps.crash("intake.before.read_repository");
  const present = await presentOf(deps, installationId, repoId);
  if (present.kind !== "readable") return endWebhook(deps, guid, present.kind);
  await deps.crash("intake.before.configuration");
  await deps.db.transaction(async (tx) => {
    const now = deps.clock();
    const state = await sourceState(tx.sql, installationId, repoId);
    // Nothing may have been labeled there yet.
    await meetSource(tx, { installationId, accountId, accountLogin, facts: present.facts, state, guid, now });
    await tx.enqueue("control", { repoId });
    await markProcessed(tx, guid, now, "configuration");
  });
  await deps.crash("intake.after.configuration");
}
