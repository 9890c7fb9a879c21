// Once a minute: what time made due becomes an event, and what a lost job left lying is taken up again.
import { eq, sql as raw } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { neverCrash } from "../../src/crash-points.ts";
import { deliveries, inbox, webhooks } from "../../src/db/schema.ts";
import { advance } from "../../src/delivery/advance.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { report } from "../../src/delivery/inbox.ts";
import { loadDelivery } from "../../src/delivery/store.ts";
import { transition } from "../../src/delivery/transition.ts";
import { CommentId, type DeliveryId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { sweepJob } from "../../src/jobs/sweep.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import { keepLook } from "../../src/webhooks/missed/look.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { START, storeDelivery, storeReceipt } from "../support/stored-delivery.ts";

let t: TestDatabase;
let now: Date;
beforeEach(async () => {
  t = await testDatabase();
  now = START;
  // GitHub's record of its webhooks was gone through, and will be again tomorrow: recover.db.test.ts has that.
  const tomorrow = instant(new Date(START.getTime() + 86_400_000));
  await t.db.transaction((tx) => keepLook(tx, { settledUntil: tomorrow, lookedAt: tomorrow }));
});
afterEach(() => t.close());

const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000);
};
const clock = () => now;
const sweep = (crash = neverCrash) =>
  sweepJob({ db: t.db, queue: t.queue, clock, crash })(
    {},
    { tries: 1, lastTry: false, signal: new AbortController().signal },
  );
const advanceAll = (id: DeliveryId) =>
  advance({ db: t.db, clock, crash: neverCrash, transition, deadlines: () => () => null }, id);
const row = async (id: DeliveryId) => (await t.db.sql.select().from(deliveries).where(eq(deliveries.id, id)))[0];
/** Without looks at GitHub, which webhooks/reconcile/due.db.test.ts has. */
const names = async () => (await t.jobs.waiting()).flatMap(({ name }) => (name === "reconcile" ? [] : [name])).sort();

/** With a deadline in an hour from the start. */
const storeDue = async (state: Partial<Delivery> = {}, issueNumber = 12) => {
  const id = await storeDelivery(t.db, { issueNumber, state });
  const deadlineAt = new Date(START.getTime() + 3_600_000);
  await t.db.transaction(({ sql }) =>
    sql.update(deliveries).set({ deadlineAt, deadlineSeconds: 3600 }).where(eq(deliveries.id, id)),
  );
  return id;
};
const gate = { phase: "plan", runStatus: "succeeded", attempt: 3 } as const;
const plan = {
  version: 1,
  digest: digestOf("p"),
  shown: { at: instant(START), commentId: CommentId.parse(1) },
  approvals: [],
  approved: false,
};

describe("deadlines", () => {
  it("become one event each, and end a running phase", async () => {
    const id = await storeDue({ phase: "plan", runStatus: "running", attempt: 2 });
    later(3_599);
    await sweep();
    expect(await t.db.sql.select().from(inbox)).toEqual([]);
    later(1);
    await sweep();
    await sweep();
    expect(await t.db.sql.select().from(inbox)).toMatchObject([
      { recorded: { event: { type: "deadline", attempt: 2 } } },
    ]);
    await advanceAll(id);
    expect(await row(id)).toMatchObject({ phase: "plan", runStatus: "failed", reason: "deadline", deadlineAt: null });
  });

  it("leave a gate open, and are told of once", async () => {
    const id = await storeDue({ ...gate, plan });
    later(7_200);
    await sweep();
    expect(await advanceAll(id)).toMatchObject({ noted: 1 });
    later(60);
    await sweep();
    expect(await advanceAll(id)).toMatchObject({ noted: 0, moved: 0 });
    expect(await row(id)).toMatchObject({ phase: "plan", runStatus: "succeeded" });
  });

  it("do not come while the delivery is held", async () => {
    const id = await storeDue({ phase: "plan", runStatus: "running", attempt: 2 });
    const told = {
      event: { type: "hold_added", hold: "suspended", note: "" },
      actor: { kind: "system", id: "x" },
      at: instant(now),
    } as const;
    await t.db.transaction((tx) => report(tx, id, { ...told, dedupeKey: "hold:1" }));
    await advanceAll(id);
    later(86_400);
    await sweep();
    expect(await t.db.sql.$count(inbox)).toBe(1);
  });
});

describe("reminders", () => {
  it("draw a gate anew once, at half its time", async () => {
    const id = await storeDue({ ...gate, plan });
    later(1_799);
    await sweep();
    expect(await names()).toEqual([]);
    later(1);
    await sweep();
    expect(await t.jobs.take("publish")).toEqual([{ deliveryId: id }]);
    expect(await row(id)).toMatchObject({ remindedAt: now });
    later(60);
    await sweep();
    expect(await names()).toEqual([]);
  });

  it("are for gates only", async () => {
    await storeDue({ phase: "plan", runStatus: "running", attempt: 2 });
    later(1_800);
    await sweep();
    expect(await t.jobs.waiting("publish")).toEqual([]);
  });
});

