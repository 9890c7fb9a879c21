// The job that begins a rollback: killed anywhere and run again it leaves one; dead for good it hands the choice back.
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type CrashPoint, neverCrash } from "../../src/crash-points.ts";
import { deliveries } from "../../src/db/schema.ts";
import { advance } from "../../src/delivery/advance.ts";
import { loadDelivery } from "../../src/delivery/store.ts";
import { transition } from "../../src/delivery/transition.ts";
import type { CommandId, DeliveryId } from "../../src/ids.ts";
import { deadLetters } from "../../src/jobs/dead-letters.ts";
import { rollbackJob } from "../../src/jobs/rollback.ts";
import { sayRollback, storeMerged, WATCHED } from "../rollback/merged-delivery.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { START } from "../support/stored-delivery.ts";

let t: TestDatabase;
let parent: DeliveryId;
let command: CommandId;
beforeEach(async () => {
  t = await testDatabase();
  parent = await storeMerged(t.db, WATCHED);
  command = await sayRollback(t.db, parent);
});
afterEach(() => t.close());

const clock = () => START;
const deadlines = () => () => null;
const run = (crash: CrashPoint = neverCrash) =>
  rollbackJob({ db: t.db, clock, crash, deadlines })(
    { deliveryId: parent, commandId: command },
    { tries: 1, lastTry: false, signal: new AbortController().signal },
  );
const children = () => t.db.sql.select().from(deliveries).where(eq(deliveries.undoes, parent));

it.each(["rollback.before.begin", "rollback.after.begin"])("that dies at %s begins one", async (point) => {
  const die: CrashPoint = (at) => {
    if (at === point) throw new Error("crash");
  };
  await expect(run(die)).rejects.toThrow("crash");
  await run();
  expect(await children()).toHaveLength(1);
  expect(await t.jobs.take("revert")).toHaveLength(1);
});

it("that died for good leaves people to decide again, and its reason to read", async () => {
  const bury = deadLetters({ db: t.db, clock, crash: neverCrash, fault: () => {} });
  const letter = { job: "rollback", data: { deliveryId: parent, commandId: command } } as const;
  await bury({ ...letter, claim: { id: "0", retryCount: 0 }, tries: 8, error: "the database was full" });
  await bury({ ...letter, claim: { id: "1", retryCount: 0 }, tries: 8, error: "the database was full" });
  const told = await advance({ db: t.db, clock, crash: neverCrash, transition, deadlines }, parent);
  expect(told).toEqual({ moved: 1, noted: 0, refused: 0, stale: 0 });
  const stored = await loadDelivery(t.db, parent);
  expect(stored?.delivery).toMatchObject({ phase: "observe", runStatus: "failed", reason: "rollback_ended" });
  expect(await children()).toEqual([]);
});
