// Finds, repository by repository, what is still to be undone, and says it in one order with what stands already.
import type { Assignment, TakingPart } from "../agent/assignment.ts";
import type { Target } from "../delivery/delivery.ts";
import type { GitHub } from "../github/github.ts";
import { err, ok, type Result } from "../result.ts";
import type { MergedTarget, Undoing } from "./load.ts";
import { RevertOrder } from "./order.ts";
import { type ReadUndo, readUndo, type UndoDeps } from "./read.ts";

export type Found = Readonly<{ repo: TakingPart; target: MergedTarget; read: ReadUndo }>;

export type FindDeps = UndoDeps & Readonly<{ github: Pick<GitHub, "reading"> }>;

/** What was made and is shown, approved or written keeps its place: computed again it would be another commit of the same. */
const isToMake = ({ patchSet, written, landed }: Target): boolean =>
  patchSet === null && written === null && landed === "no";

/** Those of the parent's merges for which something is to be made now, the last that was merged first. */
export const toMake = ({ delivery }: Pick<Assignment, "delivery">, { merged }: Undoing): readonly MergedTarget[] =>
  merged.filter(({ repoId }) => delivery.targets.some((target) => target.repoId === repoId && isToMake(target)));

/** The error is a sentence for people. Throws GitHubError. */
export async function find(
  deps: FindDeps,
  { repos }: Assignment,
  { parent }: Undoing,
  targets: readonly MergedTarget[],
  signal: AbortSignal,
): Promise<Result<readonly Found[], string>> {
  const found: Found[] = [];
  for (const target of targets) {
    const repo = repos.find(({ repoId }) => repoId === target.repoId);
    if (repo === undefined) return err(`repository ${target.repoId} takes no part any more`);
    const { baseBranch, name, installationId, repoId } = repo;
    const reading = await deps.github.reading(installationId, [repoId], signal);
    const read = await readUndo(deps, reading, { parent, target, written: target.written, baseBranch });
    if (!read.ok) return err(`${name}: ${read.error}.`);
    found.push({ repo, target, read: read.value });
  }
  return ok(found);
}

const entryOf = ({ repo, target, read }: Found) => ({
  repoId: repo.repoId,
  name: repo.name,
  pullRequest: target.written.pullRequest,
  merge: read.merge,
  before: read.before,
  onto: read.onto,
  undone: read.undone.map(({ path }) => path),
  asBefore: read.asBefore,
  conflicts: read.conflicts,
});

/** What stands is told as it was found when it was made: `earlier`. */
export const orderOf = (
  { parent, merged }: Undoing,
  found: readonly Found[],
  earlier: RevertOrder | null,
): RevertOrder =>
  RevertOrder.parse({
    undoes: parent,
    repositories: merged.flatMap(({ repoId }) => {
      const now = found.find(({ repo }) => repo.repoId === repoId);
      const before = earlier?.repositories.find((each) => each.repoId === repoId);
      return now !== undefined ? [entryOf(now)] : before !== undefined ? [before] : [];
    }),
  });
