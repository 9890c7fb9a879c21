// What stands on an issue that more people see now than a repository which takes part: rule 13 comes before everything else.
import type { CheckRunDraft } from "../../github/speaking.ts";
import { deliveryName } from "../../ids.ts";
import type { DeliveryView } from "../delivery-view.ts";
import { command } from "../words/commands.ts";
import { blocks } from "../words/phrase.ts";

const WHY = "A repository that takes part is seen by fewer people now than this issue, so nothing of it is shown here.";

/** In the place of every comment that was posted before. */
export const hiddenComment = (view: DeliveryView): string =>
  `**Withheld.** ${WHY} This belongs to ${deliveryName(view.id)}.`;

export const hiddenStatus = (view: DeliveryView): string =>
  blocks(
    `### Countersign ${deliveryName(view.id)}: withheld\n${WHY} Nothing more is asked and nothing is written meanwhile.`,
    `It continues when the issue's repository is seen by no more people than the others. ${command(view.settings.prefix, "cancel")} ends it.`,
    "What was shown before can still be read in the history of these comments. Deleting them removes it; they come back when it continues.",
  );

/** In the place of a check run in a repository that knows too much. The text is replaced: what is left out, GitHub keeps. */
export const hiddenCheck = (draft: CheckRunDraft): CheckRunDraft => ({
  ...draft,
  title: "Withheld",
  summary: "More people see this repository now than may know what stood here.",
  text: "Withheld.",
  actions: [],
});
