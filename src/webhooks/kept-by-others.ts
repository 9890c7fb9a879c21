// A hold belongs to a delivery, not to one of its repositories: it goes when none of them asks for it any more.
import type { DeliveryId, RepoId } from "../ids.ts";
import type { Wanted } from "./holds.ts";
import type { IntakeDeps } from "./intake.ts";
import { partsOf } from "./live-deliveries.ts";
import { type Present, presentOf } from "./present.ts";

const asks = (present: Present): Wanted => ({
  archived: present.kind === "readable" && present.facts.archived,
  suspended: present.kind === "refused",
  source_inactive: present.kind === "unreachable",
});

const HOLDS = ["archived", "suspended", "source_inactive"] as const;

/** What is wanted of one repository's sake, with what the delivery's others still ask for. Throws GitHubError. */
export async function keptByOthers(
  deps: IntakeDeps,
  { deliveryId, repoId }: Readonly<{ deliveryId: DeliveryId; repoId: RepoId }>,
  wanted: Wanted,
): Promise<Wanted> {
  const lifted = HOLDS.filter((hold) => wanted[hold] === false);
  if (lifted.length === 0) return wanted;
  let kept = wanted;
  for (const other of await partsOf(deps.db.sql, deliveryId)) {
    if (other.repoId === repoId) continue;
    const asked = asks(await presentOf(deps, other.installationId, other.repoId));
    for (const hold of lifted) if (asked[hold] === true) kept = { ...kept, [hold]: true };
  }
  return kept;
}
