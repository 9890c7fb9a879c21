// The repositories of a delivery as they are now: its holds follow, and what cannot be read is not asked any further.
import { alignPart, type Occasion } from "../align-parts.ts";
import type { IntakeDeps } from "../intake.ts";
import type { TakesPart } from "../live-deliveries.ts";
import type { Present } from "../present.ts";

/** Answers those that can be read. Throws GitHubError where trying again may help. */
export async function followParts(
  deps: IntakeDeps,
  occasion: Occasion,
  parts: readonly TakesPart[],
): Promise<readonly TakesPart[]> {
  const seen = new Map<number, Present["kind"]>();
  for (const part of parts) {
    await alignPart(deps, occasion, part, (present) => {
      seen.set(part.repoId, present.kind);
      return {
        suspended: present.kind === "refused",
        source_inactive: present.kind === "unreachable",
        ...(present.kind === "readable" ? { archived: present.facts.archived } : {}),
      };
    });
  }
  return parts.filter(({ repoId }) => seen.get(repoId) === "readable");
}
