// Labels that no webhook told of: which they are, pure, and what is known of them.
import { and, eq, sql as raw } from "drizzle-orm";
import { z } from "zod";
import { sameLabel } from "../../admission/trigger-label.ts";
import type { Sql, Tx } from "../../db/database.ts";
import { labelLooks, webhooks } from "../../db/schema.ts";
import type { LabelPut } from "../../github/reading.ts";
import type { IssueNumber, RepoId } from "../../ids.ts";
import { type Instant, instant } from "../../instant.ts";

/** The newest putting-on of the label; null where GitHub has none on record, as for labels of long ago. */
export const newestPut = (puts: readonly LabelPut[], label: string): LabelPut | null =>
  puts
    .filter((one) => sameLabel(one.label, label))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .at(-1) ?? null;

/** Clocks of GitHub's parts may differ by this. */
const SLACK_MS = 60_000;

const Labeled = z.object({
  label: z.object({ name: z.string() }),
  issue: z.object({ updated_at: z.iso.datetime({ offset: true }) }),
});

/** Whether a webhook told of this label at that time or after it. */
export async function isToldOf(sql: Sql, repoId: RepoId, issue: IssueNumber, put: LabelPut): Promise<boolean> {
  const rows = await sql
    .select({ payload: webhooks.payload })
    .from(webhooks)
    .where(
      and(
        eq(webhooks.repoId, repoId),
        eq(webhooks.event, "issues"),
        eq(webhooks.action, "labeled"),
        eq(raw`(${webhooks.payload} -> 'issue' ->> 'number')`, String(issue)),
      ),
    );
  return rows.some(({ payload }) => {
    const labeled = Labeled.safeParse(payload).data;
    if (labeled === undefined || !sameLabel(labeled.label.name, put.label)) return false;
    return Date.parse(labeled.issue.updated_at) + SLACK_MS >= Date.parse(put.at);
  });
}

export async function labelsSettledUntil(sql: Sql, repoId: RepoId): Promise<Instant | null> {
  const [row] = await sql
    .select({ until: labelLooks.settledUntil })
    .from(labelLooks)
    .where(eq(labelLooks.repoId, repoId));
  return row === undefined ? null : instant(row.until);
}

export const keepLabelLook = (tx: Tx, repoId: RepoId, at: Date, until: Instant) =>
  tx.sql
    .update(labelLooks)
    .set({ lookedAt: at, settledUntil: raw`greatest(${labelLooks.settledUntil}, ${until}::timestamptz)` })
    .where(eq(labelLooks.repoId, repoId));
