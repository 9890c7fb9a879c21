// What was proposed to people, and what kept a proposal from them: plans, patch sets, findings of the policy.
import { and, asc, desc, eq, isNotNull, lte } from "drizzle-orm";
import { artifactHash } from "../artifacts/artifact.ts";
import { PlanDocument } from "../artifacts/plan.ts";
import { type Judgement, QaReport } from "../artifacts/qa-report.ts";
import { Summary } from "../artifacts/summary.ts";
import { TriageDocument } from "../artifacts/triage.ts";
import type { Sql } from "../db/database.ts";
import { artifacts, deliveryRepos, forecasts, patchSets, policyViolations, writes } from "../db/schema.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { ArtifactId, type DeliveryId, type Digest, PatchSetId } from "../ids.ts";
import { instant } from "../instant.ts";
import { deltaBetween } from "../patches/delta.ts";
import { type LoadedPatchSet, loadPatchSet } from "../patches/store.ts";
import { PolicyViolation } from "../policy/violation.ts";
import { Visibilities } from "../visibility.ts";
import type { PatchSetView, PlanView, SinceView } from "./proposal-view.ts";

export async function loadPlans(sql: Sql, id: DeliveryId, comments: readonly Date[]): Promise<readonly PlanView[]> {
  const rows = await sql
    .select({ plan: artifacts, forecast: forecasts })
    .from(artifacts)
    .leftJoin(forecasts, eq(forecasts.planId, artifacts.id))
    .where(and(eq(artifacts.deliveryId, id), eq(artifacts.kind, "plan")))
    .orderBy(asc(artifacts.version));
  for (const { version, content, hash } of rows.map(({ plan }) => plan)) {
    // What is shown under a code is what the code stands for.
    if (artifactHash({ kind: "plan", deliveryId: id, version, content }) === hash) continue;
    throw new Error(`plan ${version} of delivery ${id} is not what was stored`);
  }
  return rows.map(({ plan: row, forecast }) => ({
    id: ArtifactId.parse(row.id),
    version: row.version,
    digest: row.hash,
    document: PlanDocument.parse(row.content),
    madeAt: instant(row.createdAt),
    commentsUnused: comments.filter((at) => at <= row.createdAt).length,
    forecast: forecast ?? undefined,
  }));
}

export async function loadTriage(sql: Sql, id: DeliveryId): Promise<TriageDocument | null> {
  const [row] = await sql
    .select({ content: artifacts.content })
    .from(artifacts)
    .where(and(eq(artifacts.deliveryId, id), eq(artifacts.kind, "decision")))
    .orderBy(desc(artifacts.version))
    .limit(1);
  return row === undefined ? null : TriageDocument.parse(row.content);
}

type Row = Readonly<{ repoId: number; version: number; digest: Digest }>;

/** `isShown`: now, or ever put to people; `wasSeen`: has stood on the thread. */
export type Showing = Readonly<{ isShown: (row: Row) => boolean; wasSeen: (row: Row) => boolean }>;

/** Each is proved by its digest: what is shown is what would be written. */
export async function loadPatchSets(
  sql: Sql,
  id: DeliveryId,
  comments: readonly Date[],
  { isShown, wasSeen }: Showing,
): Promise<readonly PatchSetView[]> {
  const rows = await sql
    .select({
      id: patchSets.id,
      repoId: patchSets.repoId,
      version: patchSets.version,
      digest: patchSets.digest,
      visibilities: patchSets.visibilities,
      artifactId: patchSets.artifactId,
    })
    .from(patchSets)
    .where(eq(patchSets.deliveryId, id))
    .orderBy(asc(patchSets.repoId), asc(patchSets.version));
  const reports = await loadReports(sql, id);
  const written = await loadWritten(sql, id);
  const views: PatchSetView[] = [];
  const lastSeen = new Map<number, LoadedPatchSet>();
  for (const row of rows) {
    if (!isShown(row)) continue;
    const loaded = await loadPatchSet(sql, PatchSetId.parse(row.id));
    if (!loaded.ok) throw new Error(`patch set ${row.id}: ${loaded.error.code}, ${loaded.error.note}`);
    const { content, diffs, createdAt, digest, version } = loaded.value;
    const { changes, ...text } = content;
    const planned = await plannedBefore(sql, id, new Date(createdAt));
    views.push({
      id: loaded.value.id,
      repoId: content.repoId,
      version,
      digest,
      madeAt: createdAt,
      commentsUnused: comments.filter((at) => at > planned && at <= new Date(createdAt)).length,
      text,
      files: changes.map(({ before: _before, after: _after, ...file }, at) => ({ ...file, diff: diffs[at] ?? "" })),
      violations: await violationsOf(sql, eq(policyViolations.patchSetId, row.id)),
      judged: judgementOf(reports, row.artifactId),
      written: written.has(row.id),
      since: sinceOf(lastSeen.get(row.repoId), loaded.value),
      visibilities: Visibilities.parse(row.visibilities),
    });
    if (wasSeen(row)) lastSeen.set(row.repoId, loaded.value);
  }
  return views;
}

