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
/** A line of the repository as the change leaves it. */
export const Evidence = z.object({ path: z.string().min(1).max(500), line: z.number().int().positive() });
export type Evidence = z.infer<typeof Evidence>;

/** What is kept of one; evidence where the whole files were judged. */
const KeptVerdict = CriterionVerdict.extend({ evidence: z.array(Evidence).optional() });
export type CriterionVerdict = z.infer<typeof KeptVerdict>;

export const JudgeDocument = z.object({ verdicts: z.array(CriterionVerdict).min(1).max(40) });
export type JudgeDocument = z.infer<typeof JudgeDocument>;

/** Of who judges whole files: the lines that decide each criterion. */
export const FullJudgeDocument = z.object({
  verdicts: z
    .array(CriterionVerdict.extend({ evidence: z.array(Evidence).max(10) }))
    .min(1)
    .max(40),
});
export type FullJudgeDocument = z.infer<typeof FullJudgeDocument>;

/** What is kept of it, and of which change it speaks. */
export const QaReport = z.object({
  repoId: RepoId,
  /** The edits that were judged. */
  edits: ArtifactId,
  /** Empty where no usable answer came. */
  verdicts: z.array(KeptVerdict),
  /** Of the changed files, those that were too long to be shown to who judged. */
  unseen: z.number().int().nonnegative().default(0),
});
export type QaReport = z.infer<typeof QaReport>;
/** What people are told of it. */
export type Judgement = Readonly<{ verdicts: readonly CriterionVerdict[]; unseen: number }>;

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

/**
 * One sentence for each piece of evidence that is none, for whoever judged. `linesOf` knows the files that the repository then
 * has, and how long they are as far as that is known: null is any length.
 */
export const evidenceProblems = (
  { verdicts }: FullJudgeDocument,
  linesOf: ReadonlyMap<string, number | null>,
): readonly string[] =>
  verdicts.flatMap(({ criterion, verdict, evidence }) => [
    ...(verdict === "PASS" && evidence.length === 0 ? [`${criterion}: name the lines that show it.`] : []),
    ...evidence.flatMap(({ path, line }) => {
      const lines = linesOf.get(path);
      if (lines === undefined) return [`${criterion}: there is no file ${path}.`];
      return lines !== null && line > lines ? [`${criterion}: ${path} has ${lines} lines only.`] : [];
    }),
  ]);

export const unmet = ({ verdicts }: Pick<QaReport, "verdicts">): readonly CriterionVerdict[] =>
  verdicts.filter(({ verdict }) => verdict === "FAIL");

/** A second look replaces what it looked at; the rest stays as it was found first. */
export const mergedVerdicts = (
  before: Pick<QaReport, "verdicts"> | null,
  verdicts: QaReport["verdicts"],
): QaReport["verdicts"] =>
  before === null
    ? verdicts
    : before.verdicts.map((first) => verdicts.find(({ criterion }) => criterion === first.criterion) ?? first);
