// Connects to a Postgres server.
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import type { Connection } from "./connection.ts";
import { migratePostgres } from "./migrate.ts";
import * as schema from "./schema.ts";

/** Connections of one process: for statements of ours, and for the queue's own pool. One more listens. */
const CONNECTIONS = 10;
const QUEUE_CONNECTIONS = 4;
const CONNECT_SECONDS = 5;

export function connectPostgres(url: string): Connection {
  const client = postgres(url, {
    max: CONNECTIONS,
    // GitHub waits 10 s for an answer: a database that is away must be an error well before.
    connect_timeout: CONNECT_SECONDS,
    backoff: (failures) => Math.min(1, 0.05 * 2 ** failures),
    onnotice: () => {},
    connection: { application_name: "countersign" },
  });
  return {
    engine: "postgres",
    drizzle: drizzle(client, { schema, casing: "snake_case" }),
    queueStore: { kind: "postgres", url, connections: QUEUE_CONNECTIONS },
    migrate: () => migratePostgres(url),
    listen: async (channel, heard) => {
      // Also called after each reconnection, when notifications may have been lost.
      const { unlisten } = await client.listen(channel, heard, () => heard(null));
      return unlisten;
    },
    close: () => client.end({ timeout: 5 }),
  };
}