describe("what a lost job left", () => {
  it("a webhook that was not understood for a minute is taken up again, until it is", async () => {
    const guid = await storeReceipt(t.db, "issues");
    later(59);
    await sweep();
    expect(await names()).toEqual([]);
    later(2);
    await sweep();
    await sweep();
    expect(await t.jobs.take("intake")).toEqual([{ guid }]);
    await t.db.transaction(({ sql }) => sql.update(webhooks).set({ processedAt: now, outcome: "ignored" }));
    await sweep();
    expect(await names()).toEqual([]);
  });

  it("an inbox that waits is drained", async () => {
    const id = await storeDelivery(t.db);
    const told = { event: { type: "issue_edited" }, actor: { kind: "system", id: "x" }, at: instant(now) } as const;
    await t.db.transaction((tx) => report(tx, id, { ...told, dedupeKey: "edited:1" }));
    await t.jobs.take("advance");
    await sweep();
    expect(await t.jobs.take("advance")).toEqual([{ deliveryId: id }]);
  });

  it("work of the present state is started again when nothing of it is in the queue", async () => {
    const id = await storeDelivery(t.db, { state: { phase: "implement", attempt: 4 } });
    await sweep();
    expect(await names()).toEqual([]);
    later(61);
    await sweep();
    await sweep();
    expect(await t.jobs.waiting()).toMatchObject([{ name: "propose", data: { deliveryId: id, attempt: 4 } }]);
    // Waiting, running or due for another try: it is there.
    const [taken] = await t.queue.take("propose", 1);
    await sweep();
    expect(await names()).toEqual([]);
    if (taken !== undefined) await t.queue.fail("propose", taken.claim, "503");
    await sweep();
    expect(await t.jobs.waiting()).toMatchObject([{ name: "propose", later: true }]);
  });

  it("but not while its result waits to be applied, a hold stands, or it is over", async () => {
    const waiting = await storeDelivery(t.db, { issueNumber: 1 });
    await storeDelivery(t.db, { issueNumber: 2, state: { holds: ["hold"] } });
    await storeDelivery(t.db, { issueNumber: 3, state: { runStatus: "canceled", reason: "by_command" } });
    await storeDelivery(t.db, { issueNumber: 4, state: { ...gate, plan } });
    await storeDelivery(t.db, { issueNumber: 5, state: { phase: "plan", runStatus: "blocked", reason: "questions" } });
    const told = {
      event: { type: "effect_started", attempt: 1 },
      actor: { kind: "system", id: "x" },
      at: instant(now),
    } as const;
    await t.db.transaction((tx) => report(tx, waiting, { ...told, dedupeKey: "started" }));
    later(3_600);
    await sweep();
    expect(await names()).toEqual(["advance"]);
  });

  it("a gate that is not shown yet is published", async () => {
    const unseen = { ...plan, shown: null };
    const id = await storeDelivery(t.db, { state: { phase: "plan", runStatus: "running", attempt: 2, plan: unseen } });
    later(61);
    await sweep();
    expect(await t.jobs.waiting()).toMatchObject([{ name: "publish", data: { deliveryId: id } }]);
  });

  it("reaches every delivery, however many there are", async () => {
    const first = await storeDelivery(t.db);
    await t.db.transaction(({ sql }) =>
      sql.execute(raw`insert into deliveries (repo_id, issue_number, issue_id, issue_title, trigger_guid, requester_id, requester_login,
          phase, run_status, holds, exit_phase, version, attempt, revisions_left, fixes_left, gates, token_budget, trace_id, created_at, changed_at)
        select repo_id, 1000 + n, 5000 + n, issue_title, trigger_guid, requester_id, requester_login,
          phase, run_status, holds, exit_phase, version, attempt, revisions_left, fixes_left, gates, token_budget, trace_id, created_at, changed_at
        from deliveries, generate_series(1, 505) as n where id = ${first}`),
    );
    later(61);
    await sweep();
    expect(await t.jobs.waiting("triage")).toHaveLength(506);
  });
});

describe("dying", () => {
  it("between any two parts leaves the rest to the next sweep", async () => {
    const id = await storeDue({ phase: "plan", runStatus: "running", attempt: 2 });
    const guid = await storeReceipt(t.db, "issues");
    later(7_200);
    const points: string[] = [];
    await sweep((name) => void points.push(name));
    expect(points).toHaveLength(14);
    await t.jobs.take("intake");
    for (const point of points) {
      const dying = sweep((name) => {
        if (name === point) throw new Error("died");
      });
      await expect(dying).rejects.toThrow("died");
    }
    await sweep();
    expect(await t.jobs.take("intake")).toEqual(expect.arrayContaining([{ guid }]));
    await advanceAll(id);
    expect(await row(id)).toMatchObject({ runStatus: "failed", reason: "deadline" });
    expect((await loadDelivery(t.db, id))?.delivery.version).toBe(2);
  });
});
