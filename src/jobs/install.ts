// Starts pg-boss on the one store and brings its tables and queues to what this code wants. Several processes may at once.
import type { PGlite } from "@electric-sql/pglite";
import { sql as raw } from "drizzle-orm";
import { fromPglite, PgBoss } from "pg-boss";
import type { Sql } from "../db/database.ts";
import { QUEUE_SCHEMA } from "./job-table.ts";
import { DEAD, JOB_NAMES, LEASE_SECONDS, QUEUEING, SUPERVISE_SECONDS } from "./queueing.ts";

export type QueueStore =
  | Readonly<{ kind: "postgres"; url: string; connections: number }>
  | Readonly<{ kind: "pglite"; pglite: PGlite }>;

export type Fault = (message: string, fields: Readonly<Record<string, unknown>>) => void;

/** Finished jobs are kept for so long: what they did is in the ledger. Dead letters stay for a fortnight. */
const KEEP_SECONDS = 600;
const KEEP_DEAD_SECONDS = 14 * 24 * 3600;

/** No job has this id. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Key of the advisory lock around our own index; any number that is ours. */
const LOCK = 1_129_335_119;

const common = { retryBackoff: true, heartbeatSeconds: LEASE_SECONDS };

const WANTED = [
  // Dead letters are only ever lost by hand.
  {
    name: DEAD,
    policy: "standard",
    ...common,
    retryLimit: 1000,
    retryDelay: 5,
    retryDelayMax: 600,
    deleteAfterSeconds: KEEP_DEAD_SECONDS,
  },
  ...JOB_NAMES.map((name) => {
    const { slots: _, ...limits } = QUEUEING[name];
    return { name, policy: "short", ...common, ...limits, deadLetter: DEAD, deleteAfterSeconds: KEEP_SECONDS };
  }),
];

export async function startBoss(store: QueueStore, sql: Sql, fault: Fault): Promise<PgBoss> {
  const boss = new PgBoss({
    ...(store.kind === "postgres"
      ? { connectionString: store.url, max: store.connections, application_name: "countersign-queue" }
      : { db: fromPglite(store.pglite), backend: "pglite" as const }),
    schema: QUEUE_SCHEMA,
    // Workers supervise by themselves; there are no schedules and no flows.
    supervise: false,
    schedule: false,
    flowIntervalSeconds: 3600,
    monitorIntervalSeconds: SUPERVISE_SECONDS / 2,
    maintenanceIntervalSeconds: 120,
  });
  boss.on("error", (error) => fault("queue failed", { error: error.message }));
  boss.on("warning", (warning) => fault("queue warns", { warning: warning.message }));
  await boss.start();
  const there = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]));
  for (const { name, policy, ...options } of WANTED) {
    const found = there.get(name);
    if (found === undefined) await boss.createQueue(name, { policy, ...options });
    else if (Object.entries(options).some(([key, value]) => Reflect.get(found, key) !== value)) {
      await boss.updateQueue(name, options);
    }
  }
  // send() looks an unknown queue up on pg-boss's own connection, and inside a transaction on PGlite that would wait for
  // ever: so every queue is known before the first transaction.
  for (const { name } of WANTED) await boss.findJobs(name, { id: NOBODY });
  await keepOneRunning(boss, sql);
  return boss;
}

/**
 * Never two running jobs of one key. pg-boss's own policies for that were rejected: `singleton` and `stately` skip a key for
 * up to a minute after it was seen busy, and `stately` declares a failed job dead while another of its key waits to retry.
 */
async function keepOneRunning(boss: PgBoss, sql: Sql): Promise<void> {
  const [queue] = await boss.getQueues([DEAD]);
  if (queue === undefined) throw new Error("the queue was not installed");
  const table = raw`${raw.identifier(QUEUE_SCHEMA)}.${raw.identifier(queue.table)}`;
  await sql.execute(raw`
    DO $$ BEGIN
      PERFORM pg_advisory_xact_lock(${raw.raw(String(LOCK))});
      CREATE UNIQUE INDEX IF NOT EXISTS one_running_of_a_key ON ${table} (name, group_id)
        WHERE state = 'active' AND group_id IS NOT NULL;
    END $$`);
}
