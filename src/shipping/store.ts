// The rows of `ships` and their parts: kept before anybody is shown them, and proved by their digests when they are read.
import { and, asc, desc, eq, lt } from "drizzle-orm";
import type { Sql, Tx } from "../db/database.ts";
import { shipParts, ships } from "../db/schema.ts";
import { type DeliveryId, type Digest, deliveryName, ShipId, ShipPartId, type TraceId } from "../ids.ts";
import { type Instant, instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { partDigest, partsOf, ShipContent, type ShipPart, shipDigest } from "./content.ts";

export type StoredPart = ShipPart & Readonly<{ id: ShipPartId; digest: Digest }>;

export type StoredShip = Readonly<{
  id: ShipId;
  version: number;
  digest: Digest;
  content: ShipContent;
  parts: readonly StoredPart[];
  madeAt: Instant;
}>;

export type Making = Readonly<{ deliveryId: DeliveryId; attempt: number; traceId: TraceId; at: Date }>;

/**
 * Keeps what an assessment found ready; run again in the same attempt it answers what is there. Whoever calls holds the
 * delivery's lock.
 */
export async function saveShip(
  tx: Tx,
  { deliveryId, attempt, traceId, at }: Making,
  found: Omit<ShipContent, "version">,
): Promise<Readonly<{ version: number; digest: Digest }>> {
  const [same] = await tx.sql
    .select({ version: ships.version, digest: ships.digest })
    .from(ships)
    .where(and(eq(ships.deliveryId, deliveryId), eq(ships.attempt, attempt)));
  if (same !== undefined) return same;
  const [last] = await tx.sql
    .select({ version: ships.version })
    .from(ships)
    .where(and(eq(ships.deliveryId, deliveryId), lt(ships.attempt, attempt)))
    .orderBy(desc(ships.version))
    .limit(1);
  const version = (last?.version ?? 0) + 1;
  const content = ShipContent.parse({ ...found, version });
  const digest = shipDigest(content);
  const [row] = await tx.sql
    .insert(ships)
    .values({ deliveryId, attempt, version, digest, content, madeAt: at })
    .returning({ id: ships.id });
  const shipId = ShipId.parse(row?.id);
  for (const part of partsOf(content)) {
    const { repoId } = part.content;
    await tx.sql
      .insert(shipParts)
      .values({ shipId, shipDigest: digest, deliveryId, kind: part.kind, repoId, digest: partDigest(part) });
  }
  await append(tx, deliveryName(deliveryId), [
    {
      deliveryId,
      at: instant(at),
      actor: { kind: "system", id: "assess" },
      action: "ship_made",
      entity: { kind: "ship", id: `${shipId}` },
      before: null,
      after: { attempt, digest, content },
      note: null,
      traceId,
    },
  ]);
  return { version, digest };
}

type Row = typeof ships.$inferSelect;

const stored = async (sql: Sql, row: Row): Promise<StoredShip> => {
  const content = ShipContent.parse(row.content);
  if (shipDigest(content) !== row.digest) throw new Error(`ship ${row.id} does not give its digest`);
  const rows = await sql.select().from(shipParts).where(eq(shipParts.shipId, row.id)).orderBy(asc(shipParts.id));
  const parts = partsOf(content).map((part): StoredPart => {
    const digest = partDigest(part);
    const found = rows.find(
      (one) => one.kind === part.kind && one.repoId === part.content.repoId && one.digest === digest,
    );
    if (found === undefined) throw new Error(`ship ${row.id} lacks the row of a ${part.kind}`);
    return { ...part, id: ShipPartId.parse(found.id), digest };
  });
  const { version, digest } = row;
  return { id: ShipId.parse(row.id), version, digest, content, parts, madeAt: instant(row.madeAt) };
};

/** Null when there is none of this version and digest. Throws where rows are not what their digests say. */
export async function loadShip(
  sql: Sql,
  deliveryId: DeliveryId,
  { version, digest }: Readonly<{ version: number; digest: Digest }>,
): Promise<StoredShip | null> {
  const [row] = await sql
    .select()
    .from(ships)
    .where(and(eq(ships.deliveryId, deliveryId), eq(ships.version, version), eq(ships.digest, digest)));
  return row === undefined ? null : stored(sql, row);
}

/** All that were ever made, oldest first. */
export async function shipsOf(sql: Sql, deliveryId: DeliveryId): Promise<readonly StoredShip[]> {
  const rows = await sql.select().from(ships).where(eq(ships.deliveryId, deliveryId)).orderBy(asc(ships.version));
  return Promise.all(rows.map((row) => stored(sql, row)));
}
