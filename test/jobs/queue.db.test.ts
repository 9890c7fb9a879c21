// The queue: a job waits once, runs one at a time, is never lost, and dies only after its last try.
import { eq, sql as raw } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EnqueueOptions } from "../../src/db/database.ts";
import { contentPace } from "../../src/db/schema.ts";
import { CommandId, DeliveryId, RepoId, WebhookGuid } from "../../src/ids.ts";
import type { JobData, JobName } from "../../src/jobs/catalogue.ts";
import type { Claim } from "../../src/jobs/queue.ts";
import { LEASE_SECONDS, QUEUEING } from "../../src/jobs/queueing.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { hurry, silence } from "../support/queue-time.ts";
import { START, storeDelivery } from "../support/stored-delivery.ts";

let t: TestDatabase;
beforeEach(async () => {
  t = await testDatabase();
});
afterEach(async () => {
  expect(t.faults).toEqual([]);
  await t.close();
});

const d = (n: number) => DeliveryId.parse(n);
const enqueue = <N extends JobName>(name: N, data: JobData<N>, options?: EnqueueOptions) =>
  t.db.transaction((tx) => tx.enqueue(name, data, options));
const only = <T>(items: readonly T[]): T => {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`${items.length} items`);
  return item;
};
const takeOne = async <N extends JobName>(name: N) => only(await t.queue.take(name, 10));

describe("enqueueing", () => {
  it("keeps one waiting job of a key", async () => {
    for (const n of [1, 2, 1, 1]) await enqueue("advance", { deliveryId: d(n) });
    await enqueue("publish", { deliveryId: d(1) });
    await enqueue("answer", { commandId: CommandId.parse(1) });
    expect(await t.jobs.waiting()).toMatchObject([
      { name: "advance", data: { deliveryId: 1 } },
      { name: "advance", data: { deliveryId: 2 } },
      { name: "publish" },
      { name: "answer" },
    ]);
  });

  it("while one of the key runs leads to another run", async () => {
    await enqueue("advance", { deliveryId: d(1) });
    const { claim } = await takeOne("advance");
    await enqueue("advance", { deliveryId: d(1) });
    await enqueue("advance", { deliveryId: d(1) });
    expect(await t.jobs.waiting("advance")).toHaveLength(1);
    // Not beside the running one, but after it.
    expect(await t.queue.take("advance", 10)).toEqual([]);
    await t.queue.complete("advance", [claim]);
    expect(await t.jobs.take("advance")).toHaveLength(1);
  });

  it("brings a deferred job forward, and never puts a due one off", async () => {
    await enqueue("watch", { deliveryId: d(1), attempt: 1 }, { startAfterSeconds: 3600 });
    expect(await t.queue.take("watch", 10)).toEqual([]);
    await enqueue("watch", { deliveryId: d(1), attempt: 1 }, { startAfterSeconds: 7200 });
    await enqueue("watch", { deliveryId: d(1), attempt: 1 });
    await enqueue("watch", { deliveryId: d(1), attempt: 1 }, { startAfterSeconds: 3600 });
    expect(await t.jobs.take("watch")).toEqual([{ deliveryId: 1, attempt: 1 }]);
    expect(await t.jobs.waiting()).toEqual([]);
  });

  it("keeps the newest attempt of what may not overlap, whichever comes last", async () => {
    for (const attempt of [2, 4, 3]) await enqueue("write", { deliveryId: d(1), attempt });
    expect(await t.jobs.take("write")).toEqual([{ deliveryId: 1, attempt: 4 }]);
  });

  it("lets attempts of paid work run beside each other", async () => {
    await enqueue("plan", { deliveryId: d(1), attempt: 1 });
    await takeOne("plan");
    await enqueue("plan", { deliveryId: d(1), attempt: 2 });
    expect((await takeOne("plan")).data).toEqual({ deliveryId: 1, attempt: 2 });
  });

  it("refuses data that the job does not take", async () => {
    await expect(enqueue("advance", JSON.parse('{"deliveryId": -1}'))).rejects.toThrow();
    expect(await t.jobs.waiting()).toEqual([]);
  });

  it("that finds one waiting keeps it from being taken before the commit", async () => {
    await enqueue("advance", { deliveryId: d(1) });
    const entered = Promise.withResolvers<void>();
    const proceed = Promise.withResolvers<void>();
    const telling = t.db.transaction(async (tx) => {
      await tx.enqueue("advance", { deliveryId: d(1) });
      entered.resolve();
      await proceed.promise;
      await tx.sql.insert(contentPace).values({ installationId: 1, window: "minute", nextAt: START });
    });
    await entered.promise;
    // On Postgres it is passed over, on PGlite this waits for the end of the transaction.
    const early = t.queue.take("advance", 10);
    if (t.engine === "postgres") expect(await early).toEqual([]);
    proceed.resolve();
    await telling;
    const taken = [...(await early), ...(await t.queue.take("advance", 10))];
    expect(taken).toHaveLength(1);
    expect(await t.db.sql.select().from(contentPace)).toHaveLength(1);
  });

  it("loses nothing when many tell and many look at once", async () => {
    await t.db.transaction(({ sql }) =>
      sql.insert(contentPace).values({ installationId: 1, window: "told", nextAt: new Date(0) }),
    );
    const told = async () => {
      const [row] = await t.db.sql
        .select({ at: contentPace.nextAt })
        .from(contentPace)
        .where(eq(contentPace.window, "told"));
      return row?.at.getTime() ?? -1;
    };
    let seen = 0;
    let running = 0;
    let most = 0;
    let telling = true;
    const look = async () => {
      for (let idle = 0; telling || idle < 3; ) {
        const taken = await t.queue.take("advance", 2);
        for (const { claim } of taken) {
          most = Math.max(most, ++running);
          seen = Math.max(seen, await told());
          running--;
          await t.queue.complete("advance", [claim]);
        }
        idle = taken.length === 0 ? idle + 1 : 0;
      }
    };
    const tell = async () => {
      for (let i = 0; i < 15; i++) {
        await t.db.transaction(async (tx) => {
          await tx.enqueue("advance", { deliveryId: d(1) });
          await tx.sql
            .update(contentPace)
            .set({ nextAt: raw`next_at + interval '1 millisecond'` })
            .where(eq(contentPace.window, "told"));
        });
      }
    };
    const lookers = Promise.all([look(), look(), look()]);
    await Promise.all([tell(), tell(), tell()]);
    telling = false;
    await lookers;
    expect(await told()).toBe(45);
    expect(seen).toBe(45);
    expect(most).toBe(1);
    expect(await t.jobs.waiting()).toEqual([]);
  });
});

