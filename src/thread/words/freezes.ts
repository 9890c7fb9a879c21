// What people are told of a freeze: whose it is, since when, and why. The reason is somebody's words.
import type { Freeze } from "../../freeze/standing.ts";
import { inline } from "../defuse.ts";
import { moment, person, sentences } from "./phrase.ts";

/** Longer reasons are shown to here, and stand whole in the ledger. */
const MOST = 300;

const reasonWords = (reason: string | null): string | null => {
  if (reason === null || reason.trim() === "") return null;
  const characters = [...reason.trim().replace(/\.$/, "")];
  const cut = characters.length > MOST ? `${characters.slice(0, MOST - 1).join("")}…` : characters.join("");
  return `Reason: ${inline(cut)}.`;
};

/** "The operator has frozen it. Reason: …", for a comment that is no place to say who. */
export const frozenBy = ({ by, reason }: Pick<Freeze, "by" | "reason">): string =>
  sentences(
    by === "operator" ? "The operator has frozen this repository." : "This repository is frozen.",
    reasonWords(reason),
  );

/** One line of the control issue. */
export const freezeLine = ({ by, login, reason, at, repoId }: Freeze): string =>
  sentences(
    by === "operator"
      ? `By the operator since ${moment(at)}, ${repoId === null ? "with all of the installation" : "this repository"}; only the operator lifts it.`
      : `By ${login === null ? "an approver" : person(login)} since ${moment(at)}.`,
    reasonWords(reason),
  );
