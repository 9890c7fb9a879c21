// How far GitHub's record of its webhooks was gone through, what of it we have, and what is lost. Reads and rows only.
import { inArray, sql as raw } from "drizzle-orm";
import type { Sql, Tx } from "../../db/database.ts";
import { hookLook, lostWebhooks, webhooks } from "../../db/schema.ts";
import type { HookAttempt } from "../../github/hook-log.ts";
import { RepoId, WebhookGuid } from "../../ids.ts";
import { type Instant, instant } from "../../instant.ts";

export type Look = Readonly<{ settledUntil: Instant; lookedAt: Instant }>;

export async function lastLook(sql: Sql): Promise<Look | null> {
  const [row] = await sql.select().from(hookLook);
  return row === undefined ? null : { settledUntil: instant(row.settledUntil), lookedAt: instant(row.lookedAt) };
}

/** Never back: two looks at once leave the further one. */
export async function keepLook(tx: Tx, look: Look): Promise<void> {
  const values = { settledUntil: new Date(look.settledUntil), lookedAt: new Date(look.lookedAt) };
  await tx.sql
    .insert(hookLook)
    .values(values)
    .onConflictDoUpdate({
      target: hookLook.id,
      set: {
        settledUntil: raw`greatest(${hookLook.settledUntil}, excluded.settled_until)`,
        lookedAt: raw`greatest(${hookLook.lookedAt}, excluded.looked_at)`,
      },
    });
}

const AT_ONCE = 1_000;

/** Those of the GUIDs that we have, or have given up. */
export async function knownOf(sql: Sql, guids: readonly WebhookGuid[]): Promise<ReadonlySet<WebhookGuid>> {
  const known = new Set<WebhookGuid>();
  for (let at = 0; at < guids.length; at += AT_ONCE) {
    const some = guids.slice(at, at + AT_ONCE);
    for (const table of [webhooks, lostWebhooks]) {
      const rows = await sql.select({ guid: table.guid }).from(table).where(inArray(table.guid, some));
      for (const { guid } of rows) known.add(WebhookGuid.parse(guid));
    }
  }
  return known;
}

/** Those that were not lost already; their repositories are to be told. */
export async function keepLost(tx: Tx, lost: readonly HookAttempt[], at: Date): Promise<readonly HookAttempt[]> {
  if (lost.length === 0) return [];
  const kept = await tx.sql
    .insert(lostWebhooks)
    .values(
      lost.map(({ guid, event, action, installationId, repoId, at: sentAt }) => ({
        guid,
        event,
        action,
        installationId,
        repoId,
        sentAt: new Date(sentAt),
        lostAt: at,
      })),
    )
    .onConflictDoNothing()
    .returning({ guid: lostWebhooks.guid });
  const guids = new Set(kept.map(({ guid }) => guid));
  return lost.filter(({ guid }) => guids.has(guid));
}

export const reposOf = (lost: readonly HookAttempt[]): readonly RepoId[] => [
  ...new Set(lost.flatMap(({ repoId }) => (repoId === null ? [] : [RepoId.parse(repoId)]))),
];
