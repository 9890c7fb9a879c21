// Results of the agent's phases: intake, plan, implement. Gates G0 to G2 judged the artifacts; here they become states.
import type { Delivery, Target } from "../delivery.ts";
import type { EventOf } from "../event.ts";
import { fresh, isPatchSet, type Pick, recall, retire } from "../subjects.ts";
import { workIn } from "../work.ts";
import { begin, block, fail, move, type Ruling, stale } from "./ruling.ts";

/** G0. A GO that the gate did not pass waits for a human, like a DEFER. */
export const triaged = (d: Delivery, { passed, decision }: EventOf<"triaged">): Ruling => {
  if (workIn(d) !== "triage") return stale;
  if (passed && decision === "GO") return move(begin(d, "plan"));
  return move(block(d, decision === "NO_GO" ? "no_go" : "defer"));
};

/** G1 passed. Putting it up is an attempt of its own, so that nothing late of the planner's can end it. */
export const planMade = (d: Delivery, { version, digest }: EventOf<"plan_made">): Ruling => {
  if (workIn(d) !== "plan") return stale;
  return move(begin({ ...recall(d, [digest]), plan: fresh(version, digest) }, "plan", "running"));
};

export const planIncomplete = (d: Delivery): Ruling =>
  workIn(d) === "plan" ? move(fail(d, "plan_incomplete")) : stale;

export const planHasQuestions = (d: Delivery): Ruling => (workIn(d) === "plan" ? move(block(d, "questions")) : stale);

const makesPatches = (d: Delivery): boolean => workIn(d) === "propose" || workIn(d) === "revert";

/** A plan is what people decide on first where no rule can tell what undoes the merge. */
export const revertConflicts = (d: Delivery): Ruling => {
  if (workIn(d) !== "revert") return stale;
  // The plan is for all that is not written: what was computed for it would be of no plan.
  const { delivery, effects } = retire(d, (each) => isPatchSet(each) && !each.used, "it is planned instead");
  return move(begin(delivery, "plan"), effects);
};

/** G2. A patch set that came out as it was keeps its place and its approvals; another digest supersedes it. */
export const patchesMade = (d: Delivery, { patchSets }: EventOf<"patches_made">): Ruling => {
  if (!makesPatches(d)) return stale;
  if (patchSets.some(({ repoId }) => !d.targets.some((target) => target.repoId === repoId))) return stale;

  const isReplaced: Pick = ({ ref }) =>
    ref.kind === "patchset" && patchSets.some((made) => made.repoId === ref.repoId && made.digest !== ref.digest);
  const { delivery, effects } = retire(d, isReplaced, "superseded by a new patch set");

  const withMade = (target: Target): Target => {
    const made = patchSets.find(({ repoId }) => repoId === target.repoId);
    if (made === undefined || target.patchSet !== null) return target;
    const quote = made.quote === undefined ? {} : { quote: made.quote };
    const subject = { ...fresh(made.version, made.digest), id: made.id, written: false, ...quote };
    const owned = made.owned ?? [];
    if (owned.length === 0) return { ...target, patchSet: subject };
    const owners = { paths: owned.map((each) => ({ ...each, approvedBy: [] })), pathsOnly: [] };
    return { ...target, patchSet: { ...subject, owners } };
  };
  const digests = patchSets.map(({ digest }) => digest);
  return move(begin({ ...recall(delivery, digests), targets: delivery.targets.map(withMade) }, "review"), effects);
};

export const policyBlocked = (d: Delivery): Ruling => (makesPatches(d) ? move(block(d, "policy")) : stale);

export const qaFailed = (d: Delivery): Ruling => (workIn(d) === "propose" ? move(block(d, "qa_failed")) : stale);
