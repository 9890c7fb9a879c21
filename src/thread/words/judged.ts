// What a second role said of the plan's criteria: always as the opinion that it is.
import type { CriterionVerdict } from "../../artifacts/qa-report.ts";
import { codeSpan, inline } from "../defuse.ts";
import { blocks, count, fold, joinWords, sentences } from "./phrase.ts";

const MEANS: Readonly<Record<CriterionVerdict["verdict"], string>> = {
  PASS: "met",
  FAIL: "**not met**",
  NOT_HERE: "not this repository's",
};

const ofVerdict = (verdicts: readonly CriterionVerdict[], wanted: CriterionVerdict["verdict"]) =>
  verdicts.filter(({ verdict }) => verdict === wanted);

/** One line for the head. Null: nobody was asked. Empty: nobody answered so that it could be used. */
export const judgedLine = (verdicts: readonly CriterionVerdict[] | null): string | null => {
  if (verdicts === null) return null;
  if (verdicts.length === 0) return "A second role was asked to judge the criteria; its answer could not be used.";
  const [failed, elsewhere] = [ofVerdict(verdicts, "FAIL"), ofVerdict(verdicts, "NOT_HERE")];
  const judged = verdicts.length - elsewhere.length;
  const ids = joinWords(
    failed.map(({ criterion }) => codeSpan(criterion)),
    "and",
  );
  return sentences(
    judged === 0
      ? "A second role finds none of the criteria to be this repository's."
      : `A second role judged ${judged - failed.length} of ${count(judged, "criterion", "criteria")} met${failed.length === 0 ? "" : `, not ${ids}`}.`,
    "It is a model that read the diffs: an opinion, no proof.",
  );
};

/** One line for each criterion, folded; none where there is nothing to say. */
export const judgedSections = (verdicts: readonly CriterionVerdict[] | null): readonly string[] =>
  verdicts === null || verdicts.length === 0
    ? []
    : [
        fold(
          `What a second role says of ${count(verdicts.length, "criterion", "criteria")}`,
          blocks(
            "A model read the plan and the diffs. Nothing was run.",
            verdicts
              .map(
                ({ criterion, verdict, because }) => `- ${codeSpan(criterion)} ${MEANS[verdict]}: ${inline(because)}`,
              )
              .join("\n"),
          ),
        ),
      ];
