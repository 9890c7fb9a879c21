// Stores what was proposed, judges it by G2, and says which event that is: all repositories together, in one transaction.
import { and, desc, eq } from "drizzle-orm";
import type { PlanDocument } from "../artifacts/plan.ts";
import { unmet } from "../artifacts/qa-report.ts";
import type { Tx } from "../db/database.ts";
import { patchSets, policyViolations } from "../db/schema.ts";
import type { MachineEvent } from "../delivery/event.ts";
import { g2 } from "../delivery/gates/g2.ts";
import { recordGate } from "../delivery/record-gate.ts";
import { type DeliveryId, PatchSetId } from "../ids.ts";
import { instant } from "../instant.ts";
import { digestOf } from "../ledger/canonical.ts";
import { patchSetDigest } from "../patches/digest.ts";
import type { PatchSetContent } from "../patches/patch-set.ts";
import { type SavedPatchSet, savePatchSet } from "../patches/store.ts";
import { mustQuoteCode } from "../policy/rules.ts";
import type { Visibilities } from "../visibility.ts";
import type { Assignment } from "./assignment.ts";
import type { Made } from "./make-patch-set.ts";

export type Proposals = Readonly<{ assignment: Assignment; plan: PlanDocument; made: readonly Made[]; at: Date }>;

type Outcome = Extract<MachineEvent, { type: "patches_made" | "policy_blocked" | "model_unusable" | "qa_failed" }>;

/** Who sees each repository, as the words of the patch sets were chosen for. */
const visibilitiesOf = ({ repos }: Assignment): Visibilities =>
  Object.fromEntries(repos.map(({ repoId, visibility }) => [String(repoId), visibility]));

/** A patch set that came out as the newest one, for the same readers, is that one: what people approved of it stays. */
async function sameAsNewest(
  tx: Tx,
  id: DeliveryId,
  content: PatchSetContent,
  visibilities: Visibilities,
): Promise<SavedPatchSet | null> {
  const [newest] = await tx.sql
    .select({
      id: patchSets.id,
      version: patchSets.version,
      digest: patchSets.digest,
      visibilities: patchSets.visibilities,
    })
    .from(patchSets)
    .where(and(eq(patchSets.deliveryId, id), eq(patchSets.repoId, content.repoId)))
    .orderBy(desc(patchSets.version))
    .limit(1);
  if (newest === undefined || newest.digest !== patchSetDigest(content)) return null;
  if (digestOf(newest.visibilities) !== digestOf(visibilities)) return null;
  return { id: PatchSetId.parse(newest.id), version: newest.version, digest: newest.digest };
}

/** What a maker of patch sets brings for one repository: nobody is asked to have planned it. */
export type Kept = Pick<Made, "content" | "artifactId" | "violations" | "repo">;

/** Null where there is nothing that people may see. */
export async function keepOne(
  tx: Tx,
  { assignment, at }: Pick<Proposals, "assignment" | "at">,
  made: Kept,
): Promise<SavedPatchSet | null> {
  const { delivery, traceId } = assignment;
  const { content, artifactId, violations } = made;
  const visibilities = visibilitiesOf(assignment);
  const same = content === null ? null : await sameAsNewest(tx, delivery.id, content, visibilities);
  const saved =
    content === null || same !== null
      ? same
      : await savePatchSet(tx, {
          deliveryId: delivery.id,
          content,
          artifactId,
          visibilities,
          at: instant(at),
          actor: { kind: "system", id: "agent" },
          traceId,
        });
  if (violations.length > 0 && same === null) {
    const { repoId } = made.repo;
    const common = { deliveryId: delivery.id, patchSetId: saved?.id ?? null, repoId, attempt: delivery.attempt };
    await tx.sql.insert(policyViolations).values(violations.map((violation) => ({ ...common, ...violation })));
  }
  return saved;
}

export const firstBlock = (made: readonly Pick<Made, "repo" | "violations">[]): string => {
  const [block] = made.flatMap(({ repo, violations }) =>
    violations.filter(({ severity }) => severity === "block").map((violation) => ({ repo, ...violation })),
  );
  if (block === undefined) return "";
  const place = made.length > 1 ? `${block.repo.name}: ` : "";
  return `${place}${block.rule}: ${block.message}`.slice(0, 1_500);
};

const allUnmet = (made: readonly Made[]): string =>
  made
    .flatMap(({ repo, report }) =>
      unmet(report ?? { verdicts: [] }).map(({ criterion, because }) => {
        const place = made.length > 1 ? ` in ${repo.name}` : "";
        return `${criterion}${place} is not met: ${because}`;
      }),
    )
    .join(" ")
    .slice(0, 1_500);

/** Stores rows and verdict; the caller reports the event in the same transaction. */
export async function keepProposals(tx: Tx, proposals: Proposals): Promise<Outcome> {
  const { assignment, plan, made, at } = proposals;
  const { delivery, traceId } = assignment;
  const { id: deliveryId, attempt } = delivery;
  const kept: { made: Made; saved: SavedPatchSet | null }[] = [];
  for (const each of made) kept.push({ made: each, saved: await keepOne(tx, proposals, each) });

  const judged = g2({
    tasks: plan.tasks,
    wanted: made.map(({ repo }) => repo.name),
    proposed: made.map(({ repo, changes }) => ({ repository: repo.name, changes })),
    violations: made.flatMap(({ violations }) => violations),
    reports: made.flatMap(({ repo, report }) =>
      report === null ? [] : [{ repository: repo.name, verdicts: report.verdicts }],
    ),
  });
  await recordGate(tx, { deliveryId, traceId, attempt, at }, judged);
  switch (judged.verdict) {
    case "policy_block":
      return { type: "policy_blocked", attempt, note: firstBlock(made) };
    case "unsound":
      return { type: "model_unusable", attempt, note: judged.evidence.problems.join(" ").slice(0, 1_500) };
    case "qa_failed":
      return { type: "qa_failed", attempt, note: allUnmet(made) };
    case "sound":
      return {
        type: "patches_made",
        attempt,
        patchSets: kept.flatMap(({ made: { repo, violations, owned }, saved }) => {
          if (saved === null) return [];
          const { id, version, digest } = saved;
          const quote = mustQuoteCode(violations) ? ({ quote: true } as const) : {};
          return [
            {
              repoId: repo.repoId,
              id,
              version,
              digest,
              ...quote,
              ...(owned.length === 0 ? {} : { owned: [...owned] }),
            },
          ];
        }),
      };
  }
}
