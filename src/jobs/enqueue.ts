// Puts a job into the queue inside the caller's transaction, so that it waits once and none is lost.
import { and, eq, is, SQL, sql } from "drizzle-orm";
import { fromDrizzle, type PgBoss } from "pg-boss";
import { z } from "zod";
import type { EnqueueOptions, Sql } from "../db/database.ts";
import { JOB_DATA, type JobData, type JobName } from "./catalogue.ts";
import { turnOf } from "./fairness.ts";
import { jobTable } from "./job-table.ts";
import { keyOf } from "./queueing.ts";

/** Answers whether the job is due now, so that somebody should be woken. */
export type Enqueue = <N extends JobName>(
  sql: Sql,
  name: N,
  data: JobData<N>,
  options?: EnqueueOptions,
) => Promise<boolean>;

/** Each turn but the first means that the waiting job was taken in the very moment between two statements. */
const TURNS = 10;

const Fence = z.object({ attempt: z.number() });

/** Work of an older attempt never replaces work of a newer one. */
const fenceOf = (data: unknown): number => Fence.safeParse(data).data?.attempt ?? 0;

export function makeEnqueue(boss: PgBoss): Enqueue {
  return async (tx, name, data, options = {}) => {
    const payload = JOB_DATA[name].parse(data);
    const key = keyOf(name, data);
    const after = Math.max(0, options.startAfterSeconds ?? 0);
    const { priority, tier } = await turnOf(tx, name, payload);
    const group = tier === null ? { id: key } : { id: key, tier };
    const db = fromDrizzle({ execute: (query) => execute(tx, query) }, sql);
    for (let turn = 0; turn < TURNS; turn++) {
      const id = await boss.send(name, payload, {
        singletonKey: key,
        group,
        startAfter: after,
        priority,
        db,
      });
      if (id !== null) return after === 0;
      // One waits already. It is locked until we commit: taken before, it would run without what we wrote.
      const waiting = await lockWaiting(tx, name, key);
      if (waiting === undefined) continue;
      await boss.update(name, fenceOf(payload) >= fenceOf(waiting.data) ? payload : undefined, {
        id: waiting.id,
        db,
        ...(after < waiting.secondsLeft ? { startAfter: after } : {}),
      });
      return Math.min(after, waiting.secondsLeft) <= 0;
    }
    throw new Error(`could not enqueue ${name} ${key}: it was taken ${TURNS} times over`);
  };
}

/** The two drivers answer with the rows, or with an object that has them. */
async function execute(tx: Sql, query: unknown): Promise<{ rows: unknown[] }> {
  if (!is(query, SQL)) throw new TypeError("not a query");
  const result: unknown = await tx.execute(query);
  return Array.isArray(result) ? { rows: result } : Result.parse(result);
}

const Result = z.object({ rows: z.array(z.unknown()) });

async function lockWaiting(tx: Sql, name: JobName, key: string) {
  // The conditions are those of pg-boss's unique index that refused the insert, so that it also finds the row.
  const [row] = await tx
    .select({
      id: jobTable.id,
      data: jobTable.data,
      secondsLeft: sql`extract(epoch from ${jobTable.startAfter} - now())`.mapWith(Number),
    })
    .from(jobTable)
    .where(
      and(
        eq(jobTable.name, name),
        sql`coalesce(${jobTable.singletonKey}, '') = ${key}`,
        eq(jobTable.state, "created"),
        eq(jobTable.policy, "short"),
      ),
    )
    .for("update");
  return row;
}
