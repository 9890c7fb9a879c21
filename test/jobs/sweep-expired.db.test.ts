// Gates that were shown too long ago for approvals that end: told once a showing, by the configuration that the delivery was given.
import { afterEach, beforeEach, expect, it } from "vitest";
import { neverCrash } from "../../src/crash-points.ts";
import { inbox } from "../../src/db/schema.ts";
import { advance } from "../../src/delivery/advance.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { Recorded } from "../../src/delivery/event.ts";
import { loadDelivery } from "../../src/delivery/store.ts";
import { transition } from "../../src/delivery/transition.ts";
import { CommentId, type DeliveryId, PatchSetId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { sweepExpired } from "../../src/jobs/sweep-expired.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { REPO, START, storeDelivery } from "../support/stored-delivery.ts";

let t: TestDatabase;
beforeEach(async () => {
  t = await testDatabase();
});
afterEach(() => t.close());

const HOUR = 3600;
const shown = { at: instant(START), commentId: CommentId.parse(1) };
const plan = { version: 1, digest: digestOf("p"), shown, approvals: [], approved: false };
const open: Partial<Delivery> = { phase: "plan", runStatus: "succeeded", attempt: 3, plan };
const ending = { config: { approvals: { ttl: HOUR } } };

let issueNumber = 0;
const store = (state: Partial<Delivery> = open, snapshot: unknown = ending) => {
  issueNumber += 1;
  return storeDelivery(t.db, { issueNumber, state, snapshot });
};
const at = (seconds: number) => () => new Date(START.getTime() + seconds * 1000);
const sweep = (seconds: number) => sweepExpired({ db: t.db, clock: at(seconds) });
const told = async () =>
  (await t.db.sql.select().from(inbox).orderBy(inbox.id)).map(({ deliveryId, recorded }) => ({
    deliveryId,
    event: Recorded.parse(recorded).event,
  }));
const advanceAll = (id: DeliveryId, seconds: number) =>
  advance({ db: t.db, clock: at(seconds), crash: neverCrash, transition, deadlines: () => () => null }, id);

it("tells of a gate when its time is over, once, and the machine shows it again", async () => {
  const id = await store();
  await sweep(HOUR - 1);
  expect(await told()).toEqual([]);
  await sweep(HOUR);
  await sweep(HOUR + 60);
  expect(await told()).toEqual([{ deliveryId: id, event: { type: "gate_expired", ttl: HOUR } }]);
  expect(await advanceAll(id, HOUR + 60)).toMatchObject({ moved: 1 });
  const after = (await loadDelivery(t.db, id))?.delivery;
  expect(after).toMatchObject({ phase: "plan", runStatus: "pending", plan: { digest: plan.digest, shown: null } });
  await sweep(HOUR + 120);
  expect(await told()).toHaveLength(1);
});

it("tells of the patch sets that are still to be written alone", async () => {
  const patchSet = { ...plan, id: PatchSetId.parse(1), written: false };
  const target = { repoId: REPO, role: "primary", patchSet, written: null, strayHead: null, landed: "no" } as const;
  const id = await store({ phase: "review", runStatus: "succeeded", plan, targets: [target] });
  const done = { ...target, patchSet: { ...patchSet, approved: true, written: true } };
  await store({ phase: "review", runStatus: "succeeded", plan, targets: [done] });
  await sweep(HOUR);
  expect((await told()).map(({ deliveryId }) => deliveryId)).toEqual([id]);
});

it.each<[string, Partial<Delivery>, unknown?]>([
  ["whose approvals have no end", open, { config: { approvals: { ttl: null } } }],
  ["of an older version's configuration", open, {}],
  ["that cannot be told an end", open, { config: { approvals: { ttl: "soon" } } }],
  ["on hold", { ...open, holds: ["hold"] }],
  ["that is being shown", { ...open, runStatus: "running" }],
  ["that is not shown", { ...open, plan: { ...plan, shown: null } }],
  ["that was passed", { ...open, phase: "implement", runStatus: "running" }],
  ["that is over", { ...open, runStatus: "canceled", reason: "by_command" }],
])("tells nothing of a gate %s", async (_, state, snapshot = ending) => {
  await store(state, snapshot);
  await sweep(100 * HOUR);
  expect(await told()).toEqual([]);
});
