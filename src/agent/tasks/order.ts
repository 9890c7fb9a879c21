// In which order the tasks of a plan are carried out: none before those that it stands on. Pure.
import type { PlanTask } from "../../artifacts/plan.ts";

type Task = Pick<PlanTask, "id" | "repository" | "dependsOn">;

export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * A topological order. Of the tasks that could be next, one of the same repository comes before others, so that a repository is done
 * before the next is begun wherever the graph lets it; then the plan's own order. The same tasks give the same order. What
 * goes round in a circle, which G1 refuses, comes last.
 */
export const inOrder = <T extends Task>(tasks: readonly T[]): readonly T[] => {
  const ordered: T[] = [];
  const left = [...tasks];
  while (left.length > 0) {
    const waiting = new Set(left.map(({ id }) => id));
    const ready = left.filter(({ dependsOn }) => !dependsOn.some((id) => waiting.has(id)));
    const here = ordered.at(-1)?.repository;
    const next =
      ready.find(({ repository }) => here !== undefined && sameName(repository, here)) ?? ready[0] ?? left[0];
    if (next === undefined) break;
    ordered.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return ordered;
};

/** The ids of all that stand on one of these, directly or by others; none of `ids` itself unless it stands on another. */
export const standingOn = (tasks: readonly Task[], ids: Iterable<string>): ReadonlySet<string> => {
  const found = new Set<string>();
  const under = new Set(ids);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { id, dependsOn } of tasks) {
      if (found.has(id) || !dependsOn.some((on) => under.has(on) || found.has(on))) continue;
      found.add(id);
      grown = true;
    }
  }
  return found;
};
