// A worker that is killed loses its job to another one, in another process, on the same Postgres.
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { neverCrash } from "../../src/crash-points.ts";
import { DeliveryId } from "../../src/ids.ts";
import { HEARTBEAT_SECONDS, LEASE_SECONDS, QUEUEING, SUPERVISE_SECONDS } from "../../src/jobs/queueing.ts";
import { startWorker } from "../../src/jobs/worker.ts";
import { runChild } from "../support/child.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { hurry, silence } from "../support/queue-time.ts";

it("has a lease short enough that the job runs again within a minute", () => {
  for (const { retryDelay } of Object.values(QUEUEING)) {
    // The pause after a first try is at most twice the delay; then the poll has two seconds.
    expect(LEASE_SECONDS + SUPERVISE_SECONDS + 2 * retryDelay + 2).toBeLessThan(60);
  }
  // Two signs of life may get lost on the way.
  expect(LEASE_SECONDS).toBeGreaterThanOrEqual(3 * HEARTBEAT_SECONDS);
});

describe.runIf(process.env["TEST_ENGINE"] === "postgres")("a killed worker", () => {
  let t: TestDatabase;
  beforeEach(async () => {
    t = await testDatabase();
  });
  afterEach(() => t.close());

  it("loses its job to another, which runs it once more", async () => {
    const child = runChild(join(import.meta.dirname, "doomed-worker.ts"), [t.url ?? ""]);
    await child.line("ready");
    await t.db.transaction((tx) => tx.enqueue("write", { deliveryId: DeliveryId.parse(7), attempt: 1 }));
    await child.line("running 7");
    await child.kill();

    const ran = Promise.withResolvers<number>();
    const heir = await startWorker({
      queue: t.queue,
      onJobs: t.opened.onJobs,
      handlers: { write: async (_data, { tries }) => ran.resolve(tries) },
      deadLetter: async () => {},
      crash: neverCrash,
      fault: () => {},
      observe: () => {},
      pollSeconds: 0.1,
    });
    // Not before the lease has run out.
    await t.queue.supervise();
    expect(await t.queue.counts()).toMatchObject([{ name: "write", state: "active" }]);
    await silence(t.db, LEASE_SECONDS + 1);
    await t.queue.supervise();
    await hurry(t.db);
    expect(await ran.promise).toBe(2);
    await heir.stop();
    expect(await t.queue.counts()).toMatchObject([{ name: "write", state: "completed", jobs: 1 }]);
  });
});
