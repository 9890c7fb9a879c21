// How the page about the machine names states, and what tells cases of one event in one state apart.
import type { Delivery } from "../delivery.ts";
import { isShowing, isUnderWay, isUndoing, isUnwritten, workIn } from "../work.ts";

/** What tells states of one name apart: what is done in them, or stands in them unfinished. */
const besides = (d: Delivery): string => {
  // Asked for again at the write: what was made of the plan waits for it.
  const waits = d.phase === "plan" && d.targets.some(isUnwritten) ? " again" : "";
  if (isShowing(d)) return d.phase === "review" ? "" : ` · showing${waits}`;
  const isStuck = d.runStatus === "failed" || d.runStatus === "blocked";
  switch (d.phase) {
    case "plan":
      if (d.runStatus === "succeeded") return waits === "" ? "" : " · asked again";
      return isStuck && d.plan !== null ? ` · made${waits}` : "";
    case "verify": {
      const lacks = d.targets.find(isUnwritten);
      const fix = lacks !== undefined && lacks.written !== null ? "fix " : "";
      if (d.runStatus === "pending") return lacks === undefined ? " · watch" : ` · ${fix}write`;
      return isStuck && lacks !== undefined ? ` · ${fix}unwritten` : "";
    }
    case "implement":
      return isUndoing(d) && isUnderWay(d) ? " · revert" : "";
    case "observe":
      return d.runStatus === "pending" ? ` · ${workIn(d)}` : "";
    default:
      return "";
  }
};

/** `blocked(no_checks)`, `pending · write`: within its phase. */
export const statusName = (d: Delivery): string =>
  `${d.runStatus}${d.reason === null ? "" : `(${d.reason})`}${besides(d)}`;

/** `verify/blocked(no_checks)` */
export const stateName = (d: Delivery): string => `${d.phase}/${statusName(d)}`;

export const hasPull = (d: Delivery): boolean => d.targets.some(({ written }) => written !== null);

const left = (count: number, what: string): string => (count === 0 ? `no ${what} left` : `${what} left`);

/** In the order in which they are tried. */
export const CIRCUMSTANCES: readonly ((d: Delivery) => string)[] = [
  ({ revisionsLeft }) => left(revisionsLeft, "revisions"),
  ({ fixesLeft }) => left(fixesLeft, "fixes"),
  ({ restartsLeft }) => left(restartsLeft, "restarts"),
  ({ exitPhase }) => `exit ${exitPhase}`,
  (d) => (hasPull(d) ? "pull request open" : "no pull request yet"),
];
