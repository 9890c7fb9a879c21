// Sources and installations follow what GitHub says of them; live deliveries are held, freed or ended with them.
import type { Tx } from "../db/database.ts";
import { report } from "../delivery/inbox.ts";
import { type DeliveryId, deliveryName, type InstallationId, type RepoId, type WebhookGuid } from "../ids.ts";
import { instant } from "../instant.ts";
import { unreachable } from "../result.ts";
import { alignParts } from "./align-parts.ts";
import type { DomainEvent, InstallationRef, ListedRepository } from "./domain-event.ts";
import { alignHolds } from "./holds.ts";
import { endWebhook, type IntakeDeps } from "./intake.ts";
import { liveByInstallation, liveByRepos, type TakesPart } from "./live-deliveries.ts";
import { presentOf } from "./present.ts";
import { deactivate, moveParts, putFacts, putInstallation, putMemberships, removeInstallation } from "./source-rows.ts";

export type SourceEvent = Extract<
  DomainEvent,
  {
    kind:
      | "installation_created"
      | "installation_deleted"
      | "installation_suspended"
      | "installation_unsuspended"
      | "installation_granted"
      | "repositories_changed"
      | "repository_changed";
  }
>;

/** Rows of one transaction: an installation may bring thousands of repositories. */
const AT_ONCE = 200;

/** Ends the webhook. */
export async function followSources(deps: IntakeDeps, guid: WebhookGuid, event: SourceEvent): Promise<void> {
  const told = await follow(deps, guid, event);
  await endWebhook(deps, guid, told.length === 0 ? "followed" : `told ${[...new Set(told)].map(deliveryName)}`);
}

async function follow(deps: IntakeDeps, guid: WebhookGuid, event: SourceEvent): Promise<readonly DeliveryId[]> {
  switch (event.kind) {
    case "installation_created":
      return repositoriesJoined(deps, guid, event.installation, event.repositories);
    case "repositories_changed":
      return [
        ...(await repositoriesJoined(deps, guid, event.installation, event.added)),
        ...(await repositoriesLeft(deps, guid, event.installation, event.removed)),
      ];
    case "installation_deleted":
      return installationGone(deps, guid, event.installation);
    case "installation_suspended":
    case "installation_unsuspended":
      return suspension(deps, guid, event.installation, event.kind === "installation_suspended");
    case "installation_granted":
      return permissionsGranted(deps, event.installation);
    case "repository_changed":
      return repositoryChanged(deps, guid, event);
    default:
      return unreachable(event);
  }
}

async function repositoriesJoined(
  deps: IntakeDeps,
  guid: WebhookGuid,
  installation: InstallationRef,
  repositories: readonly ListedRepository[],
): Promise<readonly DeliveryId[]> {
  await deps.crash("intake.before.put_installation");
  const there = await deps.db.transaction((tx) => putInstallation(tx, installation));
  if (there === "removed") return [];
  await followMemberships(deps, guid, installation, repositories, true);
  return alignParts(
    deps,
    guid,
    installation.id,
    repositories.map(({ repoId }) => repoId),
    (present) => (present.kind === "readable" ? { source_inactive: false } : {}),
  );
}

async function repositoriesLeft(
  deps: IntakeDeps,
  guid: WebhookGuid,
  installation: InstallationRef,
  repositories: readonly ListedRepository[],
): Promise<readonly DeliveryId[]> {
  await deps.crash("intake.before.put_installation");
  await deps.db.transaction((tx) => putInstallation(tx, installation));
  await followMemberships(deps, guid, installation, repositories, false);
  return alignParts(
    deps,
    guid,
    installation.id,
    repositories.map(({ repoId }) => repoId),
    (present) => ({
      source_inactive: present.kind !== "readable",
    }),
  );
}

async function followMemberships(
  deps: IntakeDeps,
  guid: WebhookGuid,
  { id: installationId, updatedAt }: InstallationRef,
  repositories: readonly ListedRepository[],
  active: boolean,
): Promise<void> {
  for (let from = 0; from < repositories.length; from += AT_ONCE) {
    await deps.crash("intake.before.memberships");
    const some = repositories.slice(from, from + AT_ONCE);
    const joined = { installationId, active, at: new Date(updatedAt), guid, now: deps.clock() };
    await deps.db.transaction((tx) => putMemberships(tx, some, joined));
    await deps.crash("intake.after.memberships");
  }
}

