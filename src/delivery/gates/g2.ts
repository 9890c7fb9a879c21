// G2, the patch sets: one for every repository that has tasks, each change owed to a task, nothing that policy blocks.
import type { PlanTask } from "../../artifacts/plan.ts";
import type { CriterionVerdict } from "../../artifacts/qa-report.ts";
import type { FileChange } from "../../patches/patch-set.ts";
import type { PolicyViolation } from "../../policy/violation.ts";
import type { Judgement } from "./judgement.ts";

export type ProposedChanges = Readonly<{
  /** owner/name */
  repository: string;
  changes: readonly Pick<FileChange, "path" | "previousPath" | "tasks">[];
}>;

export type G2Input = Readonly<{
  tasks: readonly Pick<PlanTask, "id" | "repository">[];
  /** The repositories that are to have a new patch set now: all with tasks, or those that were sent back. */
  wanted: readonly string[];
  proposed: readonly ProposedChanges[];
  violations: readonly PolicyViolation[];
  /** What a second role said, where one was asked. */
  reports?: readonly Readonly<{ repository: string; verdicts: readonly CriterionVerdict[] }>[];
}>;

export type G2 = Judgement<
  "G2",
  "sound" | "policy_block" | "unsound" | "qa_failed",
  {
    problems: readonly string[];
    blocks: readonly PolicyViolation[];
    warnings: number;
    files: number;
    /** Of all that was judged. */
    criteria: readonly Readonly<{ repository: string; criterion: string; verdict: CriterionVerdict["verdict"] }>[];
  }
>;

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

export const g2 = ({ tasks, wanted, proposed, violations, reports = [] }: G2Input): G2 => {
  const owed = wanted.filter((name) => tasks.some(({ repository }) => same(repository, name)));
  const problems = [
    ...owed
      .filter((name) => !proposed.some(({ repository }) => same(repository, name)))
      .map((name) => `${name} has tasks and no patch set.`),
    ...proposed.flatMap((patchSet) => problemsOf(patchSet, tasks)),
    ...(proposed.length === 0 ? ["Nothing is proposed."] : []),
  ];
  const blocks = violations.filter(({ severity }) => severity === "block");
  // Unsound is the proposer's to mend; a block stands even when all else is well.
  const criteria = reports.flatMap(({ repository, verdicts }) =>
    verdicts.map(({ criterion, verdict }) => ({ repository, criterion, verdict })),
  );
  // An opinion can stop a change on its way to people; it can never let one through that a rule stops.
  const isUnmet = criteria.some(({ verdict }) => verdict === "FAIL");
  const verdict =
    blocks.length > 0 ? "policy_block" : problems.length > 0 ? "unsound" : isUnmet ? "qa_failed" : "sound";
  return {
    gate: "G2",
    verdict,
    passed: verdict === "sound",
    evidence: {
      problems,
      blocks,
      warnings: violations.length - blocks.length,
      files: proposed.reduce((sum, { changes }) => sum + changes.length, 0),
      criteria,
    },
  };
};

const problemsOf = ({ repository, changes }: ProposedChanges, tasks: G2Input["tasks"]): string[] => {
  const here = tasks.filter((task) => same(task.repository, repository)).map(({ id }) => id);
  if (here.length === 0) return [`${repository} has a patch set and no task.`];
  if (changes.length === 0) return [`The patch set of ${repository} is empty.`];
  return changes.flatMap(({ path, tasks: served }) => [
    ...(served.length === 0 ? [`${path} serves no task.`] : []),
    ...served.filter((id) => !here.includes(id)).map((id) => `${path} names ${id}, which is no task of ${repository}.`),
  ]);
};
