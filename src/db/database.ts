// The one store, as the rest of the code sees it: the same on Postgres and on PGlite.
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type { JobData, JobName } from "../jobs/catalogue.ts";
import type * as schema from "./schema.ts";

/** Queries, without the way to open a transaction that `Database.transaction` knows nothing of. */
export type Sql = Omit<PgDatabase<PgQueryResultHKT, typeof schema>, "transaction">;

export type EnqueueOptions = Readonly<{ startAfterSeconds?: number }>;

/**
 * One transaction. All that is done inside goes through it: `Database.sql` and `Database.transaction` throw there,
 * because on PGlite a query beside it would wait for ever, and on Postgres it would silently not be atomic.
 */
export interface Tx {
  readonly sql: Sql;
  /**
   * Visible to workers when the transaction commits, gone when it rolls back. Where a job of the same key (jobs/queueing.ts)
   * still waits, that one is kept: with the newer data, and due at the earlier time. One that runs already does not count.
   */
  readonly enqueue: <N extends JobName>(name: N, data: JobData<N>, options?: EnqueueOptions) => Promise<void>;
}

export interface Database {
  /** For single reading statements. */
  readonly sql: Sql;
  /** No network inside. Throws what `work` throws, after the rollback; TransactionTimeout when it takes too long. */
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
}
