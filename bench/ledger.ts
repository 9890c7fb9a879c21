// Verifying a chain: entries a second, against hashing the same bytes once.
import { createHash } from "node:crypto";
import { TraceId } from "../src/ids.ts";
import { instant } from "../src/instant.ts";
import { EMPTY, entryAfter, type Head, type LedgerEntry } from "../src/ledger/entry.ts";
import { verifyChain } from "../src/ledger/verify.ts";
import type { Measured } from "./main.ts";
import { perSecond, rounded } from "./rate.ts";

const ENTRIES = 1_000;

export async function ledger(): Promise<readonly Measured[]> {
  const entries: LedgerEntry[] = [];
  let head: Head = EMPTY;
  for (let i = 0; i < ENTRIES; i++) {
    const entry = entryAfter(head, "D-1", {
      deliveryId: null,
      at: instant(new Date(i)),
      actor: { kind: "system", id: "bench" },
      action: "noted",
      entity: { kind: "delivery", id: "D-1" },
      before: { version: i },
      after: { version: i + 1, words: "some words of an entry" },
      note: null,
      traceId: TraceId.parse("0".repeat(32)),
    });
    entries.push(entry);
    head = { seq: entry.seq, hash: entry.hash };
  }
  const verified = await perSecond(10, () => {
    if (!verifyChain("D-1", entries, head).ok) throw new Error("the chain does not verify");
  });
  const texts = entries.map((entry) => JSON.stringify(entry));
  const hashed = await perSecond(10, () => texts.map((text) => createHash("sha256").update(text).digest("hex")));
  return [
    {
      name: "ledger-verify",
      value: rounded(verified * ENTRIES),
      unit: "entries/s",
      againstHashingOnce: rounded(verified / hashed),
    },
  ];
}
