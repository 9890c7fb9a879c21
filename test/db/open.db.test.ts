// Opening the store: schema and queue are there whoever comes first, and an embedded directory has one owner.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DirectoryInUse, lockDirectory } from "../../src/db/directory-lock.ts";
import { type Opened, openDatabase } from "../../src/db/open.ts";
import { webhooks } from "../../src/db/schema.ts";
import { DeliveryId } from "../../src/ids.ts";
import { JOB_NAMES } from "../../src/jobs/queueing.ts";
import { runChild } from "../support/child.ts";
import { storeReceipt } from "../support/stored-delivery.ts";

const isPostgres = process.env["TEST_ENGINE"] === "postgres";
const fault = () => {};

describe.skipIf(isPostgres)("an embedded directory", () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "countersign-open-"));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it("keeps rows and jobs from one opening to the next, and is migrated once", async () => {
    const first = await openDatabase({ databaseUrl: null, dataDir, fault });
    const guid = await storeReceipt(first.db);
    await first.db.transaction((tx) => tx.enqueue("advance", { deliveryId: DeliveryId.parse(1) }));
    await first.close();
    const second = await openDatabase({ databaseUrl: null, dataDir, fault });
    await second.ping();
    expect(second.engine).toBe("pglite");
    expect(await second.db.sql.select({ guid: webhooks.guid }).from(webhooks)).toEqual([{ guid }]);
    expect(await second.queue.take("advance", 5)).toMatchObject([{ data: { deliveryId: 1 }, tries: 1 }]);
    await second.close();
  });

  it("is refused to a second process, with one clear line, and taken over when its owner is killed", async () => {
    const owner = runChild(join(import.meta.dirname, "holder.ts"), [dataDir]);
    await owner.line("holding");
    const second = openDatabase({ databaseUrl: null, dataDir, fault });
    await expect(second).rejects.toThrow(DirectoryInUse);
    await expect(second).rejects.toThrow(
      `the data directory ${dataDir} is in use by another process (pid ${owner.process.pid})`,
    );

    await owner.kill();
    const heir = await openDatabase({ databaseUrl: null, dataDir, fault });
    expect(await heir.db.sql.select({ guid: webhooks.guid }).from(webhooks)).toEqual([{ guid: "left" }]);
    // What the dead process was running is due again at once: nobody waits for its lease to end.
    expect(await heir.queue.counts()).toMatchObject([{ name: "intake", state: "retry", jobs: 1 }]);
    await heir.close();
  });

  it("is refused to the same process too, and free again after closing", () => {
    const unlock = lockDirectory(dataDir);
    expect(() => lockDirectory(dataDir)).toThrow(DirectoryInUse);
    unlock();
    lockDirectory(dataDir)();
  });

  it("goes to exactly one of many that come at once", async () => {
    const file = join(import.meta.dirname, "holder.ts");
    const children = [1, 2, 3].map((n) => runChild(file, [dataDir, `by-${n}`]));
    const held = await Promise.allSettled(children.map((child) => child.line("holding")));
    // Those that were refused have ended; the winner still waits.
    expect(held.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await Promise.all(children.map((child) => child.kill()));
    const heir = await openDatabase({ databaseUrl: null, dataDir, fault });
    expect(await heir.db.sql.$count(webhooks)).toBe(1);
    await heir.close();
  });
});

describe.runIf(isPostgres)("a Postgres server", () => {
  const server = process.env["TEST_DATABASE_URL"] ?? "";
  const name = `countersign_open_${process.pid}`;
  const url = Object.assign(new URL(server || "postgres://none"), { pathname: `/${name}` }).href;
  const onServer = async (statement: string) => {
    const client = postgres(server, { max: 1, onnotice: () => {} });
    await client.unsafe(statement);
    await client.end();
  };
  beforeEach(() => onServer(`create database ${name}`));
  afterEach(() => onServer(`drop database if exists ${name} with (force)`));

  const open = () => openDatabase({ databaseUrl: url, dataDir: "/nonexistent", fault });

  it("is migrated by several processes that start at once, and by each later start", async () => {
    const opened = await Promise.all([open(), open(), open()]);
    for (const each of opened) await each.ping();
    const [first, second, third] = opened;
    await first?.db.transaction((tx) => tx.enqueue("advance", { deliveryId: DeliveryId.parse(3) }));
    expect(await second?.queue.take("advance", 5)).toMatchObject([{ data: { deliveryId: 3 } }]);
    await Promise.all([first, second, third].map((each: Opened | undefined) => each?.close()));
    const later = await open();
    await later.ping();
    // What another live process runs is not taken from it by a start.
    expect(await later.queue.counts()).toMatchObject([{ name: "advance", state: "active", jobs: 1 }]);
    await later.close();
  });

  it("knows every queue before its first transaction", async () => {
    const opened = await open();
    for (const name of JOB_NAMES) expect(await opened.queue.take(name, 1)).toEqual([]);
    await opened.close();
  });
});

it("cannot be opened where no server answers", async () => {
  const nowhere = openDatabase({ databaseUrl: "postgres://nobody@127.0.0.1:1/none", dataDir: "", fault });
  await expect(nowhere).rejects.toThrow();
});
