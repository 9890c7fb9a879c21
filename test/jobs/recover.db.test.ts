// Webhooks that never arrived: asked for once at a time, given up in the end, and nobody waits unknowing.
import { afterEach, beforeEach, expect, it } from "vitest";
import { type CrashPoint, neverCrash } from "../../src/crash-points.ts";
import { lostWebhooks } from "../../src/db/schema.ts";
import type { HookAttempt, HookLog } from "../../src/github/hook-log.ts";
import { WebhookGuid } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { recoverJob } from "../../src/jobs/recover.ts";
import { sweepJob } from "../../src/jobs/sweep.ts";
import { verifyStored } from "../../src/ledger/read.ts";
import { loadMissed } from "../../src/thread/load-missed.ts";
import { lastLook } from "../../src/webhooks/missed/look.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { REPO, START, storeDelivery, storeReceipt } from "../support/stored-delivery.ts";

let t: TestDatabase;
beforeEach(async () => {
  t = await testDatabase();
});
afterEach(() => t.close());

const MINUTE = 60_000;
const after = (ms: number) => new Date(START.getTime() + ms);

/** GitHub's record: whoever is asked for fails again, a second later. */
class Record implements HookLog {
  attempts: HookAttempt[] = [];
  readonly asked: WebhookGuid[] = [];
  readonly looks: string[] = [];
  complete = true;
  now = START;

  add(guid: string, at: Date, taken = false): void {
    this.attempts.push({
      id: this.attempts.length + 1,
      guid: WebhookGuid.parse(guid),
      at: instant(at),
      taken,
      event: "issue_comment",
      action: "created",
      installationId: null,
      repoId: REPO,
    });
  }

  attemptsSince: HookLog["attemptsSince"] = async (since) => {
    this.looks.push(since);
    return { items: this.attempts.filter(({ at }) => at >= since).reverse(), complete: this.complete };
  };

  sendAgain: HookLog["sendAgain"] = async (id) => {
    const found = this.attempts.find((one) => one.id === id);
    if (found === undefined) return false;
    this.asked.push(found.guid);
    this.add(found.guid, new Date(this.now.getTime() + 1_000));
    return true;
  };
}

const logged: string[] = [];
beforeEach(() => void logged.splice(0));
const log = { info: () => {}, error: (_fields: unknown, message?: string) => void logged.push(message ?? "") };

const recover = (record: Record, now: Date, crash: CrashPoint = neverCrash): Promise<void> => {
  record.now = now;
  const deps = { db: t.db, github: { hookLog: async () => record }, clock: () => now, crash, log };
  return recoverJob(deps)({}, { tries: 1, lastTry: false, signal: new AbortController().signal });
};

it("asks for what never arrived, and not for what we have", async () => {
  const record = new Record();
  const have = await storeReceipt(t.db);
  record.add("taken", START, true);
  record.add("missed", START);
  record.add(have, START);
  await recover(record, after(MINUTE));
  expect(record.asked).toEqual(["missed"]);
  // Too early to ask again.
  await recover(record, after(MINUTE + 30_000));
  expect(record.asked).toEqual(["missed"]);
});

it("remembers how far it looked, and goes back only as far as something is open", async () => {
  const record = new Record();
  record.add("a", START, true);
  await recover(record, after(10 * MINUTE));
  record.add("missed", after(9.5 * MINUTE));
  await recover(record, after(20 * MINUTE));
  expect(record.looks).toEqual([instant(after(10 * MINUTE - 71 * 60 * MINUTE)), instant(after(9 * MINUTE))]);
  record.add("missed", after(21 * MINUTE), true);
  await recover(record, after(22 * MINUTE));
  await recover(record, after(40 * MINUTE));
  expect(record.looks.slice(2)).toEqual([instant(after(9.5 * MINUTE)), instant(after(21 * MINUTE))]);
});

it("settles nothing that it could not go through", async () => {
  const record = new Record();
  record.complete = false;
  record.add("a", START, true);
  await recover(record, after(MINUTE));
  expect(await lastLook(t.db.sql)).toEqual({
    settledUntil: instant(after(MINUTE - 71 * 60 * MINUTE)),
    lookedAt: instant(after(MINUTE)),
  });
  expect(logged).toEqual(["more webhooks on record than are gone through"]);
});

it("gives up in the end, and says so in the ledger, the log and the status of whoever may wait", async () => {
  const id = await storeDelivery(t.db);
  const record = new Record();
  record.add("before-it-began", after(-MINUTE));
  record.add("missed", after(MINUTE));
  for (let hour = 1; hour <= 6; hour++) await recover(record, after(hour * 60 * MINUTE));
  expect(record.asked.filter((guid) => guid === "missed")).toHaveLength(4);
  const lost = await t.db.sql.select().from(lostWebhooks).orderBy(lostWebhooks.sentAt);
  expect(lost.map(({ guid }) => guid)).toEqual(["before-it-began", "missed"]);
  expect(logged).toEqual(["webhook lost", "webhook lost"]);
  expect(await verifyStored(t.db.sql, `R-${REPO}`)).toMatchObject({ ok: true, head: { seq: 2 } });
  expect(await t.jobs.waiting("publish")).toMatchObject([{ data: { deliveryId: id } }]);
  // Only what came after the delivery began can be a command on it.
  expect(await loadMissed(t.db.sql, id, START)).toEqual({
    lost: { count: 1, last: instant(after(MINUTE)) },
    unheard: [],
  });
});

it.each([
  "recover.before.look",
  "recover.before.ask",
  "recover.after.ask",
  "recover.before.keep",
  "recover.after.keep",
])("that dies at %s asks for each once all the same", async (point) => {
  const record = new Record();
  record.add("one", START);
  record.add("two", START);
  let died = false;
  const crash: CrashPoint = (name) => {
    if (name !== point || died) return;
    died = true;
    throw new Error(`died at ${name}`);
  };
  await expect(recover(record, after(MINUTE), crash)).rejects.toThrow(point);
  await recover(record, after(MINUTE), crash);
  expect(record.asked.toSorted()).toEqual(["one", "two"]);
});

it("is looked for by the sweep every five minutes", async () => {
  const sweep = (now: Date) =>
    sweepJob({ db: t.db, queue: t.queue, clock: () => now, crash: neverCrash })(
      {},
      { tries: 1, lastTry: false, signal: new AbortController().signal },
    );
  await sweep(START);
  expect(await t.jobs.take("recover")).toEqual([{}]);
  await recover(new Record(), START);
  await sweep(after(5 * MINUTE - 1_000));
  expect(await t.jobs.take("recover")).toEqual([]);
  await sweep(after(5 * MINUTE));
  expect(await t.jobs.take("recover")).toEqual([{}]);
});
