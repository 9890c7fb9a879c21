// What the agent is told where no rule can undo a merge: words for a model, made of paths, lines and commits alone. Pure.
import type { Target } from "../delivery/delivery.ts";
import { deliveryName } from "../ids.ts";
import type { ConflictAt, RevertOrder } from "./order.ts";
import type { LineSpan } from "./three-way.ts";

/** Of a merge that touched very much the first are told; the rest is found in the same way. */
const MOST = 50;

const spanOf = ({ from, to }: LineSpan): string => {
  if (to < from) return `taken out before line ${from}`;
  return from === to ? `line ${from}` : `lines ${from} to ${to}`;
};

const WHY: Readonly<Record<ConflictAt["why"], string>> = {
  same_lines: "later commits changed the same lines",
  changed_since: "it was made by what is to be undone, and later commits changed it",
  removed_since: "later commits took it away",
  back_since: "what is to be undone took it away, and later commits put another in its place",
  not_text: "it is no text",
  too_long: "it has too many lines to be compared",
};

const commitsOf = ({ commits }: ConflictAt): string =>
  commits.length === 0 ? "" : `; by ${commits.map(({ sha }) => sha.slice(0, 7)).join(", ")}`;

const lineOf = (conflict: ConflictAt): string => {
  const where = conflict.lines.length === 0 ? "" : ` (now ${conflict.lines.map(spanOf).join(", ")})`;
  return `- ${JSON.stringify(conflict.path)}: ${WHY[conflict.why]}${where}${commitsOf(conflict)}.`;
};

/** What was made of it by rule and stands already is not asked for again. */
const standing = (target: Pick<Target, "written" | "landed"> | undefined): string | null => {
  if (target === undefined || target.written === null) return null;
  const pull = `pull request #${target.written.pullRequest}`;
  return target.landed === "no"
    ? `What a rule could undo of it stands on ${pull}; what is planned here goes on top of that.`
    : `It was undone by ${pull}, which is merged: nothing is left to plan here.`;
};

/** For the plan. What others wrote since is to stay: that is what a rule could not see to. `targets`: of the rollback. */
export const orderBriefing = (
  { undoes, repositories }: RevertOrder,
  targets: readonly Pick<Target, "repoId" | "written" | "landed">[],
): string => {
  const parts = repositories.flatMap(({ repoId, name, merge, pullRequest, conflicts, undone }) => {
    const all = [...undone.map((path) => `- ${JSON.stringify(path)}.`), ...conflicts.map(lineOf)];
    if (all.length === 0) return [];
    const stands = standing(targets.find((target) => target.repoId === repoId));
    const left = all.length > MOST ? [`- and ${all.length - MOST} files more.`] : [];
    const head = `In ${name}, pull request #${pullRequest}, merged as ${merge.slice(0, 7)}:`;
    return [[head, ...all.slice(0, MOST), ...left, ...(stands === null ? [] : [stands])].join("\n")];
  });
  return [
    `Undo what ${deliveryName(undoes)} changed. The issue above is what it was asked for, not what is asked for now.`,
    ...parts,
    "Plan only what takes the behaviour of before the merge back. Keep what the later commits added beside it.",
  ].join("\n\n");
};
