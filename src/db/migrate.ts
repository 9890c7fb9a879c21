// Brings a database to the schema of this code: forward only, in order, each migration once.
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { drizzle as onPglite } from "drizzle-orm/pglite";
import { migrate as migratePgliteDrizzle } from "drizzle-orm/pglite/migrator";
import { drizzle as onPostgres } from "drizzle-orm/postgres-js";
import { migrate as migratePostgresDrizzle } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";

export const MIGRATIONS = join(import.meta.dirname, "../../migrations");

/** Key of the advisory lock under which one process migrates and the others wait; any number that is ours. */
const LOCK = 1_129_335_118;

/** Safe to call from several processes at once. */
export async function migratePostgres(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await client`select pg_advisory_lock(${LOCK})`;
    await migratePostgresDrizzle(onPostgres(client), { migrationsFolder: MIGRATIONS });
  } finally {
    // Ending the session frees the lock.
    await client.end({ timeout: 5 });
  }
}

export async function migratePglite(pglite: PGlite): Promise<void> {
  await migratePgliteDrizzle(onPglite(pglite), { migrationsFolder: MIGRATIONS });
}
