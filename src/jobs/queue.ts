// The queue on the one store: taking, settling and counting jobs. Enqueueing is in enqueue.ts, what runs them in worker.ts.
import { and, count, eq, inArray, lte, sql as raw } from "drizzle-orm";
import type { JobWithMetadata, PgBoss } from "pg-boss";
import { z } from "zod";
import type { Sql } from "../db/database.ts";
import { JOB_DATA, type JobData, type JobName } from "./catalogue.ts";
import { type Enqueue, makeEnqueue } from "./enqueue.ts";
import { type Fault, type QueueStore, startBoss } from "./install.ts";
import { jobTable } from "./job-table.ts";
import { DEAD, isJobName } from "./queueing.ts";

export type { Enqueue } from "./enqueue.ts";
export type { Fault, QueueStore } from "./install.ts";

export type QueueName = JobName | typeof DEAD;

/** The right to settle a job, as long as nobody else was given it: id and try. */
export type Claim = Readonly<{ id: string; retryCount: number }>;

/** `tries` counts this one, from 1. */
export type Taken<N extends JobName> = Readonly<{ claim: Claim; data: JobData<N>; tries: number; lastTry: boolean }>;

/** A job that died for good: what it was, and the error of its last try. */
export type DeadLetter = Readonly<{ claim: Claim; job: string; data: unknown; tries: number; error: string }>;

export interface Queue {
  readonly enqueue: Enqueue;
  /** Claims up to `limit` jobs that are due, oldest first, never one whose key runs already. */
  readonly take: <N extends JobName>(name: N, limit: number) => Promise<readonly Taken<N>[]>;
  readonly takeDead: (limit: number) => Promise<readonly DeadLetter[]>;
  /** One answer a claim: false when it was lost meanwhile and somebody else has the job. */
  readonly complete: (name: QueueName, claims: readonly Claim[]) => Promise<readonly boolean[]>;
  /** Back to the queue, or to the dead letters after the last try. `notBeforeSeconds` can only stretch the pause. */
  readonly fail: (name: QueueName, claim: Claim, error: string, notBeforeSeconds?: number) => Promise<boolean>;
  /** A sign of life; answers the ids whose claim still holds. */
  readonly touch: (name: QueueName, claims: readonly Claim[]) => Promise<readonly string[]>;
  /** Which of these queues have jobs that are due. */
  readonly due: (names: readonly QueueName[]) => Promise<readonly QueueName[]>;
  /** Name and key, with a space between, of the jobs of these names that wait or run. */
  readonly alive: (names: readonly JobName[]) => Promise<ReadonlySet<string>>;
  /** Jobs by queue and state (created, retry, active, failed, completed). */
  readonly counts: () => Promise<readonly Readonly<{ name: string; state: string; jobs: number }>[]>;
  /** Gives the jobs of dead workers back and deletes old rows. Call every SUPERVISE_SECONDS, from any process. */
  readonly supervise: () => Promise<void>;
  /** Gives every running job back at once: for a start where no other process can be alive (embedded). */
  readonly reclaim: () => Promise<number>;
  /** One sweep a minute, over all processes. */
  readonly sweepOnce: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const SWEEP_SECONDS = 60;

/** What fail() keeps of an error. Longer texts are for the log. */
const ERROR_LENGTH = 1000;

const Output = z.object({ message: z.string() });
const Settled = z.object({ affected: z.number(), settled: z.array(z.string()).optional() });

/** `sql` reads on the caller's connection. */
export async function openQueue(store: QueueStore, sql: Sql, fault: Fault): Promise<Queue> {
  const boss = await startBoss(store, sql, fault);
  const fail: Queue["fail"] = async (name, claim, error, notBeforeSeconds) => {
    const { affected } = Settled.parse(await boss.fail(name, claim, { message: error.slice(0, ERROR_LENGTH) }));
    if (affected > 0 && notBeforeSeconds !== undefined) await defer(sql, name, claim.id, notBeforeSeconds);
    return affected > 0;
  };
  return {
    enqueue: makeEnqueue(boss),
    take: async <N extends JobName>(name: N, limit: number) => {
      const understood: Taken<N>[] = [];
      for (const job of await fetch(boss, name, limit)) {
        const data: unknown = job.data;
        if (fits(name, data)) understood.push({ ...placeOf(job), data });
        else await fail(name, placeOf(job).claim, "this version does not understand the job's data");
      }
      return understood;
    },
    takeDead: async (limit) =>
      (await fetch(boss, DEAD, limit)).map((job) => ({
        claim: placeOf(job).claim,
        job: job.sourceName ?? "",
        data: job.data,
        tries: (job.sourceRetryCount ?? 0) + 1,
        error: Output.safeParse(job.sourceOutput).data?.message ?? "",
      })),
    complete: async (name, claims) => {
      const { settled = [] } = Settled.parse(await boss.complete(name, [...claims]));
      return claims.map(({ id }) => settled.includes(id));
    },
    fail,
    touch: async (name, claims) =>
      Settled.parse(await boss.touch(name, [...claims])).settled ?? claims.map(({ id }) => id),
    due: async (names) => {
      const rows = await sql
        .selectDistinct({ name: jobTable.name })
        .from(jobTable)
        .where(
          and(
            inArray(jobTable.name, [...names]),
            inArray(jobTable.state, WAITING),
            lte(jobTable.startAfter, raw`now()`),
          ),
        );
      return rows.flatMap(({ name }) => (name === DEAD || isJobName(name) ? [name] : []));
    },
    alive: async (names) => {
      const rows = await sql
        .select({ name: jobTable.name, key: jobTable.singletonKey })
        .from(jobTable)
        .where(and(inArray(jobTable.name, [...names]), inArray(jobTable.state, [...WAITING, "active"])));
      return new Set(rows.map(({ name, key }) => `${name} ${key}`));
    },
    counts: () =>
      sql
        .select({ name: jobTable.name, state: jobTable.state, jobs: count() })
        .from(jobTable)
        .groupBy(jobTable.name, jobTable.state),
    supervise: () => boss.supervise(),
    reclaim: async () => {
      const running = await sql
        .select({ name: jobTable.name, id: jobTable.id, retryCount: jobTable.retryCount })
        .from(jobTable)
        .where(eq(jobTable.state, "active"));
      for (const { name, ...claim } of running) await boss.fail(name, claim, { message: "its process ended" });
      return running.length;
    },
    sweepOnce: async () => {
      await boss.send("sweep", {}, { singletonKey: "all", group: { id: "all" }, singletonSeconds: SWEEP_SECONDS });
    },
    close: () => boss.stop({ graceful: false }),
  };
}

/** Not yet taken: new, or waiting to be tried again. */
export const WAITING = ["created", "retry"];

const fetch = (boss: PgBoss, name: QueueName, limit: number): Promise<JobWithMetadata[]> =>
  boss.fetch(name, { batchSize: limit, includeMetadata: true, groupConcurrency: 1 });

const placeOf = (job: JobWithMetadata) => ({
  claim: { id: job.id, retryCount: job.retryCount },
  tries: job.retryCount + 1,
  lastTry: job.retryCount >= job.retryLimit,
});

const fits = <N extends JobName>(name: N, data: unknown): data is JobData<N> => JOB_DATA[name].safeParse(data).success;

async function defer(sql: Sql, name: QueueName, id: string, seconds: number): Promise<void> {
  await sql
    .update(jobTable)
    .set({ startAfter: raw`greatest(${jobTable.startAfter}, now() + ${seconds} * interval '1 second')` })
    .where(and(eq(jobTable.name, name), eq(jobTable.id, id), eq(jobTable.state, "retry")));
}
