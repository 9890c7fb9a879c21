// One pace for everything that we create on GitHub, over all processes: GitHub's limit on new content is the real ceiling.
// Two leaky buckets for each installation (GCRA), in Postgres, claimed with one statement.
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Sql, Tx } from "../db/database.ts";
import { contentPace } from "../db/schema.ts";
import type { InstallationId } from "../ids.ts";

/**
 * GitHub takes about 80 creating calls a minute and 500 an hour and bans who goes on beyond. A bucket lets `burst` calls
 * go at once and one more every `every` seconds, so in any window at most burst + window / every:
 * 20 + 60 / 1.5 = 60 a minute, 100 + 3600 / 12 = 400 an hour. A delivery makes ten, in bursts of four.
 */
export const PACES = [
  { window: "minute", every: 1.5, burst: 20 },
  { window: "hour", every: 12, burst: 100 },
] as const;

/** `go`: the slot is yours, `seconds` from now. `later`: nothing was claimed; ask again then. */
export type Slot = Readonly<{ kind: "go" | "later"; seconds: number }>;

const Answer = z.object({ wait: z.coerce.number().nullable() });

type Runs = Pick<Sql, "execute">;

/** A wait for the front of the queue is `next_at` less what the burst forgives. Null while there are no rows. */
const claim = async (db: Runs, installation: InstallationId, now: Date, patience: number): Promise<number | null> => {
  const paces = sql.join(
    PACES.map(({ window, every, burst }) => sql`(${window}::text, ${every}::float8, ${every * (burst - 1)}::float8)`),
    sql`, `,
  );
  const at = sql`${now.toISOString()}::timestamptz`;
  const result = await db.execute(sql`
    with held as materialized (
      select "window", next_at from content_pace where installation_id = ${installation} order by "window" for update
    ), due as (
      select held."window", pace.every, greatest(held.next_at, ${at}) as arrives,
             extract(epoch from held.next_at - ${at})::float8 - pace.forgiven as wait
      from held join (values ${paces}) as pace("window", every, forgiven) on pace."window" = held."window"
    ), verdict as (
      select greatest(0, max(wait)) as wait from due having count(*) = ${PACES.length}
    ), taken as (
      update content_pace set next_at = due.arrives + due.every * interval '1 second'
      from due, verdict
      where content_pace.installation_id = ${installation} and content_pace."window" = due."window"
        and verdict.wait <= ${patience}::float8
    )
    select wait from verdict`);
  const rows = z.union([z.array(z.unknown()), z.object({ rows: z.array(z.unknown()) })]).parse(result);
  const [row] = Array.isArray(rows) ? rows : rows.rows;
  return row === undefined ? null : Answer.parse(row).wait;
};

/**
 * Claims the next slot if it is at most `patience` seconds away. Whoever gets `go` waits those seconds, then makes exactly
 * one creating call.
 */
export async function claimSlot(
  tx: Pick<Tx, "sql">,
  installation: InstallationId,
  now: Date,
  patience: number,
): Promise<Slot> {
  let wait = await claim(tx.sql, installation, now, patience);
  if (wait === null) {
    const rows = PACES.map(({ window }) => ({ installationId: installation, window, nextAt: now }));
    await tx.sql.insert(contentPace).values(rows).onConflictDoNothing();
    wait = await claim(tx.sql, installation, now, patience);
  }
  if (wait === null) throw new Error("the pace of an installation has no rows after they were made");
  return { kind: wait <= patience ? "go" : "later", seconds: wait };
}
