// The holds of live deliveries follow how their repositories are now.
import type { Actor } from "../delivery/event.ts";
import type { DeliveryId, InstallationId, RepoId, WebhookGuid } from "../ids.ts";
import { instant } from "../instant.ts";
import { alignHolds, type Wanted } from "./holds.ts";
import type { IntakeDeps } from "./intake.ts";
import { keptByOthers } from "./kept-by-others.ts";
import { liveByRepos, type TakesPart } from "./live-deliveries.ts";
import { type Present, presentOf } from "./present.ts";
import { settle } from "./settle.ts";

/** On what occasion a repository is looked at. */
export type Occasion = Readonly<{ actor: Actor; guid?: WebhookGuid | undefined; key: string }>;

const toldBy = (guid: WebhookGuid): Occasion => ({ actor: { kind: "github", id: guid }, guid, key: guid });

/** For each live delivery in these repositories: looks how the repository is now, and aligns the holds until it is so. */
export async function alignParts(
  deps: IntakeDeps,
  guid: WebhookGuid,
  installationId: InstallationId,
  repos: readonly RepoId[],
  wanted: (present: Present) => Wanted,
): Promise<readonly DeliveryId[]> {
  const parts = await liveByRepos(deps.db.sql, repos);
  for (const part of parts) await alignPart(deps, toldBy(guid), { ...part, installationId }, wanted);
  return parts.map(({ deliveryId }) => deliveryId);
}

/** The same for one repository of one delivery. */
export async function alignPart(
  deps: IntakeDeps,
  { actor, guid, key }: Occasion,
  { deliveryId, installationId, repoId }: Pick<TakesPart, "deliveryId" | "installationId" | "repoId">,
  wanted: (present: Present) => Wanted,
): Promise<void> {
  const read = async () => {
    await deps.crash("intake.before.read_repository");
    const present = await presentOf(deps, installationId, repoId);
    return keptByOthers(deps, { deliveryId, repoId }, wanted(present));
  };
  await settle(read, async (holds, round) => {
    await deps.crash("intake.before.align");
    const at = instant(deps.clock());
    const because = { actor, at, webhookGuid: guid, key, round, note: "" };
    const told = await deps.db.transaction((tx) => alignHolds(tx, deliveryId, holds, because));
    await deps.crash("intake.after.align");
    return told;
  });
}
