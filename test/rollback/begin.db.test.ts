// The birth of a rollback: its rows, first entries and jobs in one transaction, once, and only of what is merged and wanted.
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { constraintSnapshots, deliveries, deliveryRepos } from "../../src/db/schema.ts";
import { loadDelivery } from "../../src/delivery/store.ts";
import { DeliveryId } from "../../src/ids.ts";
import { verifyStored } from "../../src/ledger/read.ts";
import { liveRollbackOf } from "../../src/rollback/live-rollback.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { REPO, START } from "../support/stored-delivery.ts";
import { API, begin, OVER, sayRollback, storeMerged, WATCHED } from "./merged-delivery.ts";

let t: TestDatabase;
let issue = 100;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const merged = (state = OVER) => storeMerged(t.db, state, ++issue);
const rowOf = async (id: number) => (await t.db.sql.select().from(deliveries).where(eq(deliveries.id, id)))[0];
const cancel = (id: number) =>
  t.db.transaction(({ sql }) =>
    sql
      .update(deliveries)
      .set({ runStatus: "canceled", reason: "by_command", endedAt: START })
      .where(eq(deliveries.id, id)),
  );

describe("begins", () => {
  it.each([
    ["after the end", OVER],
    ["while the merge is watched", WATCHED],
  ])("%s: a delivery where patch sets are made, the last merged first", async (_, state) => {
    const parent = await merged(state);
    await t.jobs.take("publish");
    await t.jobs.take("revert");
    const id = await begin(t.db, parent, await sayRollback(t.db, parent));
    if (id === null) throw new Error("nothing was begun");
    const child = (await loadDelivery(t.db, id))?.delivery;
    expect(child).toMatchObject({ phase: "implement", runStatus: "pending", undoes: parent, plan: null, fixesLeft: 0 });
    expect(child?.targets.map(({ repoId, written, landed }) => [repoId, written, landed])).toEqual([
      [API, null, "no"],
      [REPO, null, "no"],
    ]);
    const [from, to] = [await rowOf(parent), await rowOf(id)];
    expect(to).toMatchObject({
      issueNumber: from?.issueNumber,
      traceId: from?.traceId,
      parentId: parent,
      requesterLogin: "octocat",
      tokenBudget: 150_000,
      revisionsLeft: 2,
    });
    const repos = await t.db.sql.select().from(deliveryRepos).where(eq(deliveryRepos.deliveryId, id));
    expect(repos.map(({ repoId, role, pullNumber }) => [repoId, role, pullNumber])).toEqual([
      [REPO, "primary", null],
      [API, "secondary", null],
    ]);
    expect(
      await t.db.sql.select().from(constraintSnapshots).where(eq(constraintSnapshots.deliveryId, id)),
    ).toHaveLength(1);
    expect(await t.jobs.take("revert")).toEqual([{ deliveryId: id, attempt: 1 }]);
    const shown = (await t.jobs.take("publish")).map(({ deliveryId }) => deliveryId);
    expect(shown.toSorted()).toEqual([parent, id].toSorted());
    expect(await verifyStored(t.db.sql, `D-${id}`)).toMatchObject({ ok: true });
    expect(await verifyStored(t.db.sql, `D-${parent}`)).toMatchObject({ ok: true });
    expect(await liveRollbackOf(t.db.sql, parent)).toBe(id);
  });
});

describe("begins nothing", () => {
  it("twice for one command, nor while another stands", async () => {
    const parent = await merged();
    const command = await sayRollback(t.db, parent);
    expect(await begin(t.db, parent, command)).not.toBeNull();
    expect(await begin(t.db, parent, command)).toBeNull();
    expect(await begin(t.db, parent, await sayRollback(t.db, parent))).toBeNull();
  });

  it("again for a command whose rollback was canceled; for another it does", async () => {
    const parent = await merged();
    const command = await sayRollback(t.db, parent);
    const first = await begin(t.db, parent, command);
    await cancel(first ?? 0);
    expect(await liveRollbackOf(t.db.sql, parent)).toBeNull();
    expect(await begin(t.db, parent, command)).toBeNull();
    const second = await begin(t.db, parent, await sayRollback(t.db, parent));
    expect(second).toBeGreaterThan(first ?? 0);
  });

  it.each([
    ["is watched, and nobody asked", { ...OVER, phase: "observe", runStatus: "running" }],
    ["was rolled back", { ...OVER, reason: "rolled_back" }],
    ["was canceled", { ...OVER, phase: "observe", runStatus: "canceled", reason: "by_command" }],
  ] as const)("of one that %s", async (_, state) => {
    const parent = await merged(state);
    expect(await begin(t.db, parent, await sayRollback(t.db, parent))).toBeNull();
  });

  it("for a command of another delivery: that is a fault", async () => {
    const [parent, other] = [await merged(), await merged()];
    await expect(begin(t.db, parent, await sayRollback(t.db, other))).rejects.toThrow(/is none of its/);
    expect(await begin(t.db, DeliveryId.parse(999_999), await sayRollback(t.db, other))).toBeNull();
  });
});

it("the database itself refuses a second one", async () => {
  const parent = await merged();
  const id = await begin(t.db, parent, await sayRollback(t.db, parent));
  const row = await rowOf(id ?? 0);
  if (row === undefined) throw new Error("no row");
  const twin = { ...row, id: row.id + 10_000, phase: "close", runStatus: "succeeded", endedAt: START } as const;
  await expect(
    t.db.transaction(({ sql }) => sql.insert(deliveries).overridingSystemValue().values(twin)),
  ).rejects.toMatchObject({
    cause: expect.objectContaining({ message: expect.stringContaining("deliveries_one_rollback") }),
  });
});
