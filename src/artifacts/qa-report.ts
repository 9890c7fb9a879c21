// What a judge must bring: for each acceptance criterion of the plan whether a change meets it, and why. An opinion, never a proof.
import { z } from "zod";
import { ArtifactId, RepoId } from "../ids.ts";
import type { Criterion } from "./plan.ts";

export const CriterionVerdict = z.object({
  criterion: z.string().regex(/^AC-[1-9][0-9]?$/),
  /** Before the verdict, so that a model argues first. */
  because: z.string().min(1).max(800),
  /** NOT_HERE: nothing of it is this repository's to meet. */
  verdict: z.enum(["PASS", "FAIL", "NOT_HERE"]),
});
export type CriterionVerdict = z.infer<typeof CriterionVerdict>;

export const JudgeDocument = z.object({ verdicts: z.array(CriterionVerdict).min(1).max(40) });
export type JudgeDocument = z.infer<typeof JudgeDocument>;

/** What is kept of it, and of which change it speaks. */
export const QaReport = z.object({
  repoId: RepoId,
  /** The edits that were judged. */
  edits: ArtifactId,
  /** Empty where no usable answer came. */
  verdicts: z.array(CriterionVerdict),
});
export type QaReport = z.infer<typeof QaReport>;

/** One sentence for each criterion that is missing, twice or invented, for whoever judged. */
export const verdictProblems = (
  { verdicts }: JudgeDocument,
  criteria: readonly Pick<Criterion, "id">[],
  isAlone: boolean,
): readonly string[] => {
  const judged = verdicts.map(({ criterion }) => criterion);
  const known = criteria.map(({ id }) => id);
  const here = verdicts.filter(({ verdict }) => verdict === "NOT_HERE");
  return [
    ...known.filter((id) => !judged.includes(id)).map((id) => `${id} is not judged.`),
    ...judged.filter((id, at) => known.includes(id) && judged.indexOf(id) !== at).map((id) => `${id} is judged twice.`),
    ...judged.filter((id) => !known.includes(id)).map((id) => `${id} is no criterion of the plan.`),
    ...(isAlone ? here.map(({ criterion }) => `${criterion}: there is no other repository that could meet it.`) : []),
  ];
};

export const unmet = ({ verdicts }: Pick<QaReport, "verdicts">): readonly CriterionVerdict[] =>
  verdicts.filter(({ verdict }) => verdict === "FAIL");
