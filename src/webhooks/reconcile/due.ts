// Which deliveries and repositories are to be compared with GitHub now: the longest unseen first, repositories in turn, so many at once.
import { sql as raw } from "drizzle-orm";
import { z } from "zod";
import type { Sql, Tx } from "../../db/database.ts";
import { deliveries, deliveryLooks, deliveryRepos, labelLooks, sources } from "../../db/schema.ts";
import { DeliveryId, RepoId } from "../../ids.ts";
import type { Instant } from "../../instant.ts";
import { live } from "../live-deliveries.ts";

/** What is missed is late by this at most. A delivery costs 4 to 8 requests a look, a repository 4. */
const EVERY_MS = 3_600_000;
/** Pull requests that outlived their delivery are looked at once a day, this long. */
const AFTERWARDS = { everyMs: 86_400_000, forMs: 14 * 86_400_000 } as const;

/** In one sweep, of all and of one repository: some 250 requests a minute at most, and nobody waits for a crowd. */
const MOST = { deliveries: 30, ofRepository: 5, repositories: 20, ofInstallation: 5 } as const;

const rowsOf = (result: unknown): unknown[] =>
  Array.isArray(result) ? result : z.object({ rows: z.array(z.unknown()) }).parse(result).rows;

/** One that just began was looked at when it did. */
export async function dueDeliveries(sql: Sql, now: Date): Promise<readonly DeliveryId[]> {
  const seen = raw`coalesce(${deliveryLooks.lookedAt}, ${deliveries.createdAt})`;
  const before = (ms: number) => raw`${new Date(now.getTime() - ms).toISOString()}::timestamptz`;
  const isOpen = raw`exists (select 1 from ${deliveryRepos} where ${deliveryRepos.deliveryId} = ${deliveries.id} and ${deliveryRepos.pullNumber} is not null)`;
  const due = raw`
    select ${deliveries.id} as id, ${deliveries.repoId} as repo_id, ${seen} as seen from ${deliveries}
      left join ${deliveryLooks} on ${deliveryLooks.deliveryId} = ${deliveries.id}
      where ${live} and ${seen} <= ${before(EVERY_MS)}
    union all
    select ${deliveries.id}, ${deliveries.repoId}, ${seen} from ${deliveries}
      left join ${deliveryLooks} on ${deliveryLooks.deliveryId} = ${deliveries.id}
      where ${deliveries.runStatus} = 'succeeded' and ${deliveries.endedAt} > ${before(AFTERWARDS.forMs)}
        and ${seen} <= ${before(AFTERWARDS.everyMs)} and ${isOpen}`;
  const found = await sql.execute(raw`
    select id from (select id, seen, row_number() over (partition by repo_id order by seen, id) as turn from (${due}) as due) as turns
    where turn <= ${MOST.ofRepository} order by turn, seen, id limit ${MOST.deliveries}`);
  return rowsOf(found).map((row) => z.object({ id: DeliveryId }).parse(row).id);
}

export async function dueRepositories(sql: Sql, now: Date): Promise<readonly RepoId[]> {
  const before = new Date(now.getTime() - EVERY_MS).toISOString();
  const found = await sql.execute(raw`
    select repo_id from (
      select ${labelLooks.repoId} as repo_id, ${labelLooks.lookedAt} as looked_at,
        row_number() over (partition by ${sources.installationId} order by ${labelLooks.lookedAt}, ${labelLooks.repoId}) as turn
      from ${labelLooks} join ${sources} on ${sources.repoId} = ${labelLooks.repoId}
      where ${labelLooks.lookedAt} <= ${before}::timestamptz and ${sources.active} and not ${sources.archived}
    ) as turns where turn <= ${MOST.ofInstallation} order by turn, looked_at, repo_id limit ${MOST.repositories}`);
  // A bigint is text to one of the drivers.
  return rowsOf(found).map((row) => RepoId.parse(z.object({ repo_id: z.coerce.number() }).parse(row).repo_id));
}

/** Repositories that are new here: what was labeled in them is looked for from then on, as far back as GitHub remembers. */
export const meetRepositories = (sql: Sql, now: Date, from: Instant) =>
  sql.execute(raw`
    insert into ${labelLooks} (repo_id, looked_at, settled_until)
    select ${sources.repoId}, ${now.toISOString()}::timestamptz, ${from}::timestamptz from ${sources}
    where not exists (select 1 from ${labelLooks} where ${labelLooks.repoId} = ${sources.repoId})
    on conflict do nothing`);

const NEVER = new Date(0).toISOString();

/** At a start nobody knows how long nobody listened: everything is due. */
export async function dueAgain(tx: Tx): Promise<void> {
  await tx.sql.execute(raw`
    insert into ${deliveryLooks} (delivery_id, looked_at)
    select ${deliveries.id}, ${NEVER}::timestamptz from ${deliveries}
    where ${live} or (${deliveries.runStatus} = 'succeeded' and ${deliveries.endedAt} > now() - interval '14 days')
    on conflict (delivery_id) do update set looked_at = excluded.looked_at`);
  await tx.sql.update(labelLooks).set({ lookedAt: new Date(0) });
}
