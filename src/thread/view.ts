// Loads everything that the thread shows of a delivery, as one plain value. Reads the database and nothing else.
import { and, asc, eq, isNotNull } from "drizzle-orm";
import { newestAnalysis } from "../agent/kept-analysis.ts";
import type { Sql } from "../db/database.ts";
import { deliveries, deliveryRepos, publications, writes } from "../db/schema.ts";
import { type Delivery, RepoRole } from "../delivery/delivery.ts";
import { loadDelivery, newestSnapshot } from "../delivery/store.ts";
import {
  type DeliveryId,
  type Digest,
  deliveryName,
  InstallationId,
  IssueNumber,
  PullNumber,
  RepoId,
  UserId,
} from "../ids.ts";
import { instant } from "../instant.ts";
import { verdictsOf } from "../provenance/store.ts";
import { Visibility } from "../visibility.ts";
import type { DeliveryView, PublishedView, RepositoryView } from "./delivery-view.ts";
import { patchKey, planKey } from "./key.ts";
import { loadBudget } from "./load-budget.ts";
import { loadChecks, loadOdds } from "./load-checks.ts";
import { loadUnusedComments } from "./load-comments.ts";
import { loadCriteria } from "./load-criteria.ts";
import { loadFacts } from "./load-facts.ts";
import {
  enteredAt,
  headAt,
  headOf,
  loadApprovals,
  loadDecisions,
  loadRuns,
  loadStays,
  writtenAt,
} from "./load-history.ts";
import { loadMissed } from "./load-missed.ts";
import { loadBlocks, loadPatchSets, loadPlans, loadSummary, loadTriage } from "./load-proposals.ts";
import { loadRollback } from "./load-rollback.ts";
import { settingsOf } from "./load-settings.ts";
import { loadShipping } from "./load-shipping.ts";
import { loadWithheld } from "./load-withheld.ts";

/** What is not known to be public is treated as private. */
const Visible = Visibility.catch("private");

/** Null when there is no such delivery. Throws when what is stored is not what was approved or shown. */
export async function loadView(sql: Sql, id: DeliveryId): Promise<DeliveryView | null> {
  const stored = await loadDelivery({ sql }, id);
  const [row] = await sql.select().from(deliveries).where(eq(deliveries.id, id));
  if (stored === null || row === undefined) return null;
  const { delivery: state } = stored;
  const repositories = await loadRepositories(sql, id);
  const home = repositories.find(({ repoId }) => repoId === row.repoId);
  if (home === undefined) throw new Error(`${deliveryName(id)} lacks the repository of its issue`);
  const published = await loadPublished(sql, id);
  const issue = { repoId: RepoId.parse(row.repoId), number: IssueNumber.parse(row.issueNumber) };
  const unused = await loadUnusedComments(sql, {
    deliveryId: id,
    repoId: issue.repoId,
    issue: issue.number,
    after: row.createdAt,
  });
  const made = await loadPlans(sql, id, unused);
  const changedAt = instant(row.changedAt);
  const snapshot = await newestSnapshot(sql, id);
  const { facts, holds } = await loadFacts(sql, state, changedAt);
  const shown = shownDigests(state);
  const wasSeen = ({ repoId, version }: Readonly<{ repoId: number; version: number }>): boolean => {
    const name = repositories.find((one) => one.repoId === repoId)?.name ?? "";
    return isPublished(published, patchKey(name, { version }));
  };
  return {
    id,
    state,
    ...(await loadRollback(sql, state)),
    issue: { ...issue, repository: home.name, title: row.issueTitle, visibility: home.visibility },
    requester: row.requesterLogin,
    requesterId: UserId.parse(row.requesterId),
    traceId: row.traceId,
    createdAt: instant(row.createdAt),
    endedAt: row.endedAt === null ? null : instant(row.endedAt),
    deadlineAt: row.deadlineAt === null ? null : instant(row.deadlineAt),
    remindedAt: row.remindedAt === null ? null : instant(row.remindedAt),
    budget: await loadBudget(sql, id, snapshot),
    settings: settingsOf(snapshot, home.name.split("/")[0] ?? ""),
    repositories,
    triage: await loadTriage(sql, id),
    summary: await loadSummary(sql, id),
    plans: made.filter((plan) => shown.has(plan.digest) || isPublished(published, planKey(plan))),
    newestPlan: made.at(-1)?.document ?? null,
    patchSets: await loadPatchSets(sql, id, unused, {
      isShown: (row) => shown.has(row.digest) || wasSeen(row),
      wasSeen,
    }),
    blockedBy: await loadBlocks(sql, id, state),
    checks: await loadChecks(sql, state),
    ...(await loadOdds(sql, id)),
    criteria: await loadCriteria(sql, state),
    analysis: (await newestAnalysis(sql, id)) ?? undefined,
    provenance: await verdictsOf(sql, id),
    ...(await loadShipping(sql, state)),
    approvals: await loadApprovals(sql, id),
    decisions: await loadDecisions(sql, id),
    stays: await loadStays(sql, id),
    runs: await loadRuns(sql, id),
    holds,
    facts: { ...facts, ...(await loadMissed(sql, id, row.createdAt)) },
    withheld: await loadWithheld(sql, id),
    ledger: await headOf(sql, id),
    ledgerAtWrite: await headAt(sql, id, await writtenAt(sql, id)),
    ledgerAtEnd: await headAt(sql, id, state.phase === "close" ? await enteredAt(sql, id) : row.endedAt),
    published,
  };
}

