// What is said of a chain that is not as it was written: one example a sentence, to the letter.
import { describe, expect, it } from "vitest";
import { DeliveryId, TraceId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { GENESIS, hashOfEntry, type LedgerEntry } from "../../src/ledger/entry.ts";
import { verifyChain } from "../../src/ledger/verify.ts";
import { chainOf, headOf } from "./random-entries.ts";

const chain = chainOf(
  ["born", "asked", "answered", "ended"].map((action) => ({
    deliveryId: DeliveryId.parse(1),
    at: instant(new Date("2026-11-21T10:00:00Z")),
    actor: { kind: "system" as const, id: "test" },
    action,
    entity: { kind: "delivery", id: "1" },
    before: null,
    after: { action },
    note: null,
    traceId: TraceId.parse("ab".repeat(16)),
  })),
);
const [first, second, third, fourth] = chain;
if (first === undefined || second === undefined || third === undefined || fourth === undefined)
  throw new Error("short");
const head = headOf(chain);
const OTHER = hashOfEntry({ ...first, action: "other" });

const rehashed = (entry: LedgerEntry): LedgerEntry => ({ ...entry, hash: hashOfEntry(entry) });
/** In the place of `next`, standing on the same row, hash and all. */
const slippedIn = (next: LedgerEntry): LedgerEntry => rehashed({ ...next, action: "slipped in" });
const numbered = (rows: readonly LedgerEntry[]): LedgerEntry[] =>
  rows.map((row, index) => ({ ...row, seq: index + 1 }));

const cases: readonly [what: string, rows: readonly unknown[], seq: number, kind: string, detail: string][] = [
  ["no entry at all", [first, { seq: 2 }, third], 2, "altered", "is not a ledger entry"],
  ["of another chain", [first, { ...second, chain: "D-2" }], 2, "inserted", "belongs to D-2"],
  ["moved", [first, third, second, fourth], 2, "reordered", "comes later"],
  ["moved to the first place", [second, first, third, fourth], 1, "reordered", "comes later"],
  ["taken out", [first, third, fourth], 2, "missing", "3 follows 1"],
  ["taken out, and two more", [fourth], 1, "missing", "4 follows 0"],
  ["there again", [first, second, first, third, fourth], 1, "inserted", "is there more than once"],
  [
    "there again in other words",
    [first, { ...second, action: "x" }, second, third, fourth],
    2,
    "inserted",
    "is there more than once",
  ],
  [
    "in other words",
    [first, { ...second, action: "x" }, third, fourth],
    2,
    "altered",
    "the content does not give its hash",
  ],
  [
    "slipped in, and all numbered anew",
    numbered([first, slippedIn(second), second, third, fourth]),
    2,
    "inserted",
    "the next row does not know it",
  ],
  [
    "slipped in before all others, and all numbered anew",
    numbered([slippedIn(first), first, second]),
    1,
    "inserted",
    "the next row does not know it",
  ],
  [
    "in other words, with their hash",
    [first, rehashed({ ...second, action: "x" }), third, fourth],
    2,
    "altered",
    "the next row remembers another hash",
  ],
  [
    "in other words, with their hash, before the last",
    [first, second, rehashed({ ...third, action: "x" }), fourth],
    3,
    "altered",
    "the next row remembers another hash",
  ],
  [
    "on other feet",
    [first, rehashed({ ...second, previousHash: OTHER }), third],
    2,
    "altered",
    "does not stand on the row before",
  ],
  [
    "on other feet, without their hash",
    [first, { ...second, previousHash: OTHER }, third],
    2,
    "altered",
    "does not stand on the row before",
  ],
  [
    "on other feet, as the last",
    [first, second, third, rehashed({ ...fourth, previousHash: OTHER })],
    4,
    "altered",
    "does not stand on the row before",
  ],
  [
    "on other feet, as the first",
    [rehashed({ ...first, previousHash: OTHER })],
    1,
    "altered",
    "does not stand on the row before",
  ],
  ["not at the end", [first, second], 3, "missing", "the chain ends at 2, its head is 4"],
  ["not there at all", [], 1, "missing", "the chain ends at 0, its head is 4"],
];

describe("a row that is", () => {
  it.each(cases)("%s", (_what, rows, seq, kind, detail) => {
    expect(verifyChain("D-1", rows, head)).toEqual({ ok: false, finding: { chain: "D-1", seq, kind, detail } });
  });

  it("put on the end, or the last in other words, is told by the head", () => {
    const known = headOf(chain.slice(0, 3));
    expect(verifyChain("D-1", chain, known)).toEqual({
      ok: false,
      finding: { chain: "D-1", seq: 4, kind: "inserted", detail: "the head is 3" },
    });
    const last = [first, second, third, rehashed({ ...fourth, action: "x" })];
    expect(verifyChain("D-1", last, head)).toEqual({
      ok: false,
      finding: { chain: "D-1", seq: 4, kind: "altered", detail: "the head remembers another hash" },
    });
  });

  it("on other feet as the last, where no head is known, is the one that was altered", () => {
    const rows = [first, second, third, rehashed({ ...fourth, previousHash: OTHER })];
    expect(verifyChain("D-1", rows, null)).toMatchObject({
      finding: { seq: 3, detail: "the next row remembers another hash" },
    });
  });
});

it("an empty chain begins where every chain does", () => {
  expect(verifyChain("D-1", [], null)).toEqual({ ok: true, chain: "D-1", head: { seq: 0, hash: GENESIS } });
});
