// Writes entries to the end of a chain, inside the transaction of what they record.
import { eq } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { ledger, ledgerHeads } from "../db/schema.ts";
import { Chain, EMPTY, entryAfter, type Head, type LedgerDraft, type LedgerEntry } from "./entry.ts";

export type { LedgerDraft } from "./entry.ts";

/**
 * Appends in the given order and answers the new head. The head's row is locked until the transaction ends, so writers of
 * one chain follow one another.
 */
export async function append(tx: Pick<Tx, "sql">, chain: string, drafts: readonly LedgerDraft[]): Promise<Head> {
  Chain.parse(chain);
  let head = await lockHead(tx, chain);
  if (drafts.length === 0) return head;
  const entries: LedgerEntry[] = [];
  for (const draft of drafts) {
    const entry = entryAfter(head, chain, draft);
    entries.push(entry);
    head = { seq: entry.seq, hash: entry.hash };
  }
  await tx.sql.insert(ledger).values(entries.map(rowOf));
  await tx.sql.update(ledgerHeads).set(head).where(eq(ledgerHeads.chain, chain));
  return head;
}

async function lockHead(tx: Pick<Tx, "sql">, chain: string): Promise<Head> {
  const select = () =>
    tx.sql
      .select({ seq: ledgerHeads.seq, hash: ledgerHeads.hash })
      .from(ledgerHeads)
      .where(eq(ledgerHeads.chain, chain))
      .for("update");
  const [there] = await select();
  if (there !== undefined) return there;
  await tx.sql
    .insert(ledgerHeads)
    .values({ chain, ...EMPTY })
    .onConflictDoNothing();
  const [made] = await select();
  if (made === undefined) throw new Error(`the head of ${chain} cannot be made`);
  return made;
}

function rowOf(entry: LedgerEntry): typeof ledger.$inferInsert {
  const { at, actor, entity, ...same } = entry;
  return {
    ...same,
    recordedAt: new Date(at),
    actorKind: actor.kind,
    actorId: actor.id,
    entityKind: entity.kind,
    entityId: entity.id,
  };
}