/** Digests that are, or ever were, put to people; what policy stopped before is not among them. */
const shownDigests = ({ plan, targets, retired }: Delivery): ReadonlySet<Digest> =>
  new Set([
    ...(plan === null ? [] : [plan.digest]),
    ...targets.flatMap(({ patchSet }) => (patchSet === null ? [] : [patchSet.digest])),
    ...retired.map(({ digest }) => digest),
  ]);

const isPublished = (published: readonly PublishedView[], key: string): boolean =>
  published.some((one) => one.key === key);

async function loadRepositories(sql: Sql, id: DeliveryId): Promise<readonly RepositoryView[]> {
  const rows = await sql
    .select()
    .from(deliveryRepos)
    .where(eq(deliveryRepos.deliveryId, id))
    .orderBy(asc(deliveryRepos.position), asc(deliveryRepos.repoId));
  const pushed = await loadPushed(sql, id);
  return rows.map((row) => {
    const visibility = Visible.parse(row.visibility);
    return {
      repoId: RepoId.parse(row.repoId),
      installationId: InstallationId.parse(row.installationId),
      name: `${row.owner}/${row.name}`,
      visibility,
      role: RepoRole.parse(row.role),
      baseBranch: row.baseBranch,
      baseSha: row.baseSha,
      pullRequest: row.pullNumber === null ? null : PullNumber.parse(row.pullNumber),
      branch: pushed.get(row.repoId) ?? null,
    };
  });
}

/** By the receipts of the WriteGate: from the commit on, a push may have been done that nobody lived to note. */
async function loadPushed(sql: Sql, id: DeliveryId): Promise<ReadonlyMap<number, RepositoryView["branch"]>> {
  const rows = await sql
    .select({ repoId: writes.repoId, name: writes.branch, branchAt: writes.branchAt })
    .from(writes)
    .where(and(eq(writes.deliveryId, id), eq(writes.subjectKind, "patchset"), isNotNull(writes.commitSha)));
  const pushed = new Map<number, RepositoryView["branch"]>();
  for (const { repoId, name, branchAt } of rows) {
    if (pushed.get(repoId)?.stands !== "yes")
      pushed.set(repoId, { name, stands: branchAt === null ? "perhaps" : "yes" });
  }
  return pushed;
}

async function loadPublished(sql: Sql, id: DeliveryId): Promise<readonly PublishedView[]> {
  return sql
    .select({ key: publications.key, id: publications.remoteId, url: publications.url })
    .from(publications)
    .where(eq(publications.deliveryId, id))
    .orderBy(asc(publications.key));
}