/** A token of a suspended or removed installation cannot be had: what can be read is in force. */
async function suspension(
  deps: IntakeDeps,
  guid: WebhookGuid,
  installation: InstallationRef,
  suspended: boolean,
): Promise<readonly DeliveryId[]> {
  const since = installation.suspendedAt ?? installation.updatedAt;
  const ref = { ...installation, suspendedAt: suspended ? since : null };
  await deps.db.transaction((tx) => putInstallation(tx, ref));
  const parts = await liveByInstallation(deps.db.sql, installation.id);
  const repos = [...new Set(parts.map(({ repoId }) => repoId))];
  return alignParts(deps, guid, installation.id, repos, (present) => {
    if (present.kind === "readable") return { suspended: false };
    return suspended ? { suspended: true } : {};
  });
}

/** What could not be shown for want of a permission is tried again now, not only when its pause is over. */
async function permissionsGranted(deps: IntakeDeps, installation: InstallationRef): Promise<readonly DeliveryId[]> {
  await deps.crash("intake.before.granted");
  return deps.db.transaction(async (tx) => {
    await putInstallation(tx, installation);
    const live = new Set((await liveByInstallation(tx.sql, installation.id)).map(({ deliveryId }) => deliveryId));
    for (const deliveryId of live) await tx.enqueue("publish", { deliveryId });
    return [...live];
  });
}

async function installationGone(
  deps: IntakeDeps,
  guid: WebhookGuid,
  installation: InstallationRef,
): Promise<readonly DeliveryId[]> {
  await deps.crash("intake.before.installation_gone");
  const told = await deps.db.transaction(async (tx) => {
    await putInstallation(tx, installation);
    await removeInstallation(tx, installation.id, deps.clock());
    const parts = await liveByInstallation(tx.sql, installation.id);
    for (const part of parts) await tellGone(tx, deps, guid, part, "the app was removed", installation.id);
    return parts.map(({ deliveryId }) => deliveryId);
  });
  await deps.crash("intake.after.installation_gone");
  return told;
}

/** A secondary repository that is gone stops a delivery; only its own repository ends it. */
async function tellGone(
  tx: Tx,
  deps: IntakeDeps,
  guid: WebhookGuid,
  { deliveryId, role }: TakesPart,
  note: string,
  key: InstallationId | RepoId,
): Promise<void> {
  const actor = { kind: "github", id: guid } as const;
  const at = instant(deps.clock());
  if (role === "secondary") {
    await alignHolds(
      tx,
      deliveryId,
      { source_inactive: true },
      { actor, at, webhookGuid: guid, key: guid, round: 1, note },
    );
  } else {
    const dedupeKey = `source_gone:${key}`;
    await report(tx, deliveryId, { event: { type: "source_gone", note }, actor, at, dedupeKey, webhookGuid: guid });
  }
}

async function repositoryChanged(
  deps: IntakeDeps,
  guid: WebhookGuid,
  { place, change }: Extract<SourceEvent, { kind: "repository_changed" }>,
): Promise<readonly DeliveryId[]> {
  const { installationId, repoId } = place;
  const told = await alignParts(deps, guid, installationId, [repoId], (present) =>
    present.kind === "readable" ? { archived: present.facts.archived } : {},
  );
  await deps.crash("intake.before.read_repository");
  const present = await presentOf(deps, installationId, repoId);
  return deps.db.transaction(async (tx) => {
    if (present.kind === "readable") {
      await putFacts(tx, installationId, present.facts);
      await moveParts(tx, installationId, present.facts);
      // What the thread may say, and where, follows from these facts.
      for (const deliveryId of told) await tx.enqueue("publish", { deliveryId });
      return told;
    }
    if (change !== "deleted") return told;
    await deactivate(tx, repoId, guid, deps.clock());
    const parts = await liveByRepos(tx.sql, [repoId]);
    for (const part of parts) await tellGone(tx, deps, guid, part, "the repository was deleted", repoId);
    return parts.map(({ deliveryId }) => deliveryId);
  });
}
