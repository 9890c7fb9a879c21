// Whose turn it is in the queues of paid work: repositories take turns, so that one with fifty deliveries does not block the rest.
import { and, count, eq, inArray } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { deliveries } from "../db/schema.ts";
import type { JobName } from "./catalogue.ts";
import { jobTable } from "./job-table.ts";

const PAID: readonly JobName[] = ["triage", "plan", "propose", "analyse"];

/** Beyond so many a repository's jobs are first come, first served among each other and last among all. */
const LAST_TURN = 20;

/** `tier` is kept with the job and says whose it is; a higher priority is served first. */
export type Turn = Readonly<{ priority: number; tier: string | null }>;

const FIRST: Turn = { priority: 0, tier: null };

/**
 * Minus the number of jobs of this kind that the delivery's repository has in the queue: everyone's first job goes before
 * anyone's second. Other jobs are too quick for it to be worth a question.
 */
export async function turnOf(sql: Sql, name: JobName, data: object): Promise<Turn> {
  if (!PAID.includes(name) || !("deliveryId" in data)) return FIRST;
  const [delivery] = await sql
    .select({ repoId: deliveries.repoId })
    .from(deliveries)
    .where(eq(deliveries.id, Number(data.deliveryId)));
  if (delivery === undefined) return FIRST;
  const tier = `${delivery.repoId}`;
  const ahead = sql
    .select({ id: jobTable.id })
    .from(jobTable)
    .where(
      and(
        eq(jobTable.name, name),
        inArray(jobTable.state, ["created", "retry", "active"]),
        eq(jobTable.groupTier, tier),
      ),
    )
    .limit(LAST_TURN)
    .as("ahead");
  const [row] = await sql.select({ jobs: count() }).from(ahead);
  return { priority: -(row?.jobs ?? 0), tier };
}
