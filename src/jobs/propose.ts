// Has the approved plan carried out as edits, task by task, and makes patch sets of them; gate G2 says whether people may see them.
import { type Assignment, loadAssignment, loadPlan } from "../agent/assignment.ts";
import { carryOut } from "../agent/carry-out.ts";
import { keepProposals } from "../agent/keep-proposals.ts";
import type { Made, OwnedPathsOf } from "../agent/make-patch-set.ts";
import { type OnTop, type OnTopDeps, onTopOf, reposToMend } from "../agent/on-top.ts";
import type { ProposeDeps as AgentDeps } from "../agent/propose-deps.ts";
import { tell } from "../agent/settle.ts";
import { sameName } from "../agent/tasks/order.ts";
import type { ReadWorkRules } from "../agent/work-rules.ts";
import type { PlanDocument } from "../artifacts/plan.ts";
import { renewBase } from "../context/renew-base.ts";
import { remembered } from "../github/remembered.ts";
import type { RepoId } from "../ids.ts";
import type { Handler } from "./handler.ts";

export type ProposeDeps = AgentDeps & OnTopDeps & Readonly<{ workRules: ReadWorkRules; ownedPaths: OwnedPathsOf }>;

type Repo = Assignment["repos"][number];

/** Repositories with tasks whose patch set is still to be made; what people approved elsewhere stays as it is. */
const wantedRepos = ({ delivery, repos }: Assignment, plan: PlanDocument): Repo[] =>
  repos.filter(({ repoId, name }) => {
    const target = delivery.targets.find((one) => one.repoId === repoId);
    return (
      target?.patchSet === null &&
      target.landed === "no" &&
      plan.tasks.some(({ repository }) => sameName(repository, name))
    );
  });

/** Where everything is made and written, red checks are to be mended: in the repositories that the analysis names. */
async function reposToWorkIn(deps: ProposeDeps, assignment: Assignment, plan: PlanDocument): Promise<Repo[]> {
  const wanted = wantedRepos(assignment, plan);
  if (wanted.length > 0) return wanted;
  const toMend = await reposToMend(deps.db, assignment);
  return assignment.repos.filter(
    ({ repoId, name }) => toMend.includes(repoId) && plan.tasks.some(({ repository }) => sameName(repository, name)),
  );
}

export const proposeJob =
  (deps: ProposeDeps): Handler<"propose"> =>
  async ({ deliveryId, attempt }, { tries, signal }) => {
    const assignment = await loadAssignment(deps.db.sql, deliveryId, attempt, "implement");
    if (assignment === null) return;
    const approved = assignment.delivery.plan;
    const plan = approved === null ? null : await loadPlan(deps.db.sql, deliveryId, approved.version);
    if (approved === null || plan === null || plan.digest !== approved.digest) {
      throw new Error(`delivery ${deliveryId} is to be implemented without the plan that was approved`);
    }
    const started = { type: "effect_started", attempt } as const;
    await deps.crash("propose.before.start");
    await deps.db.transaction((tx) => tell(tx, deps.clock, deliveryId, "propose", started));

    const giveUp = (note: string) =>
      deps.db.transaction((tx) => tell(tx, deps.clock, deliveryId, "propose", { type: "effect_dead", attempt, note }));

    const wanted = await reposToWorkIn(deps, assignment, plan.document);
    if (wanted.length === 0) return giveUp("there is nothing that an analysis of the checks asks a change of");
    const github = remembered(deps.github);
    const rules = await deps.workRules(assignment, signal, github);
    const out = rules.whyOut(wanted.map(({ repoId }) => repoId));
    if (out !== null) return giveUp(out);
    const onTop = new Map<RepoId, OnTop>();
    for (const repo of wanted) {
      await deps.crash("propose.before.look");
      const found = await onTopOf(deps, assignment, repo, signal);
      if (!found.ok) return giveUp(found.error);
      if (found.value === "told") return;
      // What stands on a pull request stays there, whatever becomes of the base.
      if (found.value === null) await renewBase(deps, { deliveryId, traceId: assignment.traceId, repo }, signal);
      else onTop.set(repo.repoId, found.value);
    }
    // The bases may be others.
    const now = await loadAssignment(deps.db.sql, deliveryId, attempt, "implement");
    if (now === null) return;
    const work = { plan: { ...plan, version: approved.version }, wanted, onTop, policyFor: rules.policyFor };
    const carried = await carryOut({ ...deps, github }, now, work, { tries, signal });
    if (carried === null) return;
    if (!carried.ok) return giveUp(carried.error);

    const made: Made[] = [];
    for (const one of carried.value) {
      await deps.crash("propose.before.read_owners");
      const { repo, changes, content } = one;
      made.push({ ...one, owned: content === null ? [] : await deps.ownedPaths(now, repo, changes, signal) });
    }
    await deps.crash("propose.before.patch_sets");
    await deps.db.transaction(async (tx) => {
      const event = await keepProposals(tx, { assignment: now, plan: plan.document, made, at: deps.clock() });
      await tell(tx, deps.clock, deliveryId, "propose", event);
    });
    await deps.crash("propose.after.patch_sets");
  };
