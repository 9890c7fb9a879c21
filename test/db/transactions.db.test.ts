// Inside a transaction its tx is the only handle; what goes wrong there is an error, never a silence and never for ever.
import { eq, sql as raw } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sql } from "../../src/db/database.ts";
import { isUniqueViolation, TransactionTimeout, violationOf } from "../../src/db/errors.ts";
import { blobs, installations, webhooks } from "../../src/db/schema.ts";
import { DeliveryId, WebhookGuid } from "../../src/ids.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { START, shaOf, storeReceipt } from "../support/stored-delivery.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ transactionSeconds: 1 });
});
afterAll(() => t.close());

const one = DeliveryId.parse(1);
const installation = (id: number) => ({ id, accountId: id, accountLogin: "acme", updatedAt: START });
const has = async (id: number) =>
  (await t.db.sql.select().from(installations).where(eq(installations.id, id))).length === 1;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a transaction", () => {
  it("answers what its work answers, and its rows and jobs are there", async () => {
    const answer = await t.db.transaction(async ({ sql, enqueue }) => {
      await sql.insert(installations).values(installation(1));
      await enqueue("advance", { deliveryId: one });
      return "done";
    });
    expect(answer).toBe("done");
    expect(await has(1)).toBe(true);
    expect(await t.jobs.take("advance")).toEqual([{ deliveryId: 1 }]);
  });

  it("that throws leaves neither row nor job, and throws the same", async () => {
    const error = new Error("changed my mind");
    const failing = t.db.transaction(async ({ sql, enqueue }) => {
      await sql.insert(installations).values(installation(2));
      await enqueue("advance", { deliveryId: one });
      throw error;
    });
    await expect(failing).rejects.toBe(error);
    expect(await has(2)).toBe(false);
    expect(await t.jobs.waiting()).toEqual([]);
  });

  it("refuses the database beside it at once, and rolls back", async () => {
    for (const beside of [
      () => t.db.sql.select().from(installations),
      () => t.db.transaction(async () => {}),
      () => Promise.resolve(t.db.sql.insert(installations)),
    ]) {
      const wrong = t.db.transaction(async ({ sql }) => {
        await sql.insert(installations).values(installation(3));
        await beside();
      });
      await expect(wrong).rejects.toThrow("inside a transaction only its own tx may be used");
      expect(await has(3)).toBe(false);
    }
  });

  it("finds a handle that was taken before it began", async () => {
    const { sql } = t.db;
    await expect(t.db.transaction(async () => void (await sql.select().from(installations)))).rejects.toThrow(
      "only its own tx",
    );
  });

  it("cannot be used when it is over", async () => {
    let kept: Sql | undefined;
    await t.db.transaction(async ({ sql }) => {
      kept = sql;
    });
    expect(() => kept?.select()).toThrow("the transaction is over");
  });

  it("leaves the database free to what it set going but did not wait for", async () => {
    let later: Promise<unknown> = Promise.resolve();
    await t.db.transaction(async () => {
      later = sleep(50).then(() => t.db.sql.select().from(installations));
    });
    await expect(later).resolves.toBeDefined();
  });

  it("that takes too long is rolled back, and the next one works", async () => {
    const slow = t.db.transaction(async ({ sql }) => {
      await sql.insert(installations).values(installation(4));
      await sleep(5_000);
    });
    await expect(slow).rejects.toThrow(TransactionTimeout);
    expect(await has(4)).toBe(false);
    await t.db.transaction(({ sql }) => sql.insert(installations).values(installation(5)));
    expect(await has(5)).toBe(true);
  });

  it("that waits for the lock of another one ends", async () => {
    await t.db.transaction(({ sql }) => sql.insert(installations).values(installation(6)));
    const lock = (sql: Sql) => sql.select().from(installations).where(eq(installations.id, 6)).for("update");
    const holder = t.db.transaction(async ({ sql }) => {
      await lock(sql);
      await sleep(5_000);
    });
    const waiter = t.db.transaction(({ sql }) => lock(sql));
    await expect(holder).rejects.toThrow();
    // On PGlite it waits for its turn and then gets the lock; on Postgres one of the two limits ends it.
    await waiter.catch(() => {});
    await t.db.transaction(({ sql }) => lock(sql));
  });
});

describe("errors of both drivers", () => {
  it("name the SQLSTATE and the constraint", async () => {
    const guid = await storeReceipt(t.db);
    const again = t.db.transaction(({ sql }) =>
      sql.insert(webhooks).values({ guid, event: "ping", payload: {}, receivedAt: START }),
    );
    const error = await again.catch((thrown: unknown) => thrown);
    expect(violationOf(error)).toEqual({ code: "23505", constraint: "webhooks_pkey" });
    expect(isUniqueViolation(error, "webhooks_pkey")).toBe(true);
    expect(isUniqueViolation(error, "another")).toBe(false);
    expect(violationOf(new Error("no"))).toBeNull();
    expect(violationOf("no")).toBeNull();
  });
});

describe("what is stored", () => {
  it("comes back: JSON of any kind, bytes, instants, and texts without what Postgres refuses", async () => {
    const payload = { text: "a\u0000b\ud800", list: [1, 1e-7, null, "5"], "k\u0000": { deep: true } };
    const guid = WebhookGuid.parse("roundtrip");
    const at = new Date("2026-11-21T10:00:00.123Z");
    await t.db.transaction(async ({ sql }) => {
      await sql.insert(webhooks).values({ guid, event: "is\u0000sues", payload, receivedAt: at });
      await sql.insert(blobs).values({ sha: shaOf("x"), content: Uint8Array.from([0, 255, 10, 92]), usedAt: at });
    });
    const [row] = await t.db.sql.select().from(webhooks).where(eq(webhooks.guid, guid));
    expect(row).toMatchObject({
      event: "is\ufffdsues",
      payload: { text: "a\ufffdb\ufffd", list: [1, 1e-7, null, "5"], "k\ufffd": { deep: true } },
      receivedAt: at,
      processedAt: null,
    });
    const [blob] = await t.db.sql.select().from(blobs);
    expect([...(blob?.content ?? [])]).toEqual([0, 255, 10, 92]);
    // A JSON text stays a text, a JSON null inside is no SQL null.
    await t.db.transaction(({ sql }) =>
      sql.insert(webhooks).values({ guid: WebhookGuid.parse("text"), event: "e", payload: '{"a":1}', receivedAt: at }),
    );
    const [text] = await t.db.sql
      .select({ payload: webhooks.payload, kind: raw`jsonb_typeof(payload)` })
      .from(webhooks)
      .where(eq(webhooks.guid, WebhookGuid.parse("text")));
    expect(text).toEqual({ payload: '{"a":1}', kind: "string" });
  });
});
