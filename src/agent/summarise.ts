// Has the end of a delivery put into words, once. Whatever comes of it, the delivery ends: without words the plan's own sentence stands.
import { and, eq } from "drizzle-orm";
import type { PlanDocument } from "../artifacts/plan.ts";
import { summaryProblem } from "../artifacts/summary.ts";
import type { ContextPacket } from "../context/packet.ts";
import { savePacket } from "../context/save-packet.ts";
import type { Sql } from "../db/database.ts";
import { artifacts } from "../db/schema.ts";
import { hasApprovedChanges } from "../delivery/changed.ts";
import { isReverted } from "../delivery/transitions/closing.ts";
import type { DeliveryId } from "../ids.ts";
import { err, ok } from "../result.ts";
import { type Assignment, loadAssignment, loadPlan } from "./assignment.ts";
import { proposedElsewhere } from "./elsewhere.ts";
import { recordArtifact, recordRun } from "./record.ts";
import { summariser } from "./roles/summariser.ts";
import { type RoleRun, type RunDeps, runRole } from "./run-role.ts";
import type { SettleDeps } from "./settle.ts";

export type SummariseDeps = SettleDeps & RunDeps & Readonly<{ model: string }>;

export type Summarising = Readonly<{ deliveryId: DeliveryId; attempt: number; tries: number; signal: AbortSignal }>;

async function isSettled(sql: Sql, id: DeliveryId): Promise<boolean> {
  const [row] = await sql
    .select({ id: artifacts.id })
    .from(artifacts)
    .where(and(eq(artifacts.deliveryId, id), eq(artifacts.kind, "summary")))
    .limit(1);
  return row !== undefined;
}

/** What was approved, as far as the readers of the issue may see the repositories. */
async function packetOf(sql: Sql, assignment: Assignment, plan: ContextPacket["plan"]): Promise<ContextPacket | null> {
  const home = assignment.repos.find(({ role }) => role === "primary");
  if (home === undefined) return null;
  const elsewhere = await proposedElsewhere(sql, assignment, home, [], "all");
  if (elsewhere.length === 0) return null;
  return { issue: assignment.packet.issue, plan, feedback: [], repositories: [], elsewhere: [...elsewhere] };
}

type Words = RoleRun<Readonly<{ summary: string }>>;

async function ask(
  deps: SummariseDeps,
  assignment: Assignment,
  { packet, plan }: Readonly<{ packet: ContextPacket; plan: PlanDocument }>,
  signal: AbortSignal,
): Promise<Words> {
  const { delivery, traceId } = assignment;
  const contextHash = await deps.db.transaction((tx) =>
    savePacket(tx, { deliveryId: delivery.id, traceId, at: deps.clock(), packet }),
  );
  await deps.crash("summary.before.model");
  return runRole(
    deps,
    summariser,
    { packet, plan },
    {
      assignment,
      contextHash,
      model: assignment.models.summariser ?? deps.model,
      signal,
      check: (document) => {
        const problem = summaryProblem(document);
        return problem === null ? ok(null) : err(problem);
      },
    },
  );
}

/**
 * Asks once: an endpoint that is away, a budget that is spent or a job that died on the way leave the plan's sentence. Nothing is
 * told to the machine but what the ledger has of the run.
 */
export async function summarise(
  deps: SummariseDeps,
  { deliveryId, attempt, tries, signal }: Summarising,
): Promise<void> {
  const { sql } = deps.db;
  const assignment = await loadAssignment(sql, deliveryId, attempt, "close");
  if (assignment === null || !hasApprovedChanges(assignment.delivery) || (await isSettled(sql, deliveryId))) return;
  const { traceId, delivery } = assignment;
  const approved = delivery.plan;
  const plan = approved === null ? null : await loadPlan(sql, deliveryId, approved.version);
  const about = approved === null ? null : { version: approved.version, digest: approved.digest };
  // Nobody reads what became of something that was taken back.
  const packet = plan === null || tries > 1 || isReverted(delivery) ? null : await packetOf(sql, assignment, about);
  const run =
    plan === null || packet === null ? null : await ask(deps, assignment, { packet, plan: plan.document }, signal);
  await deps.crash("summary.before.commit");
  await deps.db.transaction(async (tx) => {
    const runId = run === null ? null : await recordRun(tx, run.facts, run.asked, deps.costOf);
    const words = run?.asked.result.ok ? run.asked.result.value.summary.trim() : null;
    const facts = { deliveryId, traceId, runId, kind: "summary", at: deps.clock() } as const;
    await recordArtifact(tx, { ...facts, content: { words } });
  });
  if (run !== null) {
    const { result, usage } = run.asked;
    deps.onRun({ role: summariser.name, outcome: result.ok ? "succeeded" : result.error.kind, ...usage });
  }
  await deps.crash("summary.after.commit");
}
