// Whose turn it is to be compared with GitHub: the longest unseen first, repositories in turn, and so many in one sweep.
import { afterEach, beforeEach, expect, it } from "vitest";
import { deliveryLooks, deliveryRepos, labelLooks } from "../../../src/db/schema.ts";
import { type DeliveryId, RepoId } from "../../../src/ids.ts";
import { sweepLooks } from "../../../src/jobs/sweep-looks.ts";
import { dueAgain, dueDeliveries, dueRepositories } from "../../../src/webhooks/reconcile/due.ts";
import { keepDeliveryLook } from "../../../src/webhooks/reconcile/look-rows.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { START, storeDelivery, storeSource } from "../../support/stored-delivery.ts";

let t: TestDatabase;
beforeEach(async () => {
  t = await testDatabase();
});
afterEach(() => t.close());

const HOUR = 3_600_000;
const after = (ms: number) => new Date(START.getTime() + ms);
const due = (ms: number) => dueDeliveries(t.db.sql, after(ms));
const looked = (id: DeliveryId, ms: number) => t.db.transaction((tx) => keepDeliveryLook(tx, id, after(ms), null));

it("once an hour, the longest unseen first", async () => {
  const [a, b] = [await storeDelivery(t.db, { issueNumber: 1 }), await storeDelivery(t.db, { issueNumber: 2 })];
  expect(await due(HOUR - 1)).toEqual([]);
  expect(await due(HOUR)).toEqual([a, b]);
  await looked(a, HOUR);
  expect(await due(HOUR)).toEqual([b]);
  expect(await due(2 * HOUR)).toEqual([b, a]);
});

it("a repository with a crowd waits for nobody, and nobody for it", async () => {
  const [crowded, quiet] = [RepoId.parse(1), RepoId.parse(2)];
  for (let issueNumber = 1; issueNumber <= 8; issueNumber++)
    await storeDelivery(t.db, { issueNumber, repoId: crowded });
  const lone = await storeDelivery(t.db, { issueNumber: 1, repoId: quiet });
  const first = await due(HOUR);
  expect(first).toHaveLength(6);
  expect(first.slice(0, 2)).toContain(lone);
  for (const id of first) await looked(id, HOUR);
  expect(await due(HOUR)).toHaveLength(3);
});

it("no more than thirty at once", async () => {
  for (let repo = 1; repo <= 8; repo++)
    for (let issueNumber = 1; issueNumber <= 4; issueNumber++)
      await storeDelivery(t.db, { issueNumber, repoId: RepoId.parse(repo) });
  expect(await due(HOUR)).toHaveLength(30);
});

it("what is over is not, but for its pull request: once a day, for two weeks", async () => {
  const DAY = 24 * HOUR;
  const over = { phase: "close", runStatus: "succeeded" } as const;
  await storeDelivery(t.db, { issueNumber: 1, state: over });
  await storeDelivery(t.db, { issueNumber: 2, state: { runStatus: "canceled", reason: "by_command" } });
  expect(await due(2 * DAY)).toEqual([]);
  const id = await storeDelivery(t.db, { issueNumber: 3, state: over });
  await t.db.sql.update(deliveryRepos).set({ pullNumber: 57 });
  const ids = await due(DAY);
  expect(ids).toContain(id);
  expect(await due(DAY - 1)).toEqual([]);
  expect(await due(14 * DAY)).toEqual([]);
});

it("at a start everything is", async () => {
  const id = await storeDelivery(t.db);
  await t.db.sql.insert(labelLooks).values({ repoId: 4711, lookedAt: START, settledUntil: START });
  expect([await due(1), await dueRepositories(t.db.sql, after(1))]).toEqual([[], []]);
  await t.db.transaction(dueAgain);
  expect([await due(1), await dueRepositories(t.db.sql, after(1))]).toEqual([[id], [4711]]);
});

it("labels of a repository are looked for once an hour, of one installation five at a time", async () => {
  for (let repo = 1; repo <= 7; repo++) await storeSource(t.db, RepoId.parse(repo), `r${repo}`);
  const sweep = (ms: number) => sweepLooks({ db: t.db, queue: t.queue, clock: () => after(ms), crash: () => {} });
  await sweep(0);
  expect(await t.jobs.waiting()).toEqual([]);
  expect((await t.db.sql.select().from(labelLooks)).map(({ settledUntil }) => settledUntil)).toEqual(
    Array.from({ length: 7 }, () => after(-71 * HOUR)),
  );
  await sweep(HOUR);
  await sweep(HOUR + 60_000);
  expect(await t.jobs.take("find_labeled")).toHaveLength(5);
});

it("one that is being looked at is not asked for again", async () => {
  const id = await storeDelivery(t.db);
  const sweep = () => sweepLooks({ db: t.db, queue: t.queue, clock: () => after(HOUR), crash: () => {} });
  await sweep();
  await sweep();
  expect(await t.jobs.take("reconcile")).toEqual([{ deliveryId: id }]);
  expect(await t.db.sql.select().from(deliveryLooks)).toEqual([]);
});
