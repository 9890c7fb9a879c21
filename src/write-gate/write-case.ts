// What is to be written: the delivery's patch sets that are approved and not yet in their repositories.
import { eq } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { deliveries, deliveryRepos } from "../db/schema.ts";
import type { Delivery, PatchSetRef, StrayHead, Target } from "../delivery/delivery.ts";
import { loadDelivery } from "../delivery/store.ts";
import { workOf } from "../delivery/work.ts";
import { isFrozen } from "../freeze/standing.ts";
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
  written: Target["written"];
  /** What people pushed onto it; the patch set may stand on that. */
  strayHead: StrayHead | null;
  /** Heads that people countersigned before that one. */
  countersigned: readonly Sha[];
}>;

/** What any use of the WriteGate is about, whatever it writes. */
export type CaseBase = Readonly<{
  delivery: Delivery;
  attempt: number;
  traceId: TraceId;
  issue: Readonly<{ repoId: RepoId; number: IssueNumber }>;
  places: ReadonlyMap<RepoId, Place>;
}>;

export type WriteCase = CaseBase & Readonly<{ targets: readonly WriteTarget[] }>;

/** The works of the WriteGate. */
export type GateWork = "write" | "ship";

/** The fence: null while the state asks for exactly this work, in this attempt. */
export const whyNotWanted = (delivery: Delivery | null, attempt: number, work: GateWork): NotWanted | null => {
  if (delivery === null) return "gone";
  if (delivery.runStatus === "canceled") return "canceled";
  if (delivery.attempt !== attempt) return "other_attempt";
  if (delivery.holds.length > 0) return "held";
  return workOf(delivery) === work ? null : "other_work";
};

const targetsOf = (delivery: Delivery, places: ReadonlyMap<RepoId, Place>): readonly WriteTarget[] =>
  delivery.targets.flatMap(({ repoId, patchSet, written, strayHead, countersigned: earlier = [] }) => {
    const place = places.get(repoId);
    if (patchSet === null || patchSet.written) return [];
    if (place === undefined) throw new Error(`delivery ${delivery.id} names repository ${repoId} but has no row of it`);
    const countersigned = strayHead?.approved ? [strayHead.head] : [];
    const heads = written === null ? null : [written.head, ...countersigned];
    return [{ place, patchSet, heads, strayHead, written, countersigned: earlier }];
  });

export const loadBase = async (
  sql: Sql,
  id: DeliveryId,
  attempt: number,
  work: GateWork,
): Promise<CaseBase | NotWanted> => {
  const stored = await loadDelivery({ sql }, id);
  const why = whyNotWanted(stored?.delivery ?? null, attempt, work);
  const [row] = await sql
    .select({ repoId: deliveries.repoId, issueNumber: deliveries.issueNumber })
    .from(deliveries)
    .where(eq(deliveries.id, id));
  if (stored === null || row === undefined || why !== null) return why ?? "gone";
  if (await isFrozen(sql, id)) return "frozen";
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
  };
};

export const loadCase = async (sql: Sql, id: DeliveryId, attempt: number): Promise<WriteCase | NotWanted> => {
  const base = await loadBase(sql, id, attempt, "write");
  return typeof base === "string" ? base : { ...base, targets: targetsOf(base.delivery, base.places) };
};
