// Lets time pass for the queue: its clock is the database's, so the rows are moved instead.
import { sql as raw } from "drizzle-orm";
import type { Database } from "../../src/db/database.ts";

/** Whatever waits for a retry or a later start is due now. */
export const hurry = (db: Database) =>
  db.transaction(({ sql }) =>
    sql.execute(raw`update pgboss.job set start_after = now() where state in ('created', 'retry')`),
  );

/** The last sign of life of every running job, and the queue's own supervision, are this much longer ago. */
export const silence = (db: Database, seconds: number) =>
  db.transaction(async ({ sql }) => {
    await sql.execute(
      raw`update pgboss.job set heartbeat_on = heartbeat_on - ${seconds} * interval '1 second' where state = 'active'`,
    );
    await sql.execute(
      raw`update pgboss.queue set monitor_claim_on = monitor_claim_on - ${seconds} * interval '1 second',
        monitor_on = monitor_on - ${seconds} * interval '1 second'`,
    );
  });
