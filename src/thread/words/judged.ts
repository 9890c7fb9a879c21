// What a second role said of the plan's criteria: always as the opinion that it is.
import type { CriterionVerdict, Judgement } from "../../artifacts/qa-report.ts";
import { codeSpan, inline } from "../defuse.ts";
import { blocks, count, fold, joinWords, sentences } from "./phrase.ts";

const MEANS: Readonly<Record<CriterionVerdict["verdict"], string>> = {
  PASS: "met",
  FAIL: "**not met**",
  NOT_HERE: "not this repository's",
};

const ofVerdict = (verdicts: readonly CriterionVerdict[], wanted: CriterionVerdict["verdict"]) =>
  verdicts.filter(({ verdict }) => verdict === wanted);

/** Who judges whole files names lines. */
const isOfFiles = (verdicts: readonly CriterionVerdict[]): boolean =>
  verdicts.some(({ evidence }) => evidence !== undefined);

const lineOf = ({ criterion, verdict, because, evidence = [] }: CriterionVerdict): string => {
  const places = evidence.map(({ path, line }) => codeSpan(`${path}:${line}`));
  const where = places.length === 0 ? "" : ` See ${joinWords(places, "and")}.`;
  return `- ${codeSpan(criterion)} ${MEANS[verdict]}: ${inline(because)}${where}`;
};

/** One line for the head. Null: nobody was asked. Empty: nobody answered so that it could be used. */
export const judgedLine = (judged: Judgement | null): string | null => {
  if (judged === null) return null;
  const { verdicts, unseen } = judged;
  if (verdicts.length === 0)
    return "A second role was to judge the criteria and brought nothing that could be used: nobody but you judges them.";
  const [failed, elsewhere] = [ofVerdict(verdicts, "FAIL"), ofVerdict(verdicts, "NOT_HERE")];
  const here = verdicts.length - elsewhere.length;
  const ids = joinWords(
    failed.map(({ criterion }) => codeSpan(criterion)),
    "and",
  );
  return sentences(
    here === 0
      ? "A second role finds none of the criteria to be this repository's."
      : `A second role judged ${here - failed.length} of ${count(here, "criterion", "criteria")} met${failed.length === 0 ? "" : `, not ${ids}`}.`,
    `It is a model that read ${isOfFiles(verdicts) ? "the changed files" : "the diffs"}: an opinion, no proof.`,
    unseen === 0
      ? ""
      : `It was not shown ${count(unseen, "changed file")}, too long for it: what ${unseen === 1 ? "stands in it" : "they hold"} is for you alone to judge.`,
  );
};

/** One line for each criterion, folded; none where there is nothing to say. */
export const judgedSections = (judged: Judgement | null): readonly string[] =>
  judged === null || judged.verdicts.length === 0
    ? []
    : [
        fold(
          `What a second role says of ${count(judged.verdicts.length, "criterion", "criteria")}`,
          blocks(
            `A model read the plan and the ${isOfFiles(judged.verdicts) ? "changed files, whole" : "diffs"}. Nothing was run.`,
            judged.verdicts.map(lineOf).join("\n"),
          ),
        ),
      ];