describe("one at a time", () => {
  it("holds when a retry and a new job of a key are due and many take at once", async () => {
    for (let round = 0; round < 5; round++) {
      const deliveryId = d(10 + round);
      await enqueue("publish", { deliveryId });
      const first = await takeOne("publish");
      await enqueue("publish", { deliveryId });
      await t.queue.fail("publish", first.claim, "502");
      await hurry(t.db);
      expect(await t.jobs.waiting("publish")).toHaveLength(2);
      const taken = (await Promise.all([1, 2, 3, 4].map(() => t.queue.take("publish", 1)))).flat();
      expect(taken.length).toBeLessThanOrEqual(1);
      for (const { claim } of taken) await t.queue.complete("publish", [claim]);
      await t.jobs.take("publish");
    }
  });

  it("is held by the database itself", async () => {
    await enqueue("publish", { deliveryId: d(1) });
    await takeOne("publish");
    await enqueue("publish", { deliveryId: d(1) });
    const forced = t.db.transaction(({ sql }) =>
      sql.execute(raw`update pgboss.job set state = 'active' where name = 'publish'`),
    );
    await expect(forced).rejects.toThrow();
  });
});

describe("settling", () => {
  const failUntilDead = async (error: string) => {
    let tries = 0;
    for (;;) {
      await hurry(t.db);
      const [job] = await t.queue.take("plan", 1);
      if (job === undefined) return tries;
      expect(job.tries).toBe(++tries);
      expect(job.lastTry).toBe(tries === QUEUEING.plan.retryLimit + 1);
      await t.queue.fail("plan", job.claim, error);
    }
  };

  it("tries again after a growing pause, then gives it to the dead letters, with the last error", async () => {
    await enqueue("plan", { deliveryId: d(1), attempt: 3 });
    const { claim } = await takeOne("plan");
    await t.queue.fail("plan", claim, "first");
    expect(only(await t.jobs.waiting())).toMatchObject({ name: "plan", later: true });
    expect(await t.queue.take("plan", 1)).toEqual([]);
    await t.db.transaction(({ sql }) =>
      sql.execute(raw`update pgboss.job set retry_count = 0, started_on = null where name = 'plan'`),
    );
    expect(await failUntilDead("the endpoint does not answer")).toBe(QUEUEING.plan.retryLimit + 1);
    expect(only(await t.queue.takeDead(5))).toMatchObject({
      job: "plan",
      data: { deliveryId: 1, attempt: 3 },
      tries: QUEUEING.plan.retryLimit + 1,
      error: "the endpoint does not answer",
    });
  });

  it("waits at least as long as it was told", async () => {
    await enqueue("publish", { deliveryId: d(1) });
    const { claim } = await takeOne("publish");
    await t.queue.fail("publish", claim, "rate limited", 900);
    const [row] = await t.db.sql
      .select({ seconds: raw`extract(epoch from start_after - now())`.mapWith(Number) })
      .from(raw`pgboss.job`);
    expect(row?.seconds).toBeGreaterThan(800);
  });

  it("belongs to who holds the claim", async () => {
    await enqueue("write", { deliveryId: d(1), attempt: 1 });
    const slow = await takeOne("write");
    await t.queue.fail("write", slow.claim, "lease lost");
    await hurry(t.db);
    const heir = await takeOne("write");
    expect(await t.queue.touch("write", [slow.claim])).toEqual([]);
    expect(await t.queue.complete("write", [slow.claim])).toEqual([false]);
    expect(await t.queue.fail("write", slow.claim, "late")).toBe(false);
    expect(await t.queue.touch("write", [heir.claim])).toEqual([heir.claim.id]);
    expect(await t.queue.complete("write", [heir.claim])).toEqual([true]);
  });

  it("gives back what a silent worker held, and leaves what shows life", async () => {
    await enqueue("write", { deliveryId: d(1), attempt: 1 });
    await enqueue("write", { deliveryId: d(2), attempt: 1 });
    const taken = await t.queue.take("write", 2);
    await silence(t.db, LEASE_SECONDS + 1);
    const alive = taken.find(({ data }) => data.deliveryId === 2);
    await t.queue.touch("write", alive === undefined ? [] : [alive.claim]);
    await t.queue.supervise();
    await hurry(t.db);
    expect(only(await t.queue.take("write", 5))).toMatchObject({ data: { deliveryId: 1 }, tries: 2 });
  });

  it("gives everything back at once on a start after which nobody else can be alive", async () => {
    await enqueue("advance", { deliveryId: d(1) });
    await enqueue("plan", { deliveryId: d(1), attempt: 1 });
    await takeOne("advance");
    await takeOne("plan");
    expect(await t.queue.reclaim()).toBe(2);
    expect(await t.queue.counts()).toHaveLength(2);
    expect((await t.queue.counts()).map(({ state }) => state)).toEqual(["retry", "retry"]);
  });

  it("fails a job whose data this version does not understand, instead of holding it", async () => {
    await enqueue("advance", { deliveryId: d(1) });
    await t.db.transaction(({ sql }) => sql.execute(raw`update pgboss.job set data = '{"other": true}'`));
    expect(await t.queue.take("advance", 5)).toEqual([]);
    expect(await t.queue.counts()).toMatchObject([{ name: "advance", state: "retry", jobs: 1 }]);
  });
});

