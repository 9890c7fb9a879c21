// Reads chains from the database, and verifies them against their heads.
import { asc, eq } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { ledger, ledgerHeads } from "../db/schema.ts";
import { instant } from "../instant.ts";
import { EMPTY, type Head } from "./entry.ts";
import { type ChainVerdict, verifyChain } from "./verify.ts";

/** Rows as they are kept, not yet believed. */
export type StoredChain = Readonly<{ chain: string; rows: readonly unknown[]; head: Head }>;

export async function readChain(sql: Sql, chain: string): Promise<StoredChain> {
  const rows = await sql.select().from(ledger).where(eq(ledger.chain, chain)).orderBy(asc(ledger.seq));
  return { chain, rows: rows.map(entryOf), head: await readHead(sql, chain) };
}

/** The head of a chain, to be shown; EMPTY when it has no entry. */
export async function readHead(sql: Sql, chain: string): Promise<Head> {
  const [head] = await sql
    .select({ seq: ledgerHeads.seq, hash: ledgerHeads.hash })
    .from(ledgerHeads)
    .where(eq(ledgerHeads.chain, chain));
  return head ?? EMPTY;
}

export async function verifyStored(sql: Sql, chain: string): Promise<ChainVerdict> {
  const stored = await readChain(sql, chain);
  return verifyChain(chain, stored.rows, stored.head);
}

/** Also those whose rows or head are gone: one of the two still names them. */
export async function allChains(sql: Sql): Promise<readonly string[]> {
  const heads = await sql.select({ chain: ledgerHeads.chain }).from(ledgerHeads);
  const chains = await sql.selectDistinct({ chain: ledger.chain }).from(ledger);
  return [...new Set([...heads, ...chains].map(({ chain }) => chain))].sort();
}

function entryOf(row: typeof ledger.$inferSelect): unknown {
  const { recordedAt, actorKind, actorId, entityKind, entityId, ...same } = row;
  return {
    ...same,
    at: instant(recordedAt),
    actor: { kind: actorKind, id: actorId },
    entity: { kind: entityKind, id: entityId },
  };
}
