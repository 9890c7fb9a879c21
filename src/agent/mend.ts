// What goes back to a proposer: the rules that stop its change, or the criteria that a second role finds not met. Pure.
import type { PlanTask } from "../artifacts/plan.ts";
import { unmet } from "../artifacts/qa-report.ts";
import type { Mend } from "../context/packet.ts";
import type { PolicyViolation } from "../policy/violation.ts";
import type { Made } from "./make-patch-set.ts";
import { concernedByPath, concernedByWords } from "./tasks/concerned.ts";

type Judged = Pick<Made, "violations" | "report" | "changes">;

const place = ({ path, line }: PolicyViolation): string =>
  path === null ? "" : ` at ${path}${line === null ? "" : `, line ${line}`}`;

type Problem = Readonly<{ source: string; words: string; tasks: readonly string[] }>;

const blocksOf = ({ violations, changes }: Judged, tasks: readonly PlanTask[]): readonly Problem[] =>
  violations
    .filter(({ severity }) => severity === "block")
    .map((block) => ({
      source: `policy rule ${block.rule}, which nobody may approve away${place(block)}`,
      words: block.message,
      tasks: concernedByPath(block.path, tasks, changes),
    }));

const failuresOf = ({ report, changes }: Judged, tasks: readonly PlanTask[]): readonly Problem[] =>
  unmet(report ?? { verdicts: [] }).map(({ criterion, because, evidence = [] }) => ({
    source: `a second role, which finds ${criterion} of the plan not met`,
    words: because,
    tasks: concernedByWords([because, ...evidence.map(({ path }) => path)].join(" "), tasks, changes),
  }));

/**
 * By the tasks whose files it is about; empty where nothing is to be mended. Policy first: of a change that it stops, nobody is asked
 * anything else.
 */
export function mendsOf(
  made: Judged,
  tasks: readonly PlanTask[],
  attempt: number,
  round: number,
): ReadonlyMap<string, Mend> {
  const blocks = blocksOf(made, tasks);
  const problems = blocks.length > 0 ? blocks : failuresOf(made, tasks);
  const concerned = tasks.filter(({ id }) => problems.some((problem) => problem.tasks.includes(id)));
  return new Map(
    concerned.map(({ id }) => {
      const own = problems.filter((problem) => problem.tasks.includes(id));
      const words = own.map(({ source, words: said }) => ({ source, words: said }));
      return [id, { attempt: blocks.length > 0 ? null : attempt, round, problems: words }];
    }),
  );
}
