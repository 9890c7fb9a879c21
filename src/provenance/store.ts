// The rows of `provenance`: each verdict with its ledger entry, before anybody is told of it.
import { and, asc, desc, eq } from "drizzle-orm";
import type { Sql, Tx } from "../db/database.ts";
import { provenance } from "../db/schema.ts";
import { type DeliveryId, type Digest, deliveryName, type PullNumber, RepoId, type Sha, type TraceId } from "../ids.ts";
import { instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { digestOf } from "../ledger/canonical.ts";
import { Judged, type StoredVerdict } from "./verdict.ts";

export type OfPull = Readonly<{ deliveryId: DeliveryId; traceId: TraceId; repoId: RepoId; pullNumber: PullNumber }>;

type Row = typeof provenance.$inferSelect;

const stored = (row: Row): StoredVerdict => ({
  repoId: RepoId.parse(row.repoId),
  judged: Judged.parse(row.content),
  at: instant(row.judgedAt),
});

const ofCommit = ({ deliveryId, repoId }: Pick<OfPull, "deliveryId" | "repoId">, kind: Judged["kind"], commit: Sha) =>
  and(
    eq(provenance.deliveryId, deliveryId),
    eq(provenance.repoId, repoId),
    eq(provenance.kind, kind),
    eq(provenance.commitSha, commit),
  );

/** Who made a commit that is not approved is gathered: one reading of it may know less than another. */
const withPeople = (judged: Judged, before: Judged | null): Judged => {
  if (before === null || judged.verdict.kind === "approved") return judged;
  const people = new Map([...before.people, ...judged.people].map((person) => [person.id, person]));
  const pushed = before.pushed ?? judged.pushed;
  return { ...judged, people: [...people.values()], ...(pushed && { pushed }) };
};

/**
 * Keeps a verdict, unless the newest of this commit says the same; answers what is kept and whether it is new. Whoever calls
 * holds the delivery's lock.
 */
export async function keepVerdict(
  tx: Tx,
  of: OfPull,
  found: Judged,
  at: Date,
): Promise<Readonly<{ judged: Judged; isNew: boolean }>> {
  const { deliveryId, traceId, repoId, pullNumber } = of;
  const last = await newestRow(tx.sql, of, found.kind, found.commit);
  const judged = withPeople(found, last === null ? null : Judged.parse(last.content));
  const hash: Digest = digestOf(judged);
  if (last?.hash === hash) return { judged, isNew: false };
  const { kind, commit, verdict } = judged;
  const [row] = await tx.sql
    .insert(provenance)
    .values({
      deliveryId,
      repoId,
      pullNumber,
      kind,
      commitSha: commit,
      verdict: verdict.kind,
      content: judged,
      hash,
      judgedAt: at,
    })
    .returning({ id: provenance.id });
  await append(tx, deliveryName(deliveryId), [
    {
      deliveryId,
      at: instant(at),
      actor: { kind: "system", id: "provenance" },
      action: "provenance_judged",
      entity: { kind: "provenance", id: `${row?.id}` },
      before: null,
      after: { repoId, pullNumber, kind, commit, verdict: verdict.kind, hash },
      note: null,
      traceId,
    },
  ]);
  return { judged, isNew: true };
}

async function newestRow(
  sql: Sql,
  of: Pick<OfPull, "deliveryId" | "repoId">,
  kind: Judged["kind"],
  commit: Sha,
): Promise<Row | null> {
  const [row] = await sql
    .select()
    .from(provenance)
    .where(ofCommit(of, kind, commit))
    .orderBy(desc(provenance.id))
    .limit(1);
  return row ?? null;
}

/** Whether this commit is a head of a delivery's pull request, as far as any was looked at. */
export async function hasJudged(sql: Sql, repoId: RepoId, commit: Sha): Promise<boolean> {
  const [row] = await sql
    .select({ id: provenance.id })
    .from(provenance)
    .where(and(eq(provenance.repoId, repoId), eq(provenance.commitSha, commit)))
    .limit(1);
  return row !== undefined;
}

/** When a head was first found to be approved; null while it is not. */
export async function approvedSince(
  sql: Sql,
  of: Pick<OfPull, "deliveryId" | "repoId">,
  head: Sha,
): Promise<Date | null> {
  const [row] = await sql
    .select({ at: provenance.judgedAt })
    .from(provenance)
    .where(and(ofCommit(of, "head", head), eq(provenance.verdict, "approved")))
    .orderBy(asc(provenance.id))
    .limit(1);
  return row?.at ?? null;
}

/** Whether the newest verdict on this merge is that it is what people approved. */
export async function isApprovedMerge(
  sql: Sql,
  of: Pick<OfPull, "deliveryId" | "repoId">,
  commit: Sha,
): Promise<boolean> {
  return (await newestRow(sql, of, "merge", commit))?.verdict === "approved";
}

/** Of each repository's heads and merges the newest verdict, in the order in which they were first judged. */
export async function verdictsOf(sql: Sql, deliveryId: DeliveryId): Promise<readonly StoredVerdict[]> {
  const rows = await sql
    .select()
    .from(provenance)
    .where(eq(provenance.deliveryId, deliveryId))
    .orderBy(asc(provenance.id));
  const newest = new Map<string, StoredVerdict>();
  for (const row of rows) newest.set(`${row.repoId} ${row.kind} ${row.commitSha}`, stored(row));
  return [...newest.values()];
}
