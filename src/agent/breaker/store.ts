// The breakers of all endpoints, shared by all workers: read, locked and kept in Postgres.
import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Sql, Tx } from "../../db/database.ts";
import { endpoints } from "../../db/schema.ts";
import { type Breaker, CLOSED } from "./breaker.ts";

const Stored = z.discriminatedUnion("state", [
  z.object({ state: z.literal("closed"), failures: z.number() }),
  z.object({ state: z.literal("open"), until: z.date(), opens: z.number() }),
  z.object({ state: z.literal("half_open"), until: z.date(), opens: z.number() }),
]);

const fromRow = (row: unknown): Breaker => {
  if (row === undefined) return CLOSED;
  const stored = Stored.parse(row);
  return stored.state === "closed" ? stored : { ...stored, until: stored.until.getTime() };
};

export const readBreaker = async (sql: Sql, endpoint: string): Promise<Breaker> => {
  const [row] = await sql.select().from(endpoints).where(eq(endpoints.endpoint, endpoint));
  return fromRow(row);
};

/** Until the transaction ends nobody else judges this endpoint. */
export const lockBreaker = async (tx: Tx, endpoint: string, at: Date): Promise<Breaker> => {
  await tx.sql
    .insert(endpoints)
    .values({ endpoint, state: "closed", failures: 0, opens: 0, changedAt: at })
    .onConflictDoNothing();
  const [row] = await tx.sql.select().from(endpoints).where(eq(endpoints.endpoint, endpoint)).for("update");
  return fromRow(row);
};

/** For who holds its lock. */
export const keepBreaker = async (tx: Tx, endpoint: string, breaker: Breaker, at: Date): Promise<void> => {
  const columns =
    breaker.state === "closed"
      ? { state: breaker.state, failures: breaker.failures, opens: 0, until: null }
      : { state: breaker.state, failures: 0, opens: breaker.opens, until: new Date(breaker.until) };
  await tx.sql
    .update(endpoints)
    .set({ ...columns, changedAt: at })
    .where(eq(endpoints.endpoint, endpoint));
};
