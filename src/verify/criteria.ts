// Which criteria of the approved plan what was seen proves, and which of the others people accepted. Reads the database alone.
import { and, desc, eq } from "drizzle-orm";
import { z } from "zod";
import { PlanDocument } from "../artifacts/plan.ts";
import type { Sql } from "../db/database.ts";
import { artifacts, gates } from "../db/schema.ts";
import { acceptancesOf } from "../delivery/acceptances.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { MachineEvent } from "../delivery/event.ts";
import { type Bound, bindCriteria, type ChangedFile, type KnownCheck } from "../delivery/gates/criteria.ts";
import { RepoId } from "../ids.ts";
import { loadPatchSet } from "../patches/store.ts";
import type { Seen } from "./look.ts";

export type Proven = Readonly<{
  bound: readonly Bound[];
  /** Without evidence, and accepted by nobody since the content was written. */
  unproven: readonly string[];
}>;

export async function proveCriteria(sql: Sql, delivery: Delivery, seen: readonly Seen[]): Promise<Proven> {
  const plan = await approvedPlan(sql, delivery);
  if (plan === null) return { bound: [], unproven: [] };
  const bound = bindCriteria({
    criteria: plan.criteria,
    checks: [...seen.flatMap(checksOf), ...(await checksBefore(sql, delivery, seen))],
    files: await changedFiles(sql, delivery),
  });
  const accepted = (await acceptancesOf(sql, delivery.id)).map(({ criterion }) => criterion);
  const open = bound.filter(({ id, proof }) => proof === null && !accepted.includes(id));
  return { bound, unproven: open.map(({ id }) => id) };
}

/** The event with what is not proven, where it says that all is green. */
export const withUnproven = <E extends MachineEvent>(event: E, unproven: readonly string[]): E =>
  unproven.length > 0 && (event.type === "checks_green" || event.type === "pull_merged")
    ? { ...event, unproven: [...unproven] }
    : event;

/** A rollback has no plan, and so no criteria of its own. */
async function approvedPlan(sql: Sql, { id, plan }: Delivery): Promise<PlanDocument | null> {
  if (plan === null) return null;
  const [row] = await sql
    .select({ content: artifacts.content })
    .from(artifacts)
    .where(and(eq(artifacts.deliveryId, id), eq(artifacts.kind, "plan"), eq(artifacts.hash, plan.digest)));
  return row === undefined ? null : PlanDocument.parse(row.content);
}

const checksOf = ({ pull, judged, reports }: Seen): readonly KnownCheck[] => {
  const { counted, notCounted } = judged.evidence;
  const known = (counts: boolean) => (check: (typeof counted)[number]) => ({
    repoId: pull.repoId,
    name: check.name,
    meaning: check.meaning,
    url: check.url,
    counts,
    status: check.source === "status",
    report: reports.find(({ name }) => name === check.name)?.words ?? "",
  });
  return [...counted.map(known(true)), ...notCounted.map(known(false))];
};

const Kept = z.object({
  pulls: z.array(
    z.object({
      repoId: RepoId,
      counted: z.array(
        z.object({
          name: z.string(),
          meaning: z.enum(["passed", "no_opinion", "failed", "waiting", "held"]),
          url: z.string().nullable(),
        }),
      ),
    }),
  ),
});

/** Of repositories that people merged already and nobody looks at any more: what was seen of them last. */
async function checksBefore(sql: Sql, delivery: Delivery, seen: readonly Seen[]): Promise<readonly KnownCheck[]> {
  const missing = delivery.targets
    .filter(({ written, repoId }) => written !== null && !seen.some(({ pull }) => pull.repoId === repoId))
    .map(({ repoId }) => repoId);
  if (missing.length === 0) return [];
  const rows = await sql
    .select({ evidence: gates.evidence })
    .from(gates)
    .where(and(eq(gates.deliveryId, delivery.id), eq(gates.gate, "G4")))
    .orderBy(desc(gates.id));
  const pulls = rows.flatMap(({ evidence }) => Kept.safeParse(evidence).data?.pulls ?? []);
  return missing.flatMap((repoId) => {
    const last = pulls.find((pull) => pull.repoId === repoId);
    return (last?.counted ?? []).map((check) => ({ ...check, repoId, counts: true, status: false, report: "" }));
  });
}

/** What was approved and written, file by file, with the first line that changes. */
async function changedFiles(sql: Sql, { targets }: Delivery): Promise<readonly ChangedFile[]> {
  const files: ChangedFile[] = [];
  for (const { patchSet, repoId } of targets) {
    if (patchSet === null) continue;
    const loaded = await loadPatchSet(sql, patchSet.id);
    if (!loaded.ok) throw new Error(`patch set ${patchSet.id}: ${loaded.error.code}, ${loaded.error.note}`);
    const { content, diffs } = loaded.value;
    for (const [at, { kind, path }] of content.changes.entries()) {
      if (kind !== "delete") files.push({ repoId, path, line: firstLine(diffs[at] ?? "") });
    }
  }
  return files;
}

/** Of the new side of the first hunk. */
const firstLine = (diff: string): number => Math.max(1, Number(/^@@ -\S+ \+(\d+)/m.exec(diff)?.[1] ?? 1));
