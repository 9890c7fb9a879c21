// What is proposed in the other repositories of a delivery, for whoever works in the next one: so that both fit together.
import { and, asc, eq, isNotNull } from "drizzle-orm";
import type { ProposedElsewhere } from "../context/packet.ts";
import { shownFile } from "../context/shown-text.ts";
import { type Shown, together } from "../context/withheld.ts";
import type { Sql } from "../db/database.ts";
import { writes } from "../db/schema.ts";
import { type DeliveryId, PatchSetId } from "../ids.ts";
import { renderDiff } from "../patches/diff.ts";
import { loadPatchSet } from "../patches/store.ts";
import { isMoreVisible } from "../visibility.ts";
import type { Assignment, TakingPart } from "./assignment.ts";
import type { Made } from "./make-patch-set.ts";

/** Characters of diffs, over all other repositories: whole files, as long as they fit. */
const MOST_CHARACTERS = 24_000;
/** Of the repository's own, for who judges or mends them. What people can be shown is not much longer. */
const MOST_CHARACTERS_HERE = 120_000;

/** What a repository would change, as far as that is known by now. */
export type Proposed = Pick<Made, "repo" | "changes">;

type Diffs = Readonly<{ repo: TakingPart; diffs: readonly string[] }>;

/** Those that stand from before, and those that were made in this run; of one that is made anew, the new one. */
async function diffsOf(
  sql: Sql,
  { delivery, repos }: Assignment,
  made: readonly Proposed[],
): Promise<readonly Diffs[]> {
  const found: Diffs[] = [];
  for (const repo of repos) {
    const fresh = made.find((one) => one.repo.repoId === repo.repoId);
    const standing = delivery.targets.find(({ repoId }) => repoId === repo.repoId)?.patchSet ?? null;
    if (fresh !== undefined) found.push({ repo, diffs: fresh.changes.map(renderDiff) });
    else if (standing !== null) {
      const stored = await loadPatchSet(sql, standing.id);
      if (stored.ok) found.push({ repo, diffs: stored.value.diffs });
    }
  }
  return found;
}

/** What is proposed in one repository, as it may be shown, as far as it finds room. */
async function shownDiffs(repo: TakingPart, diffs: readonly string[], room: number): Promise<ProposedElsewhere> {
  const kept: Shown[] = [];
  let left = room;
  for (const diff of diffs) {
    const shown = await shownFile(diff);
    if (shown.text.length > left) continue;
    left -= shown.text.length;
    kept.push(shown);
  }
  return {
    repoId: repo.repoId,
    name: repo.name,
    diffs: kept.map(({ text }) => text),
    leftOut: diffs.length - kept.length,
    withheld: together(kept.map(({ withheld }) => withheld)),
  };
}

/** What a repository would change itself. */
export const proposedHere = ({ repo, changes }: Proposed): Promise<ProposedElsewhere> =>
  shownDiffs(repo, changes.map(renderDiff), MOST_CHARACTERS_HERE);

/** What this delivery has written to a repository already, in the order of the commits. */
export async function standingHere(sql: Sql, id: DeliveryId, repo: TakingPart): Promise<ProposedElsewhere | null> {
  const rows = await sql
    .select({ patchSetId: writes.patchSetId })
    .from(writes)
    .where(and(eq(writes.deliveryId, id), eq(writes.repoId, repo.repoId), isNotNull(writes.branchAt)))
    .orderBy(asc(writes.intendedAt), asc(writes.patchSetId));
  const diffs: string[] = [];
  for (const { patchSetId } of rows) {
    const stored = patchSetId === null ? null : await loadPatchSet(sql, PatchSetId.parse(patchSetId));
    if (stored?.ok === true) diffs.push(...stored.value.diffs);
  }
  return diffs.length === 0 ? null : shownDiffs(repo, diffs, MOST_CHARACTERS_HERE);
}

/** Nothing of a repository that fewer people see: its text could come back in what is proposed here. */
export async function proposedElsewhere(
  sql: Sql,
  assignment: Assignment,
  repo: TakingPart,
  made: readonly Proposed[],
  /** Of whom: of all repositories, for who tells of the whole. */
  of: "others" | "all" = "others",
): Promise<readonly ProposedElsewhere[]> {
  let room = MOST_CHARACTERS;
  const elsewhere: ProposedElsewhere[] = [];
  for (const other of await diffsOf(sql, assignment, made)) {
    if ((of === "others" && other.repo.repoId === repo.repoId) || isMoreVisible(repo.visibility, other.repo.visibility))
      continue;
    const shown = await shownDiffs(other.repo, other.diffs, room);
    room -= shown.diffs.reduce((sum, { length }) => sum + length, 0);
    elsewhere.push(shown);
  }
  return elsewhere;
}
