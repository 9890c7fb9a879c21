// Keeps a ContextPacket before a model is given it, so that there is proof of what it saw even of a run that never ended.
import { desc, eq } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { contextPackets, doctrineRefs } from "../db/schema.ts";
import { type DeliveryId, type Digest, deliveryName, type TraceId } from "../ids.ts";
import { instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { digestOf } from "../ledger/canonical.ts";
import type { ContextPacket } from "./packet.ts";

export type PacketFacts = Readonly<{ deliveryId: DeliveryId; traceId: TraceId; at: Date; packet: ContextPacket }>;

/** The context hash. A packet like the newest one is not stored again. */
export async function savePacket(tx: Tx, { deliveryId, traceId, at, packet }: PacketFacts): Promise<Digest> {
  const hash = digestOf(packet);
  const [newest] = await tx.sql
    .select({ version: contextPackets.version, hash: contextPackets.hash })
    .from(contextPackets)
    .where(eq(contextPackets.deliveryId, deliveryId))
    .orderBy(desc(contextPackets.version))
    .limit(1);
  if (newest?.hash === hash) return hash;

  const version = (newest?.version ?? 0) + 1;
  const [saved] = await tx.sql
    .insert(contextPackets)
    .values({ deliveryId, version, hash, content: packet, createdAt: at })
    .returning({ id: contextPackets.id });
  if (saved === undefined) throw new Error("a context packet was not stored");
  const doctrine = packet.repositories.flatMap(({ repoId, doctrine: applied }) =>
    applied.map(({ path, blob }) => ({ contextPacketId: saved.id, repoId, path, blobSha: blob })),
  );
  if (doctrine.length > 0) await tx.sql.insert(doctrineRefs).values(doctrine);
  await append(tx, deliveryName(deliveryId), [
    {
      deliveryId,
      at: instant(at),
      actor: { kind: "system", id: "context" },
      action: "context_packed",
      entity: { kind: "context_packet", id: String(saved.id) },
      before: null,
      after: { version, hash, doctrine: doctrine.map(({ repoId, path, blobSha }) => ({ repoId, path, blobSha })) },
      note: null,
      traceId,
    },
  ]);
  return hash;
}
