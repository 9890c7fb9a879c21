// Has the approved plan carried out as edits, repository by repository, and makes patch sets of them; gate G2 says whether people may see them.
import { type Assignment, loadAssignment, loadPlan } from "../agent/assignment.ts";
import { keepProposals } from "../agent/keep-proposals.ts";
import type { Made, OwnedPathsOf } from "../agent/make-patch-set.ts";
import { type ProposeRepositoryDeps, proposeRepository } from "../agent/propose-repository.ts";
import { tell } from "../agent/settle.ts";
import type { ReadTodaysRules } from "../agent/todays-rules.ts";
import type { PlanDocument } from "../artifacts/plan.ts";
import { renewBase } from "../context/renew-base.ts";
import type { Handler } from "./handler.ts";

export type ProposeDeps = ProposeRepositoryDeps & Readonly<{ todaysRules: ReadTodaysRules; ownedPaths: OwnedPathsOf }>;

type Repo = Assignment["repos"][number];

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const tasksOf = (plan: PlanDocument, { name }: Repo) =>
  plan.tasks.filter(({ repository }) => sameName(repository, name));

/** Repositories with tasks whose patch set is still to be made; what people approved elsewhere stays as it is. */
const wantedRepos = ({ delivery, repos }: Assignment, plan: PlanDocument): Repo[] =>
  repos.filter((repo) => {
    const target = delivery.targets.find(({ repoId }) => repoId === repo.repoId);
    return target?.patchSet === null && tasksOf(plan, repo).length > 0;
  });

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

    const made: Made[] = [];
    const wantedNow = wantedRepos(assignment, plan.document);
    const rules = await deps.todaysRules(assignment, signal);
    const out = rules.whyOut(wantedNow.map(({ repoId }) => repoId));
    if (out !== null) return giveUp(out);
    for (const wanted of wantedNow) {
      await renewBase(deps, { deliveryId, traceId: assignment.traceId, repo: wanted }, signal);
      // What an earlier repository spent is gone from the budget, and the base may be another.
      const now = await loadAssignment(deps.db.sql, deliveryId, attempt, "implement");
      const repo = now?.repos.find(({ repoId }) => repoId === wanted.repoId);
      if (now === null || repo === undefined) return;
      const policy = rules.policyFor(repo.repoId);
      const tasks = tasksOf(plan.document, repo);
      const task = { repo, plan, version: approved.version, tasks, policy, made };
      const one = await proposeRepository(deps, now, task, { tries, signal });
      if (one === null) return;
      if (!one.ok) return giveUp(one.error);
      await deps.crash("propose.before.read_owners");
      const { changes, content } = one.value;
      made.push({ ...one.value, owned: content === null ? [] : await deps.ownedPaths(now, repo, changes, signal) });
    }

    await deps.crash("propose.before.patch_sets");
    await deps.db.transaction(async (tx) => {
      const event = await keepProposals(tx, { assignment, plan: plan.document, made, at: deps.clock() });
      await tell(tx, deps.clock, deliveryId, "propose", event);
    });
    await deps.crash("propose.after.patch_sets");
  };