async function loadWritten(sql: Sql, id: DeliveryId): Promise<ReadonlySet<number>> {
  const rows = await sql
    .select({ patchSetId: writes.subjectId })
    .from(writes)
    .where(and(eq(writes.deliveryId, id), eq(writes.subjectKind, "patchset"), isNotNull(writes.finishedAt)));
  return new Set(rows.map(({ patchSetId }) => patchSetId));
}

/** Oldest first; each names the edits that it speaks of. */
const judgementOf = (reports: readonly QaReport[], artifactId: number | null): Judgement | null => {
  const report = reports.findLast(({ edits }) => edits === artifactId);
  return report === undefined ? null : { verdicts: report.verdicts, unseen: report.unseen };
};

async function loadReports(sql: Sql, id: DeliveryId): Promise<readonly QaReport[]> {
  const rows = await sql
    .select({ content: artifacts.content })
    .from(artifacts)
    .where(and(eq(artifacts.deliveryId, id), eq(artifacts.kind, "qa_report")))
    .orderBy(asc(artifacts.version));
  return rows.map(({ content }) => QaReport.parse(content));
}

const sinceOf = (before: LoadedPatchSet | undefined, now: LoadedPatchSet): SinceView | null =>
  before === undefined
    ? null
    : { version: before.version, baseSha: before.content.baseSha, delta: deltaBetween(before.content, now.content) };

/** When the newest plan before a moment was made. */
async function plannedBefore(sql: Sql, id: DeliveryId, before: Date): Promise<Date> {
  const [row] = await sql
    .select({ at: artifacts.createdAt })
    .from(artifacts)
    .where(and(eq(artifacts.deliveryId, id), eq(artifacts.kind, "plan"), lte(artifacts.createdAt, before)))
    .orderBy(desc(artifacts.createdAt))
    .limit(1);
  return row?.at ?? new Date(0);
}

async function violationsOf(sql: Sql, where: ReturnType<typeof eq> | undefined): Promise<readonly PolicyViolation[]> {
  const { rule, severity, path, line, message } = policyViolations;
  const rows = await sql
    .select({ rule, severity, path, line, message })
    .from(policyViolations)
    .where(where)
    .orderBy(asc(policyViolations.id));
  return PolicyViolation.array().parse(rows);
}

/** Where several repositories take part, each path is named with its own. */
export async function loadBlocks(sql: Sql, id: DeliveryId, state: Delivery): Promise<readonly PolicyViolation[]> {
  if (state.reason !== "policy") return [];
  const [last] = await sql
    .select({ attempt: policyViolations.attempt })
    .from(policyViolations)
    .where(eq(policyViolations.deliveryId, id))
    .orderBy(desc(policyViolations.attempt))
    .limit(1);
  if (last === undefined) return [];
  const { rule, severity, path, line, message } = policyViolations;
  const rows = await sql
    .select({ rule, severity, path, line, message, owner: deliveryRepos.owner, name: deliveryRepos.name })
    .from(policyViolations)
    .leftJoin(
      deliveryRepos,
      and(eq(deliveryRepos.deliveryId, policyViolations.deliveryId), eq(deliveryRepos.repoId, policyViolations.repoId)),
    )
    .where(and(eq(policyViolations.deliveryId, id), eq(policyViolations.attempt, last.attempt)))
    .orderBy(asc(policyViolations.id));
  const placed = rows.map(({ owner, name, ...row }) => {
    if (state.targets.length < 2 || owner === null) return row;
    return { ...row, path: row.path === null ? `${owner}/${name}` : `${owner}/${name}: ${row.path}` };
  });
  return PolicyViolation.array()
    .parse(placed)
    .toSorted((a, b) => Number(a.severity === "warn") - Number(b.severity === "warn"));
}

/** Null while nobody has been asked for one. */
export async function loadSummary(sql: Sql, id: DeliveryId): Promise<Summary | null> {
  const [row] = await sql
    .select({ content: artifacts.content })
    .from(artifacts)
    .where(and(eq(artifacts.deliveryId, id), eq(artifacts.kind, "summary")))
    .orderBy(desc(artifacts.version))
    .limit(1);
  return row === undefined ? null : Summary.parse(row.content);
}
