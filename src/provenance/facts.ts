// What the machine is told of a head, once it was judged. Pure.
import type { Target } from "../delivery/delivery.ts";
import type { EventOf } from "../delivery/event.ts";
import type { RepoId } from "../ids.ts";
import type { Judged } from "./verdict.ts";

export type HeadFact = EventOf<"head_unapproved"> | EventOf<"head_restored">;

/** Said whether the machine knows it or not: what it was told before may still wait to be applied. */
export const factOfHead = (repoId: RepoId, { commit, verdict, people, pushed }: Judged): HeadFact =>
  verdict.kind === "approved"
    ? { type: "head_restored", repoId, head: commit, by: verdict.by.digest }
    : { type: "head_unapproved", repoId, head: commit, by: people.map(({ id }) => id), ...(pushed && { pushed }) };

/** A head that holds only what was approved needs no word, unless another one is still waited about. */
export const newsOfHead = (
  repoId: RepoId,
  { strayHead }: Pick<Target, "strayHead">,
  judged: Judged,
): HeadFact | null => {
  const fact = factOfHead(repoId, judged);
  if (fact.type === "head_unapproved") return fact;
  if (strayHead === null || (strayHead.approved && fact.by === strayHead.digest)) return null;
  return fact;
};
