// Opens Postgres embedded in this process, on a directory that belongs to it alone.
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import type { Connection } from "./connection.ts";
import { lockDirectory } from "./directory-lock.ts";
import { migratePglite } from "./migrate.ts";
import * as schema from "./schema.ts";

/** Throws DirectoryInUse while another process has it. */
export async function connectPglite(directory: string): Promise<Connection> {
  const unlock = lockDirectory(directory);
  try {
    const pglite = await PGlite.create(join(directory, "postgres"));
    return overPglite(pglite, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

export function overPglite(pglite: PGlite, closed: () => void = () => {}): Connection {
  return {
    engine: "pglite",
    drizzle: drizzle(pglite, { schema, casing: "snake_case" }),
    queueStore: { kind: "pglite", pglite },
    migrate: () => migratePglite(pglite),
    listen: async (channel, heard) => {
      const unlisten = await pglite.listen(channel, heard);
      heard(null);
      return () => unlisten();
    },
    close: async () => {
      await pglite.close();
      closed();
    },
  };
}
