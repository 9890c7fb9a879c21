// Rule 15: what was said after the label and is not part of what is shown.
import type { DeliveryView } from "../delivery-view.ts";
import { command } from "../words/commands.ts";
import { count } from "../words/phrase.ts";

/** Null when nothing was left out. */
export const notUsed = (view: DeliveryView, comments: number, since: "the label" | "the plan"): string | null => {
  const edited = view.facts.issueEdited ? "The issue was edited after the label" : null;
  const said =
    comments === 0 ? null : `${count(comments, "comment")} since ${since} ${comments === 1 ? "was" : "were"} not used`;
  const what =
    edited === null
      ? said
      : said === null
        ? `${edited}; the text from before is what counts`
        : `${edited}, and ${said}`;
  return what === null ? null : `${what}. ${command(view.settings.prefix, "revise")} with what matters brings it in.`;
};
