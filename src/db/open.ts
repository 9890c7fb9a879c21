// Opens the one store with its queue: Postgres when there is a URL, else PGlite on disk. One code path above the connection.
import { AsyncResource } from "node:async_hooks";
import { sql as raw } from "drizzle-orm";
import { type Fault, openQueue, type Queue } from "../jobs/queue.ts";
import type { Connection, Engine } from "./connection.ts";
import type { Database } from "./database.ts";
import { connectPglite } from "./pglite.ts";
import { connectPostgres } from "./postgres.ts";
import { makeDatabase, TRANSACTION_SECONDS } from "./transactions.ts";

/** Payloads are names of queues. */
const WAKE_CHANNEL = "countersign_jobs";

export type OpenOptions = Readonly<{
  /** postgres:// URL; null embeds Postgres in this process, on `dataDir`. */
  databaseUrl: string | null;
  dataDir: string;
  /** Hears of what went wrong in the background; a static message and fields. */
  fault: Fault;
  transactionSeconds?: number;
}>;

export interface Opened {
  readonly db: Database;
  readonly queue: Queue;
  readonly engine: Engine;
  /** Calls back with the name of each queue that got a job, and with null whenever some may have been missed. */
  readonly onJobs: (heard: (name: string | null) => void) => Promise<() => Promise<void>>;
  /** Resolves when database and queue answer. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Migrates, so that the schema is always this code's. Throws DirectoryInUse when another process has the directory, and
 * what the driver throws when the server cannot be reached.
 */
export async function openDatabase(options: OpenOptions): Promise<Opened> {
  const { databaseUrl, dataDir, fault, transactionSeconds = TRANSACTION_SECONDS } = options;
  const connection = databaseUrl === null ? await connectPglite(dataDir) : connectPostgres(databaseUrl);
  try {
    await connection.migrate();
    const opened = await openOn(connection, { fault, transactionSeconds });
    // Nobody else can be alive on an embedded database: what ran when its last process ended starts again now.
    if (connection.engine === "pglite") await opened.queue.reclaim();
    return opened;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** For a connection whose schema is already there. */
export async function openOn(
  connection: Connection,
  { fault, transactionSeconds = TRANSACTION_SECONDS }: Pick<OpenOptions, "fault" | "transactionSeconds">,
): Promise<Opened> {
  const queue = await openQueue(connection.queueStore, connection.drizzle, fault);
  const db = makeDatabase({
    drizzle: connection.drizzle,
    enqueue: queue.enqueue,
    wake: async (sql, names) => {
      await sql.execute(
        raw`select pg_notify(${WAKE_CHANNEL}, name) from unnest(string_to_array(${names.join(",")}, ',')) as name`,
      );
    },
    serverLimits: connection.engine === "postgres",
    seconds: transactionSeconds,
  });
  return {
    db,
    queue,
    engine: connection.engine,
    // PGlite calls back from inside whatever query is under way: what is set going there is none of that transaction's.
    onJobs: (heard) => connection.listen(WAKE_CHANNEL, AsyncResource.bind(heard)),
    ping: async () => {
      await db.sql.execute(raw`select 1`);
      await queue.due(["advance"]);
    },
    close: async () => {
      await queue.close();
      await connection.close();
    },
  };
}
