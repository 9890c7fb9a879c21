// How far a job has come with the tasks of a plan, and what is next: to ask for a task, to join a repository, or nothing. Pure.
import type { PlanTask } from "../../artifacts/plan.ts";
import { sameName, standingOn } from "./order.ts";

type Task = Pick<PlanTask, "id" | "repository" | "dependsOn">;

/** Tasks with edits, and repositories whose edits are joined and judged. Values are immutable: each step gives a new one. */
export type Course = Readonly<{
  /** In the order in which they are carried out. */
  tasks: readonly Task[];
  done: ReadonlySet<string>;
  /** Names of repositories. */
  joined: ReadonlySet<string>;
  /** Asked anew in this job, so that whoever stands on them is too. */
  renewed: ReadonlySet<string>;
  /** How often the edits of a repository's tasks did not fit together, by its name. */
  misfits: ReadonlyMap<string, number>;
}>;

export type Next =
  | Readonly<{ kind: "ask"; id: string }>
  | Readonly<{ kind: "join"; repository: string }>
  | Readonly<{ kind: "end" }>;

export const begin = (tasks: readonly Task[]): Course => ({
  tasks,
  done: new Set(),
  joined: new Set(),
  renewed: new Set(),
  misfits: new Map(),
});

const repositoriesOf = ({ tasks }: Pick<Course, "tasks">): readonly string[] =>
  tasks
    .map(({ repository }) => repository)
    .filter((name, at, all) => all.findIndex((one) => sameName(one, name)) === at);

/** A repository is joined as soon as it can be: what then goes back goes back before others build on it. */
export const next = (course: Course): Next => {
  const { tasks, done, joined } = course;
  const whole = repositoriesOf(course).find(
    (name) => !joined.has(name) && tasks.every(({ id, repository }) => done.has(id) || !sameName(repository, name)),
  );
  if (whole !== undefined) return { kind: "join", repository: whole };
  const open = tasks.find(({ id }) => !done.has(id));
  return open === undefined ? { kind: "end" } : { kind: "ask", id: open.id };
};

/** `renewed`: its edits are others than those that were known before this job, or before it was sent back. */
export const finished = (course: Course, id: string, renewed: boolean): Course => ({
  ...course,
  done: new Set([...course.done, id]),
  renewed: renewed ? new Set([...course.renewed, id]) : course.renewed,
});

export const joinedNow = (course: Course, repository: string): Course => ({
  ...course,
  joined: new Set([...course.joined, repository]),
});

/** These are asked for again, and with them all that stand on them: they are to see the new edits. */
export const sentBack = (course: Course, ids: readonly string[]): Course => {
  const open = new Set([...ids, ...standingOn(course.tasks, ids)]);
  const again = course.tasks.filter(({ id }) => open.has(id));
  const kept = (name: string): boolean => !again.some(({ repository }) => sameName(repository, name));
  return {
    ...course,
    done: new Set([...course.done].filter((id) => !open.has(id))),
    joined: new Set([...course.joined].filter(kept)),
  };
};

/**
 * What does not fit together is asked for again, `rounds` times for each task at most. Null when that is spent: the same question may
 * have the same answer for ever, as where what was kept of a task is found unfit only beside the others.
 */
export const sentBackUnfit = (
  course: Course,
  repository: string,
  ids: readonly string[],
  rounds: number,
): Course | null => {
  const times = (course.misfits.get(repository) ?? 0) + 1;
  const tasks = course.tasks.filter((task) => sameName(task.repository, repository));
  if (times > rounds * tasks.length) return null;
  return { ...sentBack(course, ids), misfits: new Map([...course.misfits, [repository, times]]) };
};

/** Whether something that this task stands on was made anew: then what was made of it before no longer counts. */
export const standsOnNew = ({ tasks, renewed }: Course, id: string): boolean => standingOn(tasks, renewed).has(id);
