// What is to be written: the delivery's patch sets that are approved and not yet in their repositories.
import { eq } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { deliveries, deliveryRepos } from "../db/schema.ts";
import type { Delivery, PatchSetRef, StrayHead } from "../delivery/delivery.ts";
import { loadDelivery } from "../delivery/store.ts";
import { workOf } from "../delivery/work.ts";
import { type DeliveryId, InstallationId, IssueNumber, RepoId, type Sha, type TraceId } from "../ids.ts";
import type { NotWanted } from "./outcome.ts";

/** A repository that takes part, as the delivery knows it. */
type Place = Readonly<{
  repoId: RepoId;
  installationId: InstallationId;
  name: string;
  baseBranch: string;
  baseSha: Sha;
}>;

export type WriteTarget = Readonly<{
  place: Place;
  patchSet: PatchSetRef;
  /**
   * Where the branch may stand when an earlier patch set of this delivery was written: at its head, or at one that a
   * human countersigned since. Null while the branch is still to be made.
   */
  heads: readonly Sha[] | null;
  /** What people pushed onto it; the patch set may stand on that. */
  strayHead: StrayHead | null;
}>;

export type WriteCase = Readonly<{
  delivery: Delivery;
  attempt: number;
  traceId: TraceId;
  issue: Readonly<{ repoId: RepoId; number: IssueNumber }>;
  places: ReadonlyMap<RepoId, Place>;
  targets: readonly WriteTarget[];
}>;

/** The fence: null while the state asks for exactly this work, in this attempt. */
export const whyNotWanted = (delivery: Delivery | null, attempt: number): NotWanted | null => {
  if (delivery === null) return "gone";
  if (delivery.runStatus === "canceled") return "canceled";
  if (delivery.attempt !== attempt) return "other_attempt";
  if (delivery.holds.length > 0) return "held";
  return workOf(delivery) === "write" ? null : "other_work";
};

const targetsOf = (delivery: Delivery, places: ReadonlyMap<RepoId, Place>): readonly WriteTarget[] =>
  delivery.targets.flatMap(({ repoId, patchSet, written, strayHead }) => {
    const place = places.get(repoId);
    if (patchSet === null || patchSet.written) return [];
    if (place === undefined) throw new Error(`delivery ${delivery.id} names repository ${repoId} but has no row of it`);
    const countersigned = strayHead?.approved ? [strayHead.head] : [];
    return [{ place, patchSet, heads: written === null ? null : [written.head, ...countersigned], strayHead }];
  });

export const loadCase = async (sql: Sql, id: DeliveryId, attempt: number): Promise<WriteCase | NotWanted> => {
  const stored = await loadDelivery({ sql }, id);
  const why = whyNotWanted(stored?.delivery ?? null, attempt);
  const [row] = await sql
    .select({ repoId: deliveries.repoId, issueNumber: deliveries.issueNumber })
    .from(deliveries)
    .where(eq(deliveries.id, id));
  if (stored === null || row === undefined || why !== null) return why ?? "gone";
  const { delivery, traceId } = stored;
  const rows = await sql.select().from(deliveryRepos).where(eq(deliveryRepos.deliveryId, id));
  const places = new Map(
    rows.map((repo): [RepoId, Place] => {
      const repoId = RepoId.parse(repo.repoId);
      const installationId = InstallationId.parse(repo.installationId);
      const { baseBranch, baseSha } = repo;
      return [repoId, { repoId, installationId, name: `${repo.owner}/${repo.name}`, baseBranch, baseSha }];
    }),
  );
  return {
    delivery,
    attempt,
    traceId,
    issue: { repoId: RepoId.parse(row.repoId), number: IssueNumber.parse(row.issueNumber) },
    places,
    targets: targetsOf(delivery, places),
  };
};
