// A delivery between its row and the machine: read, locked, and saved by who still holds the version that he read.
import { and, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Sql, Tx } from "../db/database.ts";
import { constraintSnapshots, deliveries } from "../db/schema.ts";
import type { DeliveryId, TraceId } from "../ids.ts";
import type { DeadlineColumns } from "./deadline.ts";
import { Delivery, GateSubject, isTerminal, Retired, ShipSubject, Target } from "./delivery.ts";

/** What the row keeps beside the machine's state. */
export type StoredDelivery = Readonly<{ delivery: Delivery; traceId: TraceId; deadline: DeadlineColumns }>;

/** The column `gates`: all of the state that nobody asks the database about. */
const Memory = z.object({
  plan: GateSubject.nullable(),
  targets: z.array(Target),
  ship: ShipSubject.nullable(),
  retired: z.array(Retired).default([]),
  unproven: z.array(z.string()).optional(),
  restartsLeft: z.number().int().nonnegative(),
});

type StateColumns = Pick<
  typeof deliveries.$inferInsert,
  | "phase"
  | "runStatus"
  | "reason"
  | "holds"
  | "exitPhase"
  | "undoes"
  | "version"
  | "attempt"
  | "revisionsLeft"
  | "fixesLeft"
  | "gates"
>;

/** The columns of a row that are the machine's: for whoever inserts a new delivery, and for saving one. */
export function stateColumns(delivery: Omit<Delivery, "id">): StateColumns {
  const { phase, runStatus, reason, holds, exitPhase, version, attempt, revisionsLeft, fixesLeft } = delivery;
  const gates: z.input<typeof Memory> = Memory.parse(delivery);
  const undoes = delivery.undoes ?? null;
  return { phase, runStatus, reason, holds, exitPhase, undoes, version, attempt, revisionsLeft, fixesLeft, gates };
}

export async function loadDelivery(db: Pick<Tx, "sql">, id: DeliveryId): Promise<StoredDelivery | null> {
  const [row] = await db.sql.select().from(deliveries).where(eq(deliveries.id, id));
  return row === undefined ? null : fromRow(row);
}

/** Until the transaction ends nobody else moves this delivery. Rows that refer to it can be written meanwhile. */
export async function lockDelivery(tx: Tx, id: DeliveryId): Promise<StoredDelivery | null> {
  const [row] = await tx.sql.select().from(deliveries).where(eq(deliveries.id, id)).for("no key update");
  return row === undefined ? null : fromRow(row);
}

/** False when the row no longer has the version that was read: then nothing was saved. */
export async function saveDelivery(
  tx: Tx,
  next: Delivery,
  expectedVersion: number,
  deadline: DeadlineColumns,
  now: Date,
): Promise<boolean> {
  const { id, ...state } = next;
  const saved = await tx.sql
    .update(deliveries)
    .set({
      ...stateColumns(state),
      ...deadline,
      changedAt: now,
      // The first end counts: what is noted about its pull requests afterwards does not move it.
      endedAt: isTerminal(next) ? sql`coalesce(${deliveries.endedAt}, ${now.toISOString()}::timestamptz)` : null,
    })
    .where(and(eq(deliveries.id, id), eq(deliveries.version, expectedVersion)))
    .returning({ id: deliveries.id });
  return saved.length === 1;
}

/** The newest ConstraintSnapshot, as it was stored; undefined while there is none. */
export async function newestSnapshot(sql_: Sql, id: DeliveryId): Promise<unknown> {
  const [row] = await sql_
    .select({ content: constraintSnapshots.content })
    .from(constraintSnapshots)
    .where(eq(constraintSnapshots.deliveryId, id))
    .orderBy(desc(constraintSnapshots.version))
    .limit(1);
  return row?.content;
}

function fromRow(row: typeof deliveries.$inferSelect): StoredDelivery {
  const { gates, traceId, deadlineAt, deadlineSeconds, deadlineLeftSeconds, remindedAt, undoes, ...state } = row;
  return {
    delivery: Delivery.parse({ ...state, ...(undoes === null ? {} : { undoes }), ...Memory.parse(gates) }),
    traceId,
    deadline: { deadlineAt, deadlineSeconds, deadlineLeftSeconds, remindedAt },
  };
}
