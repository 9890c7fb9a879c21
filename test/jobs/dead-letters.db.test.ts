// A job that died for good becomes an event of its delivery, once; what has no delivery to tell is only said aloud.
import { afterEach, beforeEach, expect, it } from "vitest";
import { neverCrash } from "../../src/crash-points.ts";
import { inbox } from "../../src/db/schema.ts";
import { advance } from "../../src/delivery/advance.ts";
import { WORKS } from "../../src/delivery/effect.ts";
import { loadDelivery } from "../../src/delivery/store.ts";
import { transition } from "../../src/delivery/transition.ts";
import { deadLetters } from "../../src/jobs/dead-letters.ts";
import type { DeadLetter } from "../../src/jobs/queue.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { START, storeDelivery } from "../support/stored-delivery.ts";

let t: TestDatabase;
let said: string[];
beforeEach(async () => {
  t = await testDatabase();
  said = [];
});
afterEach(() => t.close());

const claim = { id: "0", retryCount: 0 };
const bury = (letter: Omit<DeadLetter, "claim" | "tries" | "error">) =>
  deadLetters({
    db: t.db,
    clock: () => START,
    crash: neverCrash,
    fault: (message, fields) => void said.push(`${message} ${JSON.stringify(fields)}`),
  })({ claim, tries: 8, error: `the endpoint does not answer${"!".repeat(5_000)}`, ...letter });
const events = async () =>
  (await t.db.sql.select({ recorded: inbox.recorded, key: inbox.dedupeKey }).from(inbox)).map((row) => row);

it.each(WORKS)("%s ends its delivery's attempt, once", async (job) => {
  const deliveryId = await storeDelivery(t.db);
  await bury({ job, data: { deliveryId, attempt: 1 } });
  await bury({ job, data: { deliveryId, attempt: 1 } });
  expect(await events()).toMatchObject([
    { recorded: { event: { type: "effect_dead", attempt: 1 } }, key: `work:${job}:1:effect_dead` },
  ]);
  await advance(
    { db: t.db, clock: () => START, crash: neverCrash, transition, deadlines: () => () => null },
    deliveryId,
  );
  expect((await loadDelivery(t.db, deliveryId))?.delivery).toMatchObject({
    runStatus: "failed",
    reason: "effect_dead",
  });
  expect(said[0]).toContain("job dead");
});

it("a publisher ends the attempt while all that a gate lacks is to be shown, and not otherwise", async () => {
  const plan = { version: 1, digest: digestOf("p"), shown: null, approvals: [], approved: false };
  const showing = await storeDelivery(t.db, {
    issueNumber: 1,
    state: { phase: "plan", runStatus: "running", attempt: 5, plan },
  });
  const working = await storeDelivery(t.db, { issueNumber: 2 });
  await bury({ job: "publish", data: { deliveryId: showing } });
  await bury({ job: "publish", data: { deliveryId: working } });
  expect(await events()).toMatchObject([{ recorded: { event: { type: "effect_dead", attempt: 5 } } }]);
});

it.each([
  { job: "advance", data: { deliveryId: 1 } },
  { job: "intake", data: { guid: "x" } },
  { job: "answer", data: { commandId: 1 } },
  { job: "sweep", data: {} },
  { job: "plan", data: { deliveryId: 999_999, attempt: 1 } },
  { job: "plan", data: { nonsense: true } },
  { job: "publish", data: null },
  { job: "of_yesterday", data: {} },
])("$job $data is only said aloud", async (letter) => {
  await bury(letter);
  expect(await events()).toEqual([]);
  expect(said).toHaveLength(1);
});
