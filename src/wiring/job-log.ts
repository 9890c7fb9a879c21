// One line a job that ended, with the fields by which everything about a delivery is found: name, repository, trace, GUID.
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import { commands, deliveries, deliveryRepos } from "../db/schema.ts";
import { DeliveryId, deliveryName } from "../ids.ts";
import type { JobEnd } from "../jobs/lane.ts";
import type { Log } from "../ops/log.ts";

const Fields = z.object({
  deliveryId: DeliveryId.optional(),
  commandId: z.number().optional(),
  guid: z.string().optional(),
  attempt: z.number().optional(),
});

async function deliveryOf(db: Database, { deliveryId, commandId }: z.infer<typeof Fields>): Promise<number | null> {
  if (deliveryId !== undefined || commandId === undefined) return deliveryId ?? null;
  const [row] = await db.sql.select({ id: commands.deliveryId }).from(commands).where(eq(commands.id, commandId));
  return row?.id ?? null;
}

/** Never rejects: a line that cannot be filled in is written with what is known. */
export async function logJob(db: Database, log: Log, { name, end, ms, fields }: JobEnd): Promise<void> {
  const known = Fields.safeParse(fields).data ?? {};
  const line = { job: name, end, ms: Math.round(ms), guid: known.guid, attempt: known.attempt };
  const about = await deliveryOf(db, known)
    .then(async (id) => {
      if (id === null) return {};
      const [row] = await db.sql
        .select({ traceId: deliveries.traceId, owner: deliveryRepos.owner, name: deliveryRepos.name })
        .from(deliveries)
        .innerJoin(deliveryRepos, and(eq(deliveryRepos.deliveryId, deliveries.id), eq(deliveryRepos.role, "primary")))
        .where(eq(deliveries.id, id));
      if (row === undefined) return {};
      return {
        delivery: deliveryName(DeliveryId.parse(id)),
        repository: `${row.owner}/${row.name}`,
        traceId: row.traceId,
      };
    })
    .catch(() => ({}));
  if (end === "done") log.info({ ...line, ...about }, "job ended");
  else log.warn({ ...line, ...about }, "job ended");
}
