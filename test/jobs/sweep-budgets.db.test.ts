// What comes back by itself: reservations of dead workers, deliveries that waited for a day or an endpoint.
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { waitFor } from "../../src/agent/budget/waits.ts";
import { endpoints, inbox, resourceWaits } from "../../src/db/schema.ts";
import type { DeliveryId } from "../../src/ids.ts";
import { sweepEndpoints, sweepWaits } from "../../src/jobs/sweep-budgets.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { START, storeDelivery } from "../support/stored-delivery.ts";

let t: TestDatabase;
let now = START;
beforeEach(async () => {
  t = await testDatabase();
  now = START;
});
afterEach(() => t.close());

const minutes = (count: number) => new Date(START.getTime() + count * 60_000);
const sweep = async () => {
  const deps = { db: t.db, clock: () => now };
  await sweepEndpoints(deps);
  await sweepWaits(deps);
};

const NAME = "model.example/v1 m";
const waiting = async (issueNumber: number, since: number): Promise<DeliveryId> => {
  const deliveryId = await storeDelivery(t.db, { issueNumber });
  const wait = {
    deliveryId,
    attempt: 1,
    since: minutes(since),
    resource: "endpoint",
    endpoint: NAME,
    dueAt: null,
  } as const;
  await t.db.transaction((tx) => waitFor(tx, wait));
  return deliveryId;
};

const told = async (): Promise<readonly number[]> => {
  const rows = await t.db.sql.select({ id: inbox.deliveryId, key: inbox.dedupeKey }).from(inbox).orderBy(inbox.id);
  return rows.filter(({ key }) => key.startsWith("resource_back:")).map(({ id }) => id);
};

const breaker = (state: "open" | "half_open" | "closed", until: Date | null) =>
  t.db.transaction(async (tx) => {
    const row = { endpoint: NAME, state, failures: 0, opens: state === "closed" ? 0 : 1, until, changedAt: START };
    await tx.sql.insert(endpoints).values(row).onConflictDoUpdate({ target: endpoints.endpoint, set: row });
  });

it("sends the one that waits longest to probe, once a pause; all others when it has closed", async () => {
  const second = await waiting(1, 2);
  const first = await waiting(2, 1);
  const third = await waiting(3, 3);
  await breaker("open", minutes(10));
  await sweep();
  expect(await told()).toEqual([]);

  now = minutes(10);
  await sweep();
  await sweep();
  expect(await told()).toEqual([first]);

  // It failed: the pause is longer now, and the next one is sent after it.
  await breaker("open", minutes(12));
  now = minutes(13);
  await sweep();
  await sweep();
  expect(await told()).toEqual([first, second]);

  await breaker("closed", null);
  await sweep();
  expect(await told()).toEqual([first, second, third]);
  expect(await t.db.sql.select().from(resourceWaits)).toEqual([]);
});

it("sends another where the first never called", async () => {
  const first = await waiting(1, 1);
  const second = await waiting(2, 2);
  await breaker("open", minutes(1));
  now = minutes(2);
  await sweep();
  now = minutes(6);
  await sweep();
  expect(await told()).toEqual([first]);
  now = minutes(8);
  await sweep();
  expect(await told()).toEqual([first, second]);
});

it("tells a delivery that waits for a new day when it has come, once", async () => {
  const deliveryId = await storeDelivery(t.db);
  const wait = { deliveryId, attempt: 1, since: START, resource: "budget", endpoint: null, dueAt: minutes(5) } as const;
  await t.db.transaction((tx) => waitFor(tx, wait));
  await sweep();
  expect(await told()).toEqual([]);
  now = minutes(5);
  await sweep();
  await sweep();
  expect(await told()).toEqual([deliveryId]);
  const [row] = await t.db.sql.select({ recorded: inbox.recorded }).from(inbox).where(eq(inbox.deliveryId, deliveryId));
  expect(row?.recorded).toMatchObject({ event: { type: "resource_back", resource: "budget", attempt: 1 } });
});
