// The gauges of the metrics, read from the database when they are asked for.
import { count, isNotNull, sql } from "drizzle-orm";
import type { Database } from "../db/database.ts";
import { commands, deliveries, endpoints, phaseRuns } from "../db/schema.ts";
import type { Queue } from "../jobs/queue.ts";
import type { Gauges } from "../ops/metrics.ts";

export const gaugesOf = (db: Database, queue: Pick<Queue, "counts">): Gauges => ({
  deliveries: () =>
    db.sql
      .select({ phase: deliveries.phase, runStatus: deliveries.runStatus, count: count() })
      .from(deliveries)
      // The condition of the index `deliveries_one_live`.
      .where(sql`run_status <> 'canceled' and not (phase = 'close' and run_status = 'succeeded')`)
      .groupBy(deliveries.phase, deliveries.runStatus),
  waitingJobs: async () =>
    (await queue.counts())
      .filter(({ state }) => state === "created" || state === "retry" || state === "active")
      .map(({ name, state, jobs }) => ({ job: name, state, count: jobs })),
  commands: () =>
    db.sql
      .select({ command: commands.name, verdict: commands.verdict, count: count() })
      .from(commands)
      .groupBy(commands.name, commands.verdict),
  endpoints: () => db.sql.select({ endpoint: endpoints.endpoint, state: endpoints.state }).from(endpoints),
  stays: async () => {
    const rows = await db.sql
      .select({
        phase: phaseRuns.phase,
        endedAs: phaseRuns.endedAs,
        count: count(),
        seconds: sql`coalesce(sum(extract(epoch from ${phaseRuns.leftAt} - ${phaseRuns.enteredAt})), 0)`.mapWith(
          Number,
        ),
      })
      .from(phaseRuns)
      .where(isNotNull(phaseRuns.leftAt))
      .groupBy(phaseRuns.phase, phaseRuns.endedAs);
    return rows.map((row) => ({ ...row, endedAs: row.endedAs ?? "" }));
  },
});
