// Who can see a repository, and so what may be shown where: nothing of a place in another that more people see.
import { z } from "zod";
import type { RepoId } from "./ids.ts";

/** From the fewest people to the most. */
export const VISIBILITIES = ["private", "internal", "public"] as const;
export const Visibility = z.enum(VISIBILITIES);
export type Visibility = z.infer<typeof Visibility>;

/** Whether more people see `one` than `other`. */
export const isMoreVisible = (one: Visibility, other: Visibility): boolean =>
  VISIBILITIES.indexOf(one) > VISIBILITIES.indexOf(other);

/** Who sees each repository of a delivery, by repository id. */
export const Visibilities = z.record(z.string(), Visibility);
export type Visibilities = z.infer<typeof Visibilities>;

/**
 * Whether words for one repository, chosen when `then` held, may tell of another what not all who see that one now may know.
 * Nothing is said of a repository that was seen by fewer people already then.
 */
export const haveOutgrown = (repoId: RepoId, then: Visibilities, now: ReadonlyMap<RepoId, Visibility>): boolean => {
  const [seenThen, seenNow] = [then[repoId], now.get(repoId)];
  if (seenThen === undefined || seenNow === undefined) return false;
  return [...now].some(([other, visibility]) => {
    const before = then[other];
    return before !== undefined && !isMoreVisible(seenThen, before) && isMoreVisible(seenNow, visibility);
  });
};
