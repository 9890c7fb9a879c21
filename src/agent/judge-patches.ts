// Has a second role say, criterion by criterion, whether what was proposed for a repository meets the plan. It decides nothing.
import { and, desc, eq } from "drizzle-orm";
import type { PlanDocument } from "../artifacts/plan.ts";
import {
  evidenceProblems,
  type FullJudgeDocument,
  type JudgeDocument,
  mergedVerdicts,
  QaReport,
  unmet,
  verdictProblems,
} from "../artifacts/qa-report.ts";
import type { BriefDeps } from "../context/brief.ts";
import type { ContextPacket } from "../context/packet.ts";
import { savePacket } from "../context/save-packet.ts";
import type { Sql, Tx } from "../db/database.ts";
import { artifacts, runs } from "../db/schema.ts";
import type { DeliveryId, Digest, RunId } from "../ids.ts";
import { err, ok } from "../result.ts";
import { type Judged, type JudgeGiven, judgeGiven } from "./judge-given.ts";
import { recordArtifact } from "./record.ts";
import { fullJudge, judge } from "./roles/judge.ts";
import { type RunDeps, runRole } from "./run-role.ts";
import { type SettleDeps, settle, type Without } from "./settle.ts";

export type JudgeDeps = SettleDeps & RunDeps & BriefDeps & Readonly<{ model: string }>;

export type JudgeOptions = Judged & Readonly<{ tries: number }>;

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

type Asking = Readonly<{ given: JudgeGiven; before: QaReport | null }>;

/** What of the plan is judged: all of it, or what was found not met the first time. */
const criteriaOf = ({ criteria }: PlanDocument, { doubted }: ContextPacket) =>
  doubted === undefined ? criteria : criteria.filter(({ id }) => doubted.some(({ criterion }) => criterion === id));

/** One call. Null: the run ended otherwise than with an answer or without a usable one, and that was reported. */
async function judgeOnce(
  deps: JudgeDeps,
  { assignment, plan: { document: plan }, made, tries, signal }: JudgeOptions,
  { given, before }: Asking,
): Promise<QaReport | null> {
  const { delivery, traceId } = assignment;
  const { packet, texts, look, linesOf } = given;
  const contextHash = await deps.db.transaction((tx) =>
    savePacket(tx, { deliveryId: delivery.id, traceId, at: deps.clock(), packet }),
  );
  const kept = await keptReport(deps.db.sql, delivery.id, delivery.attempt, contextHash);
  if (kept !== null) return kept;

  const isAlone = new Set(plan.tasks.map(({ repository }) => repository.toLowerCase())).size === 1;
  const input = { packet, texts, plan, repository: made.repo.name, isAlone };
  const common = { assignment, contextHash, model: assignment.models.judge ?? deps.model, signal };
  const judged = (document: JudgeDocument) => verdictProblems(document, criteriaOf(plan, packet), isAlone);
  const told = (problems: readonly string[]) => (problems.length === 0 ? ok(null) : err(problems.join("\n")));
  await deps.crash("qa.before.model");
  let report: QaReport | null = null;
  const keep = async (tx: Tx, runId: RunId, verdicts: QaReport["verdicts"]): Promise<null> => {
    const unseen = (packet.left ?? packet.proposed)?.leftOut ?? 0;
    report = { repoId: made.repo.repoId, edits: made.artifactId, verdicts: mergedVerdicts(before, verdicts), unseen };
    const facts = { deliveryId: delivery.id, traceId, runId, kind: "qa_report", at: deps.clock() } as const;
    await recordArtifact(tx, { ...facts, content: report });
    return null;
  };
  const unusable: Without = {
    stops: ["unusable"],
    keep: async (tx, runId) => void (await keep(tx, runId, [])),
  };
  if (look === null) {
    const run = await runRole(deps, judge, input, { ...common, check: (document) => told(judged(document)) });
    await settle(deps, "qa", run, tries, (tx, runId, { verdicts }) => keep(tx, runId, verdicts), unusable);
    return report;
  }
  const check = (document: FullJudgeDocument) => told([...judged(document), ...evidenceProblems(document, linesOf)]);
  const run = await runRole(deps, fullJudge, input, { ...common, look, check });
  await settle(deps, "qa", run, tries, (tx, runId, { verdicts }) => keep(tx, runId, verdicts), unusable);
  return report;
}

/**
 * The report; one without verdicts where the model brought no usable one: people are told so, and decide as ever. `full` looks once
 * more at what it finds not met. Null: a run ended otherwise, and that was reported. Throws EndpointUnavailable and GitHubError.
 */
export async function judgePatches(deps: JudgeDeps, options: JudgeOptions): Promise<QaReport | null> {
  const given = await judgeGiven(deps, options);
  const first = await judgeOnce(deps, options, { given, before: null });
  const doubted = unmet(first ?? { verdicts: [] }).map(({ criterion, because }) => ({ criterion, because }));
  if (first === null || doubted.length === 0 || given.look === null) return first;
  return judgeOnce(deps, options, { given: { ...given, packet: { ...given.packet, doubted } }, before: first });
}
