// The configuration file that a repository without one is offered: valid as it stands, with what is known of the repository.
import { AVAILABLE_EXITS } from "../../config/exit-phase.ts";
import { CONFIG_PATH } from "../../config/schema.ts";
import { isTerminal } from "../../delivery/delivery.ts";
import { fence, htmlCode } from "../defuse.ts";
import type { DeliveryView } from "../delivery-view.ts";
import { count, fold, joinWords } from "../words/phrase.ts";

/** More than these a person would not take over unread. */
const MOST_CHECKS = 10;

/** Words that YAML, of one version or the other, reads as something else than a text; and numbers are ids. */
const isPlain = (login: string): boolean =>
  /^[a-z][a-z0-9-]*$/i.test(login) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(login);

/** Of the issue's repository: those that its branch requires, else those that ran on a delivery's pull request; none before. */
const checksSeen = ({ checks, issue }: DeliveryView): readonly string[] =>
  [
    ...new Set(
      (checks ?? [])
        .filter(({ repoId, meaning }) => repoId === issue.repoId && meaning !== "held")
        .map(({ name }) => name),
    ),
  ]
    .filter((name) => name.length <= 200)
    .slice(0, MOST_CHECKS);

/** The lines of the file. */
export const starterLines = (view: DeliveryView): readonly string[] => {
  const checks = checksSeen(view);
  return [
    "approvers:  # mentioned, and so notified, when something waits for their decision; nobody is without this list",
    `  - ${isPlain(view.requester) ? view.requester : JSON.stringify(view.requester)}`,
    `exit_phase: verify  # ${joinWords(AVAILABLE_EXITS, "or")}: where a delivery ends`,
    "approvals: { plan: 1, review: 1 }  # how many people must approve",
    ...(checks.length === 0
      ? []
      : [
          "verify:",
          "  required_checks:  # those that ran here; used where the branch's own rules name none",
          ...checks.map((name) => `    - ${JSON.stringify(name)}`),
        ]),
  ];
};

/** Design: without a file the defaults are in force, and the status offers one to start from. */
export const starter = (view: DeliveryView): string | null => {
  if (view.settings.configured || isTerminal(view.state)) return null;
  const lines = starterLines(view);
  return fold(
    `No configuration yet: a ${htmlCode(CONFIG_PATH)} to start from, ${count(lines.length, "line")}`,
    fence(lines.join("\n"), "yaml"),
  );
};
