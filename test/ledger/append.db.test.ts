// Chains in the database: what comes back hashes as what was written, in whatever order writers come.

import { eq, sql as raw } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ledger, ledgerHeads } from "../../src/db/schema.ts";
import { append } from "../../src/ledger/append.ts";
import { EMPTY, type LedgerDraft } from "../../src/ledger/entry.ts";
import { allChains, readChain, readHead, verifyStored } from "../../src/ledger/read.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { runs } from "../support/runs.ts";
import { draft } from "./random-entries.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const [sample = fail()] = fc.sample(draft, { numRuns: 1, seed: 7 });
const plain: LedgerDraft = { ...sample, deliveryId: null, note: "plain" };
let chains = 0;
const newChain = () => `R-${++chains}`;

describe("appending", () => {
  it("keeps every entry exactly, whatever is in it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(draft, { minLength: 1, maxLength: 5 }), async (drafts) => {
        const chain = newChain();
        const own = drafts.map((each) => ({ ...each, deliveryId: null }));
        const head = await t.db.transaction((tx) => append(tx, chain, own));
        expect(await verifyStored(t.db.sql, chain)).toEqual({ ok: true, chain, head });
        expect(head.seq).toBe(own.length);
      }),
      runs(40),
    );
  });

  it("reads back instants, actors and values as they were said", async () => {
    const chain = newChain();
    await t.db.transaction((tx) => append(tx, chain, [{ ...plain, before: { b: [1, "x"] }, after: null }]));
    const { rows } = await readChain(t.db.sql, chain);
    expect(rows).toMatchObject([{ at: plain.at, before: { b: [1, "x"] }, after: null, note: "plain", seq: 1 }]);
  });

  it("orders writers of one chain", async () => {
    const chain = newChain();
    const writers = Array.from({ length: 8 }, (_, i) =>
      t.db.transaction((tx) =>
        append(tx, chain, [
          { ...plain, note: `${i}` },
          { ...plain, note: `${i}, again` },
        ]),
      ),
    );
    await Promise.all(writers);
    expect(await verifyStored(t.db.sql, chain)).toMatchObject({ ok: true, head: { seq: 16 } });
  });

  it("leaves nothing of a transaction that rolled back", async () => {
    const chain = newChain();
    await t.db.transaction((tx) => append(tx, chain, [plain]));
    const head = await readHead(t.db.sql, chain);
    const failing = t.db.transaction(async (tx) => {
      await append(tx, chain, [plain, plain]);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await readHead(t.db.sql, chain)).toEqual(head);
    expect(await verifyStored(t.db.sql, chain)).toMatchObject({ ok: true, head });
  });

  it("appends nothing for nothing, and refuses a chain that is none", async () => {
    const chain = newChain();
    expect(await t.db.transaction((tx) => append(tx, chain, []))).toEqual(EMPTY);
    await expect(t.db.transaction((tx) => append(tx, "D-0", [plain]))).rejects.toThrow();
    await expect(t.db.transaction((tx) => append(tx, "D-1; --", [plain]))).rejects.toThrow();
    expect(await readHead(t.db.sql, "R-999999")).toEqual(EMPTY);
  });
});

describe("a chain that somebody with the database's own powers changed", () => {
  const attack = async (statement: (chain: string) => ReturnType<typeof raw>) => {
    const chain = newChain();
    await t.db.transaction((tx) =>
      append(
        tx,
        chain,
        Array.from({ length: 5 }, (_, i) => ({ ...plain, note: `${i}` })),
      ),
    );
    await t.db.transaction(async ({ sql }) => {
      await sql.execute(raw`alter table ledger disable trigger all`);
      await sql.execute(statement(chain));
      await sql.execute(raw`alter table ledger enable trigger all`);
      await sql.execute(raw`alter table ledger enable always trigger ledger_append_only`);
    });
    const verdict = await verifyStored(t.db.sql, chain);
    return verdict.ok ? null : verdict.finding;
  };

  it.each([
    ["note", raw`note = 'forged'`],
    ["actor", raw`actor_id = '1'`],
    ["after", raw`after = '{"forged": true}'`],
    ["time", raw`recorded_at = recorded_at + interval '1 millisecond'`],
    ["action", raw`action = 'forged'`],
  ])("is found by its altered %s", async (_name, change) => {
    const found = await attack((chain) => raw`update ledger set ${change} where chain = ${chain} and seq = 3`);
    expect(found).toMatchObject({ seq: 3, kind: "altered" });
  });

  it("is found by a row that is missing, in the middle and at the end", async () => {
    expect(await attack((chain) => raw`delete from ledger where chain = ${chain} and seq = 2`)).toMatchObject({
      seq: 2,
      kind: "missing",
    });
    expect(await attack((chain) => raw`delete from ledger where chain = ${chain} and seq = 5`)).toMatchObject({
      seq: 5,
      kind: "missing",
    });
  });

  it("is found by two rows that changed places", async () => {
    const found = await attack(
      (chain) =>
        raw`update ledger set seq = case seq when 2 then 104 else 102 end where chain = ${chain} and seq in (2, 4)`,
    );
    expect(found).toMatchObject({ seq: 2 });
  });

  it("is named even when all its rows are gone", async () => {
    const chain = newChain();
    await t.db.transaction((tx) => append(tx, chain, [plain]));
    expect(await allChains(t.db.sql)).toContain(chain);
    const [head] = await t.db.sql.select().from(ledgerHeads).where(eq(ledgerHeads.chain, chain));
    const [row] = await t.db.sql.select().from(ledger).where(eq(ledger.chain, chain));
    expect(head?.hash).toBe(row?.hash);
  });
});

function fail(): never {
  throw new Error("no sample");
}
