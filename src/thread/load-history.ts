// What happened so far: approvals, decisions, stays in phases, runs, and where the ledger stood.
import { and, asc, desc, eq, lte } from "drizzle-orm";
import type { Sql } from "../db/database.ts";
import { approvals, commands, ledger, phaseRuns, runs, writes } from "../db/schema.ts";
import { Phase, RunStatus } from "../delivery/delivery.ts";
import { Reason } from "../delivery/reason.ts";
import type { DeliveryId } from "../ids.ts";
import { instant } from "../instant.ts";
import { deliveryChain } from "../ledger/entry.ts";
import { readHead } from "../ledger/read.ts";
import type { DeliveryView, LedgerView } from "./delivery-view.ts";

export async function loadApprovals(sql: Sql, id: DeliveryId): Promise<DeliveryView["approvals"]> {
  const rows = await sql
    .select()
    .from(approvals)
    .where(eq(approvals.deliveryId, id))
    .orderBy(asc(approvals.approvedAt), asc(approvals.id));
  return rows.map((row) => ({
    kind: row.subjectKind,
    digest: row.digest,
    login: row.personLogin,
    at: instant(row.approvedAt),
    voided: row.voidReason,
  }));
}

export async function loadDecisions(sql: Sql, id: DeliveryId): Promise<DeliveryView["decisions"]> {
  const rows = await sql
    .select({
      id: commands.id,
      name: commands.name,
      login: commands.actorLogin,
      at: commands.decidedAt,
      receivedAt: commands.receivedAt,
    })
    .from(commands)
    .where(and(eq(commands.deliveryId, id), eq(commands.verdict, "accepted")))
    .orderBy(asc(commands.id));
  const given = await sql
    .select({ commandId: approvals.commandId, kind: approvals.subjectKind, digest: approvals.digest })
    .from(approvals)
    .where(eq(approvals.deliveryId, id))
    .orderBy(asc(approvals.id));
  return rows.map(({ id: commandId, name, login, at, receivedAt }) => {
    const approved = given.filter((one) => one.commandId === commandId).map(({ kind, digest }) => ({ kind, digest }));
    const decided = { command: name, login, at: instant(at ?? receivedAt) };
    return approved.length === 0 ? decided : { ...decided, approved };
  });
}

export async function loadStays(sql: Sql, id: DeliveryId): Promise<DeliveryView["stays"]> {
  const rows = await sql.select().from(phaseRuns).where(eq(phaseRuns.deliveryId, id)).orderBy(asc(phaseRuns.id));
  return rows.map((row) => ({
    phase: Phase.parse(row.phase),
    enteredAt: instant(row.enteredAt),
    leftAt: row.leftAt === null ? null : instant(row.leftAt),
    endedAs: RunStatus.nullable().parse(row.endedAs),
    reason: Reason.nullable().parse(row.reason),
  }));
}

export async function loadRuns(sql: Sql, id: DeliveryId): Promise<DeliveryView["runs"]> {
  const { role, model, inputTokens, outputTokens, costMicros, durationMs, outcome, contextHash, constraintHash } = runs;
  return sql
    .select({ role, model, inputTokens, outputTokens, costMicros, durationMs, outcome, contextHash, constraintHash })
    .from(runs)
    .where(eq(runs.deliveryId, id))
    .orderBy(asc(runs.id));
}

export async function headOf(sql: Sql, id: DeliveryId): Promise<LedgerView> {
  const { seq, hash } = await readHead(sql, deliveryChain(id));
  return { entries: seq, head: seq === 0 ? null : hash };
}

/** The head at a moment that is over; the present one where it is not. */
export async function headAt(sql: Sql, id: DeliveryId, at: Date | null): Promise<LedgerView> {
  if (at === null) return headOf(sql, id);
  const [row] = await sql
    .select({ seq: ledger.seq, hash: ledger.hash })
    .from(ledger)
    .where(and(eq(ledger.chain, deliveryChain(id)), lte(ledger.recordedAt, at)))
    .orderBy(desc(ledger.seq))
    .limit(1);
  return row === undefined ? { entries: 0, head: null } : { entries: row.seq, head: row.hash };
}

export async function writtenAt(sql: Sql, id: DeliveryId): Promise<Date | null> {
  const rows = await sql
    .select({ at: writes.finishedAt })
    .from(writes)
    .where(and(eq(writes.deliveryId, id), eq(writes.subjectKind, "patchset")));
  const times = rows.flatMap(({ at }) => (at === null ? [] : [at.getTime()]));
  return times.length === 0 ? null : new Date(Math.max(...times));
}

export async function enteredAt(sql: Sql, id: DeliveryId): Promise<Date | null> {
  const [row] = await sql
    .select({ at: phaseRuns.enteredAt })
    .from(phaseRuns)
    .where(eq(phaseRuns.deliveryId, id))
    .orderBy(desc(phaseRuns.id))
    .limit(1);
  return row?.at ?? null;
}
