// Whether a chain is what was written: finds the first row that was altered, taken out, put in, or moved. Pure.
import type { Digest } from "../ids.ts";
import { GENESIS, type Head, hashOfEntry, LedgerEntry } from "./entry.ts";

export type Finding = Readonly<{
  chain: string;
  /** The first sequence number that is not as it was written. */
  seq: number;
  kind: "altered" | "missing" | "inserted" | "reordered";
  detail: string;
}>;

export type ChainVerdict = Readonly<{ ok: true; chain: string; head: Head } | { ok: false; finding: Finding }>;

/**
 * `rows` in the order in which they are kept. `head` is what is known of the end from elsewhere; without one (null), rows
 * that were taken off the end are not missed. Who can rewrite all rows of a chain from some point on is only found by a
 * head that he cannot rewrite: the one that the thread shows.
 */
export function verifyChain(chain: string, rows: readonly unknown[], head: Head | null): ChainVerdict {
  const found = (seq: number, kind: Finding["kind"], detail: string): ChainVerdict => ({
    ok: false,
    finding: { chain, seq, kind, detail },
  });
  const entries = rows.map((row) => LedgerEntry.safeParse(row).data ?? null);
  let previous = GENESIS;
  for (const [index, entry] of entries.entries()) {
    const seq = index + 1;
    if (entry === null) return found(seq, "altered", "is not a ledger entry");
    if (entry.chain !== chain) return found(seq, "inserted", `belongs to ${entry.chain}`);
    if (entry.seq > seq) {
      const later = entries.slice(index).some((each) => each?.seq === seq);
      return later ? found(seq, "reordered", "comes later") : found(seq, "missing", `${entry.seq} follows ${seq - 1}`);
    }
    if (entry.seq < seq) return found(entry.seq, "inserted", "is there more than once");
    if (entry.previousHash !== previous) {
      // A genuine row that was only numbered anew shows that the one before it was slipped in.
      const before = index > 0 ? (entries[index - 1] ?? null) : null;
      const isShifted =
        before?.previousHash === entry.previousHash && hashOf({ ...entry, seq: seq - 1 }) === entry.hash;
      if (before !== null && isShifted) return found(before.seq, "inserted", "the next row does not know it");
      // Else one of the two was rewritten, hash and all. Whoever comes after this one remembers which.
      const witness = index + 1 < entries.length ? entries[index + 1]?.previousHash : head?.hash;
      const isGenuine = hashOf(entry) === entry.hash && (witness === undefined || witness === entry.hash);
      return isGenuine && before !== null
        ? found(before.seq, "altered", "the next row remembers another hash")
        : found(seq, "altered", "does not stand on the row before");
    }
    if (hashOf(entry) !== entry.hash) {
      const twice = entries.slice(index + 1).some((each) => each?.seq === seq);
      return twice
        ? found(seq, "inserted", "is there more than once")
        : found(seq, "altered", "the content does not give its hash");
    }
    previous = entry.hash;
  }
  const end: Head = { seq: entries.length, hash: previous };
  if (head === null) return { ok: true, chain, head: end };
  if (head.seq > end.seq) return found(end.seq + 1, "missing", `the chain ends at ${end.seq}, its head is ${head.seq}`);
  if (head.seq < end.seq) return found(head.seq + 1, "inserted", `the head is ${head.seq}`);
  if (head.hash !== end.hash) return found(end.seq, "altered", "the head remembers another hash");
  return { ok: true, chain, head: end };
}

/** Null for what can have no hash at all, like a number that somebody made infinite. */
function hashOf(entry: LedgerEntry): Digest | null {
  try {
    return hashOfEntry(entry);
  } catch {
    return null;
  }
}
