// The rows of pinned names: read before a repository is judged, written when a delivery is admitted.
import { and, eq, ne, or } from "drizzle-orm";
import type { Sql, Tx } from "../db/database.ts";
import { repositoryPins } from "../db/schema.ts";
import { RepoId } from "../ids.ts";
import { type Pin, pinnedName } from "./pins.ts";
import type { Pinned } from "./taking-part.ts";

type Repository = Readonly<{ id: RepoId; name: string }>;

/** Which repositories the two names stood for, where they were used before. */
export async function readPinned(sql: Sql, home: Repository, found: Repository): Promise<Pinned> {
  const row = (holder: RepoId, key: Pin["key"], name: string) =>
    and(eq(repositoryPins.holderId, holder), eq(repositoryPins.key, key), eq(repositoryPins.name, pinnedName(name)));
  const rows = await sql
    .select()
    .from(repositoryPins)
    .where(or(row(home.id, "repos", found.name), row(found.id, "accept_from", home.name)));
  const pinnedBy = (key: Pin["key"]): RepoId | null => {
    const pin = rows.find((each) => each.key === key);
    return pin === undefined ? null : RepoId.parse(pin.repoId);
  };
  return { found: pinnedBy("repos"), home: pinnedBy("accept_from") };
}

/** What a person confirmed takes the place of what the name stood for. */
export async function writePins(tx: Tx, pins: readonly Pin[], at: Date): Promise<void> {
  for (const { holder, key, name, repoId } of pins) {
    await tx.sql
      .insert(repositoryPins)
      .values({ holderId: holder, key, name, repoId, pinnedAt: at })
      .onConflictDoUpdate({
        target: [repositoryPins.holderId, repositoryPins.key, repositoryPins.name],
        set: { repoId, pinnedAt: at },
        setWhere: ne(repositoryPins.repoId, repoId),
      });
  }
}
