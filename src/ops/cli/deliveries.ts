// `countersign deliveries`: what there is, newest first, one line each.
import { asc, count, desc, eq, sum } from "drizzle-orm";
import type { Sql } from "../../db/database.ts";
import {
  approvals,
  deliveries,
  deliveryRepos,
  ledger,
  phaseRuns,
  reservations,
  runs,
  writes,
} from "../../db/schema.ts";
import { outcomeOf } from "../../delivery/outcome.ts";
import { loadDelivery } from "../../delivery/store.ts";
import { DeliveryId, deliveryName } from "../../ids.ts";
import { instant } from "../../instant.ts";
import { type CliOutcome, printed } from "./outcome.ts";

/** More is for a database client. */
const MOST = 200;

async function rows(sql: Sql) {
  const all = await sql
    .select({ row: deliveries, owner: deliveryRepos.owner, name: deliveryRepos.name, pull: deliveryRepos.pullNumber })
    .from(deliveries)
    .innerJoin(deliveryRepos, eq(deliveryRepos.deliveryId, deliveries.id))
    .where(eq(deliveryRepos.role, "primary"))
    .orderBy(desc(deliveries.id))
    .limit(MOST);
  return Promise.all(all.map(async (each) => describe(sql, each)));
}

type Row = Readonly<{ row: typeof deliveries.$inferSelect; owner: string; name: string; pull: number | null }>;

async function describe(sql: Sql, { row, owner, name, pull }: Row) {
  const id = DeliveryId.parse(row.id);
  const stored = await loadDelivery({ sql }, id);
  const [ran] = await sql.select({ count: count() }).from(runs).where(eq(runs.deliveryId, id));
  const [spent] = await sql
    .select({
      input: sum(reservations.inputTokens),
      output: sum(reservations.outputTokens),
      micros: sum(reservations.costMicros),
    })
    .from(reservations)
    .where(eq(reservations.deliveryId, id));
  const [entries] = await sql.select({ count: count() }).from(ledger).where(eq(ledger.deliveryId, id));
  const [approved] = await sql.select({ count: count() }).from(approvals).where(eq(approvals.deliveryId, id));
  const [written] = await sql.select({ count: count() }).from(writes).where(eq(writes.deliveryId, id));
  const stays = await sql
    .select({ phase: phaseRuns.phase, enteredAt: phaseRuns.enteredAt, leftAt: phaseRuns.leftAt })
    .from(phaseRuns)
    .where(eq(phaseRuns.deliveryId, id))
    .orderBy(asc(phaseRuns.id));
  return {
    delivery: deliveryName(id),
    issue: `${owner}/${name}#${row.issueNumber}`,
    title: row.issueTitle,
    phase: row.phase,
    runStatus: row.runStatus,
    reason: row.reason,
    outcome: stored === null ? null : outcomeOf(stored.delivery),
    holds: stored?.delivery.holds ?? [],
    version: row.version,
    pullRequest: pull === null ? null : `${owner}/${name}#${pull}`,
    runs: ran?.count ?? 0,
    tokens: Number(spent?.input ?? 0) + Number(spent?.output ?? 0),
    tokenBudget: row.tokenBudget,
    /** As far as prices are known. */
    dollars: Number(spent?.micros ?? 0) / 1_000_000,
    approvals: approved?.count ?? 0,
    writes: written?.count ?? 0,
    ledgerEntries: entries?.count ?? 0,
    createdAt: instant(row.createdAt),
    changedAt: instant(row.changedAt),
    phases: stays.map(({ phase, enteredAt, leftAt }) => ({
      phase,
      enteredAt: instant(enteredAt),
      leftAt: leftAt === null ? null : instant(leftAt),
    })),
  };
}

type Described = Awaited<ReturnType<typeof describe>>;

const line = (each: Described): string =>
  [
    each.delivery.padEnd(7),
    `${each.phase}/${each.runStatus}${each.reason === null ? "" : ` (${each.reason})`}`.padEnd(30),
    (each.outcome ?? (each.holds.length > 0 ? `held: ${each.holds.join(", ")}` : "under way")).padEnd(14),
    `${each.tokens} of ${each.tokenBudget} tokens, $${each.dollars.toFixed(2)}`.padEnd(32),
    each.issue,
    ...(each.pullRequest === null ? [] : [`→ ${each.pullRequest}`]),
    // A title is somebody's words: nothing in it may take hold of the terminal.
    JSON.stringify(each.title.slice(0, 80)),
  ].join("  ");

export async function listDeliveries(sql: Sql, format: "json" | "text"): Promise<CliOutcome> {
  const all = await rows(sql);
  if (format === "json") return printed(`${JSON.stringify(all)}\n`);
  return printed(all.length === 0 ? "No deliveries yet.\n" : `${all.map(line).join("\n")}\n`);
}
