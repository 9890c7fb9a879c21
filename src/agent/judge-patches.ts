// Has a second role say, criterion by criterion, whether what was proposed for a repository meets the plan. It decides nothing.
import { and, desc, eq } from "drizzle-orm";
import type { PlanDocument } from "../artifacts/plan.ts";
import { QaReport, verdictProblems } from "../artifacts/qa-report.ts";
import type { ContextPacket } from "../context/packet.ts";
import { savePacket } from "../context/save-packet.ts";
import type { Sql } from "../db/database.ts";
import { artifacts, runs } from "../db/schema.ts";
import type { DeliveryId, Digest, RunId } from "../ids.ts";
import { err, ok } from "../result.ts";
import type { Assignment } from "./assignment.ts";
import type { Texts } from "./briefing.ts";
import { proposedHere } from "./elsewhere.ts";
import type { Made } from "./make-patch-set.ts";
import { recordArtifact } from "./record.ts";
import { judge } from "./roles/judge.ts";
import { type RunDeps, runRole } from "./run-role.ts";
import { type SettleDeps, settle } from "./settle.ts";

export type JudgeDeps = SettleDeps & RunDeps & Readonly<{ model: string }>;

export type JudgeOptions = Readonly<{
  assignment: Assignment;
  plan: PlanDocument;
  made: Made;
  /** What the proposer was given. */
  given: Readonly<{ packet: ContextPacket; texts: Texts }>;
  tries: number;
  signal: AbortSignal;
}>;

/** What was said in this attempt of exactly this change: a job that runs again does not ask again. */
async function keptReport(sql: Sql, id: DeliveryId, attempt: number, contextHash: Digest): Promise<QaReport | null> {
  const [row] = await sql
    .select({ content: artifacts.content })
    .from(artifacts)
    .innerJoin(runs, eq(runs.id, artifacts.runId))
    .where(
      and(
        eq(artifacts.deliveryId, id),
        eq(artifacts.kind, "qa_report"),
        eq(runs.attempt, attempt),
        eq(runs.contextHash, contextHash),
      ),
    )
    .orderBy(desc(artifacts.id))
    .limit(1);
  return row === undefined ? null : QaReport.parse(row.content);
}

/** `full`: with the files that the proposer was shown; `light`: the issue and the diffs alone. */
async function judgePacket({ assignment, made, given }: JudgeOptions): Promise<ContextPacket> {
  const { mend: _mend, ...packet } = given.packet;
  return {
    ...packet,
    repositories: assignment.judging === "full" ? packet.repositories : [],
    proposed: await proposedHere(made),
  };
}

/**
 * The report; one without verdicts where the model brought no usable one: people are told so, and decide as ever. Null: the
 * run ended otherwise, and that was reported. Throws EndpointUnavailable.
 */
export async function judgePatches(deps: JudgeDeps, options: JudgeOptions): Promise<QaReport | null> {
  const { assignment, plan, made, given, tries, signal } = options;
  const { delivery, traceId } = assignment;
  const packet = await judgePacket(options);
  const contextHash = await deps.db.transaction((tx) =>
    savePacket(tx, { deliveryId: delivery.id, traceId, at: deps.clock(), packet }),
  );
  const kept = await keptReport(deps.db.sql, delivery.id, delivery.attempt, contextHash);
  if (kept !== null) return kept;

  const isAlone = new Set(plan.tasks.map(({ repository }) => repository.toLowerCase())).size === 1;
  const input = { packet, texts: given.texts, plan, repository: made.repo.name, isAlone };
  await deps.crash("qa.before.model");
  const run = await runRole(deps, judge, input, {
    assignment,
    contextHash,
    model: assignment.models.judge ?? deps.model,
    signal,
    check: (document) => {
      const problems = verdictProblems(document, plan.criteria, isAlone);
      return problems.length === 0 ? ok(null) : err(problems.join("\n"));
    },
  });
  const about = { repoId: made.repo.repoId, edits: made.artifactId };
  let report: QaReport | null = null;
  const keep = (verdicts: QaReport["verdicts"]) => async (tx: Parameters<typeof recordArtifact>[0], runId: RunId) => {
    report = { ...about, verdicts };
    const facts = { deliveryId: delivery.id, traceId, runId, kind: "qa_report", at: deps.clock() } as const;
    await recordArtifact(tx, { ...facts, content: report });
    return null;
  };
  await settle(
    deps,
    "qa",
    run,
    tries,
    (tx, runId, { verdicts }) => keep(verdicts)(tx, runId),
    async (tx, runId) => void (await keep([])(tx, runId)),
  );
  return report;
}
