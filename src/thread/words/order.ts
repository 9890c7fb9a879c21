// Which repository needs which, by the tasks of the plan: in what order their pull requests are to be merged.
import type { PlanDocument } from "../../artifacts/plan.ts";

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

type Tasks = Pick<PlanDocument, "tasks">;

export const hasTasks = ({ tasks }: Tasks, name: string): boolean =>
  tasks.some(({ repository }) => same(repository, name));

const directly = ({ tasks }: Tasks, name: string): readonly string[] => {
  const wanted = new Set(
    tasks.filter(({ repository }) => same(repository, name)).flatMap(({ dependsOn }) => dependsOn),
  );
  return tasks.filter(({ id, repository }) => wanted.has(id) && !same(repository, name)).map((task) => task.repository);
};

/** Lower-case names of all repositories whose tasks those of this one stand on, directly or by others. */
const neededBy = (plan: Tasks, name: string): ReadonlySet<string> => {
  const found = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const other of directly(plan, next)) {
      if (found.has(other.toLowerCase())) continue;
      found.add(other.toLowerCase());
      open.push(other);
    }
  }
  return found;
};

export type Order = Readonly<{
  /** To be merged before this one. */
  after: readonly string[];
  /** To be merged after it. */
  before: readonly string[];
  /** Each needs the other. */
  together: readonly string[];
}>;

/** How the repository `name` stands to each of `others`. */
export const orderOf = (plan: Tasks, name: string, others: readonly string[]): Order => {
  const needs = neededBy(plan, name);
  const relation = (other: string) => ({
    other,
    needs: needs.has(other.toLowerCase()),
    isNeeded: neededBy(plan, other).has(name.toLowerCase()),
  });
  const all = others.filter((other) => !same(other, name)).map(relation);
  const pick = (needed: boolean, isNeeded: boolean) =>
    all.filter((one) => one.needs === needed && one.isNeeded === isNeeded).map(({ other }) => other);
  return { after: pick(true, false), before: pick(false, true), together: pick(true, true) };
};