describe("turns", () => {
  it("in paid work go round the repositories", async () => {
    const other = RepoId.parse(4_712);
    const mine: DeliveryId[] = [];
    for (let i = 1; i <= 4; i++) mine.push(await storeDelivery(t.db, { issueNumber: i }));
    const theirs = await storeDelivery(t.db, { issueNumber: 1, repoId: other });
    for (const deliveryId of [...mine, theirs]) {
      await enqueue("plan", { deliveryId, attempt: 1 });
      await enqueue("advance", { deliveryId });
    }
    const order = async (name: "plan" | "advance") => {
      const taken: number[] = [];
      for (let i = 0; i < 5; i++) for (const { data } of await t.queue.take(name, 1)) taken.push(data.deliveryId);
      return taken;
    };
    expect(await order("plan")).toEqual([mine[0], theirs, mine[1], mine[2], mine[3]]);
    expect(await order("advance")).toEqual([...mine, theirs]);
  });
});

describe("looking", () => {
  it("tells what is due, what is alive, and one sweep a minute", async () => {
    const guid = WebhookGuid.parse("a-guid");
    await enqueue("intake", { guid });
    await enqueue("watch", { deliveryId: d(1), attempt: 1 }, { startAfterSeconds: 60 });
    expect(await t.queue.due(["intake", "watch", "dead"])).toEqual(["intake"]);
    const { claim } = await takeOne("intake");
    expect(await t.queue.due(["intake"])).toEqual([]);
    expect([...(await t.queue.alive(["intake", "watch", "publish"]))].sort()).toEqual(["intake a-guid", "watch 1"]);
    await t.queue.complete("intake", [claim]);
    expect([...(await t.queue.alive(["intake"]))]).toEqual([]);

    await t.queue.sweepOnce();
    await t.queue.sweepOnce();
    const sweep: { claim: Claim } = await takeOne("sweep");
    await t.queue.complete("sweep", [sweep.claim]);
    await t.queue.sweepOnce();
    // Unless the minute has just turned, the third is of the same minute.
    expect((await t.jobs.take("sweep")).length).toBeLessThanOrEqual(1);
  });
});
