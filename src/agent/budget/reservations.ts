// What model calls may cost, kept in Postgres: set aside under a lock before a call, settled after it, given back by a lease.
import { and, eq, inArray, lt, sql } from "drizzle-orm";
import type { Sql, Tx } from "../../db/database.ts";
import { deliveries, installations, reservations, sources } from "../../db/schema.ts";
import type { Shortage } from "../../delivery/shortage.ts";
import type { DeliveryId, Digest, InstallationId, RepoId } from "../../ids.ts";
import type { Usage } from "../engine.ts";
import type { Need, Used } from "./amounts.ts";
import type { Allowed } from "./rules.ts";

/** Whose call it is. Two calls of one key are never under way at once: their job runs once at a time. */
export type CallKey = Readonly<{
  deliveryId: DeliveryId;
  installationId: InstallationId;
  attempt: number;
  role: string;
  contextHash: Digest;
}>;

const total = (value: ReturnType<typeof sql>) => sql<number>`coalesce(sum(${value}), 0)`.mapWith(Number);

/** By its estimate while a call may be under way, and for good where no answer arrived: it may have been paid for. Else as the endpoint said. */
const USED = {
  tokens: total(
    sql`case when ${reservations.state} = 'settled' then ${reservations.inputTokens} + ${reservations.outputTokens} else ${reservations.estimatedTokens} end`,
  ),
  micros: total(
    sql`case when ${reservations.state} = 'settled' then ${reservations.costMicros} else ${reservations.estimatedMicros} end`,
  ),
  ms: total(sql`${reservations.durationMs}`),
};

/**
 * The lock of all budgets of an installation: who holds it sees every call of it that was admitted, and nobody admits another one
 * until the transaction ends. Rows that refer to the installation can be written meanwhile.
 */
export const lockBudgets = async (tx: Tx, id: InstallationId): Promise<void> => {
  await tx.sql
    .select({ id: installations.id })
    .from(installations)
    .where(eq(installations.id, id))
    .for("no key update");
};

export const usedBy = async (db: Sql, id: DeliveryId): Promise<Used> => {
  const [row] = await db.select(USED).from(reservations).where(eq(reservations.deliveryId, id));
  return row ?? { tokens: 0, micros: 0, ms: 0 };
};

export const usedOn = async (db: Sql, id: InstallationId, day: string): Promise<Used> => {
  const [row] = await db
    .select(USED)
    .from(reservations)
    .where(and(eq(reservations.installationId, id), eq(reservations.day, day)));
  return row ?? { tokens: 0, micros: 0, ms: 0 };
};

/** Of the deliveries whose issue is in one repository. */
export const usedIn = async (db: Sql, repoId: RepoId, day: string): Promise<Used> => {
  const [row] = await db
    .select(USED)
    .from(reservations)
    .innerJoin(deliveries, eq(deliveries.id, reservations.deliveryId))
    .innerJoin(sources, eq(sources.repoId, deliveries.repoId))
    .where(
      and(
        eq(sources.repoId, repoId),
        eq(reservations.installationId, sources.installationId),
        eq(reservations.day, day),
      ),
    );
  return row ?? { tokens: 0, micros: 0, ms: 0 };
};

/** As it is now: `/budget` may have raised it since the job began. */
export const allowedTo = async (db: Sql, id: DeliveryId): Promise<Allowed> => {
  const [row] = await db
    .select({ tokens: deliveries.tokenBudget, micros: deliveries.microsRaised, ms: deliveries.msRaised })
    .from(deliveries)
    .where(eq(deliveries.id, id));
  if (row === undefined) throw new Error(`there is no delivery ${id}`);
  return row;
};

type Held = Readonly<{ key: CallKey; need: Need; over: Shortage | null; day: string; at: Date; expiresAt: Date }>;

/** Answers its number. */
export const hold = async (tx: Tx, { key, need, over, day, at, expiresAt }: Held): Promise<number> => {
  const [row] = await tx.sql
    .insert(reservations)
    .values({
      ...key,
      day,
      model: need.model,
      state: "held",
      estimatedTokens: need.tokens,
      estimatedMicros: need.micros,
      over,
      reservedAt: at,
      expiresAt,
    })
    .returning({ id: reservations.id });
  if (row === undefined) throw new Error("the reservation was not inserted");
  return row.id;
};

/** A job that asks again has died in between: what it held then is under way no longer. */
export const releaseOrphans = async (tx: Tx, key: CallKey, at: Date): Promise<void> => {
  await tx.sql
    .update(reservations)
    .set({ state: "lost", settledAt: at })
    .where(
      and(
        eq(reservations.deliveryId, key.deliveryId),
        eq(reservations.attempt, key.attempt),
        eq(reservations.role, key.role),
        eq(reservations.contextHash, key.contextHash),
        eq(reservations.state, "held"),
      ),
    );
};

export type Spent = Readonly<{ usage: Usage; costMicros: number | null; durationMs: number; known: boolean; at: Date }>;

/** Also where the lease ran out meanwhile: what was paid is counted whenever it comes to be known. Once. */
export const settleCall = async (tx: Tx, id: number, spent: Spent): Promise<void> => {
  const { usage, costMicros, durationMs, known, at } = spent;
  await tx.sql
    .update(reservations)
    .set({ state: known ? "settled" : "lost", ...usage, costMicros, durationMs, settledAt: at })
    .where(and(eq(reservations.id, id), inArray(reservations.state, ["held", "lost"])));
};

/** Calls of workers that are gone: nobody will say what they cost. Answers how many there were. */
export const releaseExpired = async (tx: Tx, at: Date): Promise<number> => {
  const gone = await tx.sql
    .update(reservations)
    .set({ state: "lost", settledAt: at })
    .where(and(eq(reservations.state, "held"), lt(reservations.expiresAt, at)))
    .returning({ id: reservations.id });
  return gone.length;
};
