// The worker: jobs run soon, beside each other where they may, again when they fail, and never after the worker has stopped.
import { sql as raw } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { neverCrash } from "../../src/crash-points.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { DeliveryId } from "../../src/ids.ts";
import type { Handlers } from "../../src/jobs/handler.ts";
import type { JobEnd } from "../../src/jobs/lane.ts";
import type { DeadLetter } from "../../src/jobs/queue.ts";
import { QUEUEING } from "../../src/jobs/queueing.ts";
import { startWorker, type Worker, type WorkerDeps } from "../../src/jobs/worker.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { hurry } from "../support/queue-time.ts";

let t: TestDatabase;
let workers: Worker[];
let ends: JobEnd[];
let faults: string[];
let dead: DeadLetter[];
beforeEach(async () => {
  t = await testDatabase();
  [workers, ends, faults, dead] = [[], [], [], []];
});
afterEach(async () => {
  for (const worker of workers) await worker.stop(0);
  await t.close();
});

const d = (n: number) => DeliveryId.parse(n);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const start = async (handlers: Handlers, options: Partial<WorkerDeps> = {}) => {
  const worker = await startWorker({
    queue: t.queue,
    onJobs: t.opened.onJobs,
    handlers,
    deadLetter: async (letter) => void dead.push(letter),
    crash: neverCrash,
    fault: (message, fields) => void faults.push(`${message} ${JSON.stringify(fields)}`),
    observe: (end) => void ends.push(end),
    // What is found in time was told by a notification.
    pollSeconds: 600,
    ...options,
  });
  workers.push(worker);
  return worker;
};
const advance = (n: number) => t.db.transaction((tx) => tx.enqueue("advance", { deliveryId: d(n) }));
const until = async (holds: () => boolean | Promise<boolean>) => {
  for (let i = 0; i < 20_000; i++) {
    if (await holds()) return;
    await sleep(10);
  }
  throw new Error(`never came to hold; ${faults.join("\n")}`);
};
const jobsLeft = async () =>
  (await t.queue.counts()).filter(({ state }) => state !== "completed").reduce((sum, { jobs }) => sum + jobs, 0);

