// A fresh database for a test, on the engine that TEST_ENGINE names: PGlite from a template on disk, or a Postgres database cloned from one.
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { and, eq, inArray } from "drizzle-orm";
import postgres from "postgres";
import type { Connection, Engine } from "../../src/db/connection.ts";
import type { Database } from "../../src/db/database.ts";
import { MIGRATIONS } from "../../src/db/migrate.ts";
import { type Opened, openOn } from "../../src/db/open.ts";
import { overPglite } from "../../src/db/pglite.ts";
import { connectPostgres } from "../../src/db/postgres.ts";
import type { JobData, JobName } from "../../src/jobs/catalogue.ts";
import { jobTable } from "../../src/jobs/job-table.ts";
import { type Queue, WAITING } from "../../src/jobs/queue.ts";

export interface TestDatabase {
  readonly db: Database;
  readonly queue: Queue;
  readonly engine: Engine;
  readonly opened: Opened;
  /** Whole URL of the Postgres database; null on PGlite. */
  readonly url: string | null;
  readonly jobs: TestJobs;
  /** What the queue complained of in the background. */
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
}

export interface TestJobs {
  /** Jobs that wait, oldest first: name and data, and whether they are due only later. */
  readonly waiting: (name?: JobName) => Promise<readonly { name: string; data: unknown; later: boolean }[]>;
  /** Takes all jobs of a name that are due, completes them, and answers their data. */
  readonly take: <N extends JobName>(name: N) => Promise<readonly JobData<N>[]>;
  /** Runs `handler` over all jobs of a name that are due, also over those that it enqueues; answers how many. */
  readonly run: <N extends JobName>(name: N, handler: (data: JobData<N>) => Promise<unknown>) => Promise<number>;
}

const CACHE = join(import.meta.dirname, "../../node_modules/.cache/countersign");

/** Of everything that the template holds: our migrations, and what installs the queue. */
function templateKey(): string {
  const hash = createHash("sha256");
  const jobs = join(import.meta.dirname, "../../src/jobs");
  const modules = join(import.meta.dirname, "../../node_modules");
  const files = [
    ...readdirSync(MIGRATIONS)
      .filter((name) => name.endsWith(".sql"))
      .sort()
      .map((name) => join(MIGRATIONS, name)),
    join(jobs, "install.ts"),
    join(jobs, "queueing.ts"),
    join(jobs, "catalogue.ts"),
    join(modules, "pg-boss/package.json"),
    join(modules, "@electric-sql/pglite/package.json"),
  ];
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

/** A migrated database of its own; well under a second, but for the first one after a migration changed. */
export async function testDatabase(options: { transactionSeconds?: number } = {}): Promise<TestDatabase> {
  const faults: string[] = [];
  const fault = (message: string, fields: unknown) => void faults.push(`${message} ${JSON.stringify(fields)}`);
  const { connection, url, dropped } = await freshConnection();
  const opened = await openOn(connection, { fault, ...options });
  return {
    db: opened.db,
    queue: opened.queue,
    engine: opened.engine,
    opened,
    url,
    jobs: jobsOf(opened),
    faults,
    close: async () => {
      await opened.close();
      await dropped();
    },
  };
}

function jobsOf({ db, queue }: Opened): TestJobs {
  const run: TestJobs["run"] = async (name, handler) => {
    for (let count = 0; ; ) {
      const taken = await queue.take(name, 100);
      if (taken.length === 0) return count;
      for (const job of taken) {
        await handler(job.data);
        await queue.complete(name, [job.claim]);
        count++;
      }
    }
  };
  return {
    run,
    waiting: async (name) => {
      const rows = await db.sql
        .select({
          name: jobTable.name,
          data: jobTable.data,
          startAfter: jobTable.startAfter,
          createdOn: jobTable.createdOn,
        })
        .from(jobTable)
        .where(and(inArray(jobTable.state, WAITING), name === undefined ? undefined : eq(jobTable.name, name)))
        .orderBy(jobTable.createdOn);
      return rows.map(({ name, data, startAfter, createdOn }) => ({ name, data, later: startAfter > createdOn }));
    },
    take: async <N extends JobName>(name: N) => {
      const data: JobData<N>[] = [];
      await run(name, async (job) => void data.push(job));
      return data;
    },
  };
}

const freshConnection = () => (process.env["TEST_ENGINE"] === "postgres" ? freshPostgres() : freshPglite());

type Fresh = { connection: Connection; url: string | null; dropped: () => Promise<void> };

// ---- PGlite: a dump of a migrated directory, made once and kept beside node_modules

async function freshPglite(): Promise<Fresh> {
  const dump = new Blob([await pgliteTemplate()]);
  return { connection: overPglite(await PGlite.create({ loadDataDir: dump })), url: null, dropped: async () => {} };
}

async function pgliteTemplate(): Promise<Uint8Array<ArrayBuffer>> {
  const file = join(CACHE, `pglite-${templateKey()}.tar`);
  if (!existsSync(file)) {
    const pglite = await PGlite.create();
    const connection = overPglite(pglite);
    await prepare(connection);
    const dump = await pglite.dumpDataDir("none");
    await pglite.close();
    mkdirSync(CACHE, { recursive: true });
    // Renamed into place, so that a worker beside this one reads a whole file or none.
    const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
    writeFileSync(draft, new Uint8Array(await dump.arrayBuffer()));
    renameSync(draft, file);
    dropOldDumps();
  }
  return new Uint8Array(readFileSync(file));
}

/** Forty megabytes each: those of other schemas go after a day. */
function dropOldDumps(): void {
  for (const name of readdirSync(CACHE)) {
    const old = join(CACHE, name);
    if (name.startsWith("pglite-") && Date.now() - statSync(old).mtimeMs > 86_400_000) rmSync(old, { force: true });
  }
}

// ---- Postgres: a template database, cloned

const serverUrl = (): string => {
  const url = process.env["TEST_DATABASE_URL"];
  if (url === undefined) throw new Error("TEST_ENGINE=postgres needs TEST_DATABASE_URL");
  return url;
};

const urlOf = (database: string): string => Object.assign(new URL(serverUrl()), { pathname: `/${database}` }).href;

async function freshPostgres(): Promise<Fresh> {
  const template = `countersign_template_${templateKey()}`;
  const name = `countersign_test_${randomBytes(6).toString("hex")}`;
  await onServer(async (server) => {
    // One worker makes the template, the others wait for it; a half-made one has no comment and is made anew.
    await server`select pg_advisory_lock(1129335120)`;
    const [made] =
      await server`select shobj_description(oid, 'pg_database') as note from pg_database where datname = ${template}`;
    if (made?.["note"] !== "ready") {
      await server.unsafe(`drop database if exists ${template} with (force)`);
      await server.unsafe(`create database ${template}`);
      const connection = connectPostgres(urlOf(template));
      await prepare(connection);
      await connection.close();
      await server.unsafe(`comment on database ${template} is 'ready'`);
    }
    await server.unsafe(`create database ${name} template ${template}`);
  });
  return {
    connection: connectPostgres(urlOf(name)),
    url: urlOf(name),
    dropped: () =>
      onServer(async (server) => void (await server.unsafe(`drop database if exists ${name} with (force)`))),
  };
}

async function onServer(work: (server: postgres.Sql) => Promise<void>): Promise<void> {
  const server = postgres(serverUrl(), { max: 1, onnotice: () => {} });
  try {
    await work(server);
  } finally {
    await server.end({ timeout: 5 });
  }
}

async function prepare(connection: Connection): Promise<void> {
  await connection.migrate();
  const { queue } = await openOn(connection, { fault: () => {} });
  await queue.close();
}
