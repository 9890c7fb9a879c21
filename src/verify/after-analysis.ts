// What red checks come to once they were analysed: a rule reads the analysis, and no word of it names a state. Pure.
import type { FailureAnalysis } from "../artifacts/failure-analysis.ts";
import type { EventOf } from "../delivery/event.ts";

type Red = EventOf<"checks_red">;

/** The machine takes no longer notes. */
const NOTE_LENGTH = 2_000;

/** Whether it names something that a proposer can be asked for. */
const asksForChange = ({ document }: Pick<FailureAnalysis, "document">): boolean =>
  document !== null && document.remedy === "change" && document.repositories.length > 0;

/** Only where the pull request has to change is a fix proposed; all else is for people, as it would be without any analysis. */
export const afterAnalysis = (red: Red, analysis: FailureAnalysis): Red | EventOf<"fix_proposed"> => {
  if (asksForChange(analysis)) return { type: "fix_proposed", attempt: red.attempt, note: red.note };
  const { document, why } = analysis;
  const said = document === null ? `not analysed: ${why ?? ""}` : `analysed: ${document.remedy}`;
  return { ...red, note: `${red.note}; ${said}`.slice(0, NOTE_LENGTH) };
};