describe("a worker", () => {
  it("is woken by the commit, and runs what waited before it came", async () => {
    const ran: number[] = [];
    await advance(1);
    await start({ advance: async ({ deliveryId }) => void ran.push(deliveryId) });
    await until(() => ran.length === 1);
    await advance(2);
    await until(() => ran.length === 2);
    expect(ran).toEqual([1, 2]);
    await until(async () => (await jobsLeft()) === 0);
    expect(ends.map(({ name, end }) => `${name} ${end}`)).toEqual(["advance done", "advance done"]);
    expect(faults).toEqual([]);
  });

  it("drains a backlog, in its slots, never two of a key at once, also beside another worker", async () => {
    await t.db.transaction(async (tx) => {
      for (let n = 1; n <= 60; n++) await tx.enqueue("advance", { deliveryId: d(n) });
    });
    const running = new Map<number, number>();
    let most = 0;
    let twice = 0;
    let ran = 0;
    const handler: Handlers["advance"] = async ({ deliveryId }) => {
      running.set(deliveryId, (running.get(deliveryId) ?? 0) + 1);
      if ((running.get(deliveryId) ?? 0) > 1) twice++;
      most = Math.max(
        most,
        [...running.values()].reduce((a, b) => a + b, 0),
      );
      ran++;
      // Half of them are told of again while they run.
      if (ran <= 60 && deliveryId % 2 === 0) await advance(deliveryId);
      running.set(deliveryId, (running.get(deliveryId) ?? 0) - 1);
    };
    await start({ advance: handler });
    await start({ advance: handler });
    await until(async () => ran === 90 && (await jobsLeft()) === 0);
    expect(twice).toBe(0);
    expect(most).toBeLessThanOrEqual(2 * QUEUEING.advance.slots);
  });

  it("never lets a command wait for a model or a write", async () => {
    const models = Promise.withResolvers<void>();
    let advanced = 0;
    await start({ plan: () => models.promise, write: () => models.promise, advance: async () => void advanced++ });
    for (let n = 1; n <= 5; n++) {
      await t.db.transaction(async (tx) => {
        await tx.enqueue("plan", { deliveryId: d(n), attempt: 1 });
        await tx.enqueue("write", { deliveryId: d(n), attempt: 1 });
      });
    }
    for (let n = 1; n <= 5; n++) await advance(n);
    await until(() => advanced === 5);
    models.resolve();
    await until(async () => (await jobsLeft()) === 0);
  });

  it("leaves to others what it has no handler for", async () => {
    await start({ advance: async () => {} });
    await t.db.transaction((tx) => tx.enqueue("publish", { deliveryId: d(1) }));
    await advance(1);
    await until(async () => (await jobsLeft()) === 1);
    expect(await t.jobs.waiting()).toMatchObject([{ name: "publish" }]);
  });

  it("runs a job that threw again, found by the poll, and says how often it was tried", async () => {
    const tries: number[] = [];
    await start(
      {
        advance: async (_data, job) => {
          tries.push(job.tries);
          expect(job.lastTry).toBe(false);
          if (tries.length < 3) throw new Error(`broken ${tries.length}`);
        },
      },
      { pollSeconds: 0.05 },
    );
    await advance(1);
    await until(async () => {
      await hurry(t.db);
      return (await jobsLeft()) === 0;
    });
    expect(tries).toEqual([1, 2, 3]);
    expect(faults.filter((fault) => fault.startsWith("job failed"))).toHaveLength(2);
    expect(faults[0]).toContain('"deliveryId":1');
  });

  it("waits as long as GitHub asked", async () => {
    await start({
      publish: async () => {
        throw new GitHubError("rate_limited", "slow down", { retryAfter: 1_800 });
      },
    });
    await t.db.transaction((tx) => tx.enqueue("publish", { deliveryId: d(1) }));
    await until(() => ends.length === 1);
    const [row] = await t.db.sql
      .select({ seconds: raw`extract(epoch from start_after - now())`.mapWith(Number) })
      .from(raw`pgboss.job`);
    expect(row?.seconds).toBeGreaterThan(1_700);
  });

  it("hands over what died, without the secrets in its error, until it is taken care of", async () => {
    let refusals = 1;
    await start(
      {
        plan: async () => {
          throw new Error("never works with canary");
        },
      },
      {
        pollSeconds: 0.05,
        redact: (text) => text.replaceAll("canary", "[redacted]"),
        deadLetter: async (letter) => {
          if (refusals-- > 0) throw new Error("the database was away");
          dead.push(letter);
        },
      },
    );
    await t.db.transaction((tx) => tx.enqueue("plan", { deliveryId: d(1), attempt: 2 }));
    await until(async () => {
      await hurry(t.db);
      return dead.length === 1;
    });
    expect(dead).toMatchObject([
      { job: "plan", data: { deliveryId: 1, attempt: 2 }, error: "never works with [redacted]" },
    ]);
    expect(ends.filter(({ name }) => name === "plan")).toHaveLength(QUEUEING.plan.retryLimit + 1);
  });

  it("aborts a run whose job was given to somebody else", async () => {
    const aborted = Promise.withResolvers<unknown>();
    await start(
      {
        write: (_data, { signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener("abort", () => {
              aborted.resolve(signal.reason);
              reject(signal.reason);
            });
          }),
      },
      { heartbeatSeconds: 0.05 },
    );
    await t.db.transaction((tx) => tx.enqueue("write", { deliveryId: d(1), attempt: 1 }));
    await until(async () => (await t.queue.counts()).some(({ state }) => state === "active"));
    await t.db.transaction(({ sql }) => sql.execute(raw`update pgboss.job set retry_count = retry_count + 1`));
    expect(await aborted.promise).toMatchObject({ message: "the job was given to somebody else" });
    await until(() => ends.length === 1);
    expect(ends).toMatchObject([{ name: "write", end: "lost" }]);
  });
});

describe("stopping", () => {
  it("takes nothing more and waits for what runs", async () => {
    const going = Promise.withResolvers<void>();
    let done = 0;
    const worker = await start({
      advance: async () => {
        await going.promise;
        done++;
      },
    });
    await advance(1);
    await until(async () => (await t.queue.counts()).some(({ state }) => state === "active"));
    const stopped = worker.stop(30);
    await advance(2);
    going.resolve();
    await stopped;
    expect(done).toBe(1);
    expect(await t.jobs.take("advance")).toEqual([{ deliveryId: 2 }]);
  });

  it("aborts what does not end in time, and gives it back", async () => {
    const worker = await start({
      plan: (_data, { signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    });
    await t.db.transaction((tx) => tx.enqueue("plan", { deliveryId: d(1), attempt: 1 }));
    await until(async () => (await t.queue.counts()).some(({ state }) => state === "active"));
    await worker.stop(0);
    await hurry(t.db);
    expect(await t.queue.take("plan", 1)).toMatchObject([{ data: { deliveryId: 1, attempt: 1 }, tries: 2 }]);
  });
});

describe("a crash of the worker itself", () => {
  it("before the job is settled makes it run again", async () => {
    let crashes = 1;
    let ran = 0;
    await start(
      { advance: async () => void ran++ },
      {
        pollSeconds: 0.05,
        crash: (name) => {
          if (name === "worker.after.advance" && crashes-- > 0) throw new Error("died");
        },
      },
    );
    await advance(1);
    await until(async () => {
      await hurry(t.db);
      return (await jobsLeft()) === 0;
    });
    expect(ran).toBe(2);
  });
});
