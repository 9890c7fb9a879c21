// Which freezes stand over a repository or a delivery. Whoever cannot read them here must not go on: nothing is caught.
import { and, asc, eq, inArray, isNull, or, sql as raw, type SQL } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { deliveries, deliveryRepos, freezes } from "../db/schema.ts";
import { DeliveryId, type InstallationId, RepoId } from "../ids.ts";
import { type Instant, instant } from "../instant.ts";
import { live } from "../webhooks/live-deliveries.ts";

/** What is frozen: one repository, or all of an installation. */
export type Frozen =
  | Readonly<{ kind: "repository"; repoId: RepoId; installationId: InstallationId }>
  | Readonly<{ kind: "installation"; installationId: InstallationId }>;

export type Freeze = Readonly<{
  id: number;
  /** Null: the whole installation. */
  repoId: RepoId | null;
  /** Each lifts their own alone. */
  by: "approver" | "operator";
  /** As it was written; it was read by nobody else yet. */
  reason: string | null;
  /** Null of the operator. */
  login: string | null;
  at: Instant;
}>;

const stands = isNull(freezes.liftedAt);

const standingWhere = async (sql: Sql, where: SQL | undefined): Promise<readonly Freeze[]> => {
  const rows = await sql.select().from(freezes).where(and(stands, where)).orderBy(asc(freezes.id));
  return rows.map(({ id, repoId, by, reason, personLogin, frozenAt }) => ({
    id,
    repoId: repoId === null ? null : RepoId.parse(repoId),
    by,
    reason,
    login: personLogin,
    at: instant(frozenAt),
  }));
};

/** Those that stand over one repository, oldest first: its own, and its installation's. Throws where they cannot be read. */
export const standingOver = (
  sql: Sql,
  { repoId, installationId }: Readonly<{ repoId: RepoId; installationId: InstallationId }>,
): Promise<readonly Freeze[]> =>
  standingWhere(
    sql,
    or(eq(freezes.repoId, repoId), and(isNull(freezes.repoId), eq(freezes.installationId, installationId))),
  );

/** Of exactly this, and not of what is around it. */
export const standingOn = (sql: Sql, frozen: Frozen): Promise<readonly Freeze[]> =>
  standingWhere(
    sql,
    frozen.kind === "repository"
      ? eq(freezes.repoId, frozen.repoId)
      : and(isNull(freezes.repoId), eq(freezes.installationId, frozen.installationId)),
  );

/** The same condition as that of the triggers on `writes` and `reservations`. */
const covers = or(
  eq(freezes.repoId, deliveryRepos.repoId),
  and(isNull(freezes.repoId), eq(freezes.installationId, deliveryRepos.installationId)),
);

/** Whether a freeze stands over any repository of a delivery: it moves whole, or not at all. Throws where that cannot be read. */
export const isFrozen = async (sql: Sql, deliveryId: DeliveryId): Promise<boolean> => {
  const rows = await sql
    .select({ id: freezes.id })
    .from(freezes)
    .innerJoin(deliveryRepos, covers)
    .where(and(eq(deliveryRepos.deliveryId, deliveryId), stands))
    .limit(1);
  return rows.length > 0;
};

const frozenNow = (sql: Sql) =>
  sql.select({ id: deliveryRepos.deliveryId }).from(freezes).innerJoin(deliveryRepos, covers).where(stands);

const holdsFreeze = raw`${deliveries.holds} @> '["freeze"]'::jsonb`;

/** Live deliveries whose hold is not what the freezes say: what a crash between two of them would leave, and nothing else. */
export const outOfLine = async (sql: Sql, limit: number): Promise<readonly DeliveryId[]> => {
  const frozen = inArray(deliveries.id, frozenNow(sql));
  const rows = await sql
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(live, raw`(${holdsFreeze}) <> (${frozen})`))
    .orderBy(asc(deliveries.id))
    .limit(limit);
  return rows.map(({ id }) => DeliveryId.parse(id));
};
