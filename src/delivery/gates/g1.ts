// G1, the plan: complete enough that a human can decide on it and a proposer can work from it.
import type { PlanDocument, PlanTask } from "../../artifacts/plan.ts";
import type { Judgement } from "./judgement.ts";
import { repeated } from "./repeated.ts";

export type G1 = Judgement<
  "G1",
  "complete" | "questions" | "incomplete",
  { problems: readonly string[]; questions: readonly string[]; tasks: number; criteria: number }
>;

/** `repositories`: owner/name of those that take part; names are compared as GitHub does, without regard to case. */
export const g1 = (plan: PlanDocument, repositories: readonly string[]): G1 => {
  const problems = [
    ...repeated(plan.tasks.map(({ id }) => id)).map((id) => `Task ${id} is there more than once.`),
    ...repeated(plan.criteria.map(({ id }) => id)).map((id) => `Criterion ${id} is there more than once.`),
    ...plan.tasks.flatMap((task) => problemsOf(task, plan, repositories)),
    ...cycleProblem(plan.tasks),
    ...plan.criteria
      .filter(({ text, check }) => text.trim() === "" || check.trim() === "")
      .map(({ id }) => `Criterion ${id} does not say what holds and how it is checked.`),
  ];
  const questions = plan.questions.filter(({ changesPlan }) => changesPlan).map(({ text }) => text);
  // A plan that hangs on an answer is not judged further: the answer comes first.
  const verdict = questions.length > 0 ? "questions" : problems.length > 0 ? "incomplete" : "complete";
  return {
    gate: "G1",
    verdict,
    passed: verdict === "complete",
    evidence: { problems, questions, tasks: plan.tasks.length, criteria: plan.criteria.length },
  };
};

const problemsOf = (task: PlanTask, plan: PlanDocument, repositories: readonly string[]): string[] => {
  const ids = plan.tasks.map(({ id }) => id);
  const known = repositories.some((name) => name.toLowerCase() === task.repository.toLowerCase());
  return [
    ...(known ? [] : [`Task ${task.id} is for ${task.repository}, which does not take part.`]),
    ...task.dependsOn
      .filter((id) => !ids.includes(id))
      .map((id) => `Task ${task.id} depends on ${id}, which is not there.`),
    ...(namesItsFiles(task)
      ? []
      : [`Task ${task.id} names no files; its description must then say "No files:" and why.`]),
  ];
};

/** A task without files says so and why, so that an empty list is never an oversight. */
const namesItsFiles = ({ files, description }: PlanTask): boolean =>
  files.some((path) => path.trim() !== "") || /\bno files:\s*\S/i.test(description);

/** Takes away what depends on nothing that is left; what then remains goes round in a circle. */
const cycleProblem = (tasks: readonly PlanTask[]): string[] => {
  let left = tasks;
  for (;;) {
    const ids = left.map(({ id }) => id);
    const waiting = left.filter(({ dependsOn }) => dependsOn.some((id) => ids.includes(id)));
    if (waiting.length === 0) return [];
    if (waiting.length === left.length) return [`Tasks depend on each other in a circle: ${ids.join(", ")}.`];
    left = waiting;
  }
};
