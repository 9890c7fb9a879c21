// Has the approved plan carried out as edits, repository by repository, and makes patch sets of them; gate G2 says whether people may see them.
import { type Assignment, loadAssignment, loadPlan } from "../agent/assignment.ts";
import { checkEdits } from "../agent/check-edits.ts";
import { proposedElsewhere } from "../agent/elsewhere.ts";
import { fitEdits } from "../agent/fit-edits.ts";
import { keepProposals } from "../agent/keep-proposals.ts";
import { keptEdits } from "../agent/kept-edits.ts";
import { type Made, makePatchSet, type OwnedPathsOf, type PatchSetWords } from "../agent/make-patch-set.ts";
import { recordArtifact } from "../agent/record.ts";
import { proposer } from "../agent/roles/proposer.ts";
import { type RunDeps, runRole } from "../agent/run-role.ts";
import { type SettleDeps, settle, tell } from "../agent/settle.ts";
import type { ReadTodaysRules } from "../agent/todays-rules.ts";
import type { PlanDocument } from "../artifacts/plan.ts";
import type { Ceiling } from "../config/ceiling.ts";
import { briefDelivery } from "../context/brief.ts";
import { renewBase } from "../context/renew-base.ts";
import { savePacket } from "../context/save-packet.ts";
import type { GitHub } from "../github/github.ts";
import type { Digest } from "../ids.ts";
import type { PolicySettings } from "../policy/settings.ts";
import { err, ok, type Result } from "../result.ts";
import type { Handler } from "./handler.ts";

export type ProposeDeps = SettleDeps &
  RunDeps &
  Readonly<{
    model: string;
    github: Pick<GitHub, "reading">;
    ceiling: Ceiling;
    todaysRules: ReadTodaysRules;
    words: PatchSetWords;
    ownedPaths: OwnedPathsOf;
  }>;

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
      const task = { repo, plan, version: approved.version, policy, made };
      const one = await proposeOne(deps, now, task, tries, signal);
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

type Task = Readonly<{
  repo: Repo;
  plan: Readonly<{ document: PlanDocument; digest: Digest }>;
  version: number;
  policy: PolicySettings;
  /** In the repositories before this one. */
  made: readonly Made[];
}>;

/** Null: the run ended without usable edits and was reported as what it is. The error is why no run can help. */
async function proposeOne(
  deps: ProposeDeps,
  assignment: Assignment,
  { repo, plan, version, policy, made }: Task,
  tries: number,
  signal: AbortSignal,
): Promise<Result<Made, string> | null> {
  const { delivery, traceId } = assignment;
  const { id: deliveryId } = delivery;
  const tasks = tasksOf(plan.document, repo);
  const feedback = assignment.feedback.filter(({ scope }) => scope === repo.repoId);
  const brief = {
    repos: [repo],
    feedback,
    plan: { version, digest: plan.digest },
    about: tasks.flatMap(({ title, description }) => [title, description]),
    required: [...new Set(tasks.flatMap(({ files }) => files))],
    elsewhere: await proposedElsewhere(deps.db.sql, assignment, repo, made),
  };
  await deps.crash("propose.before.read");
  const briefed = await briefDelivery(deps, assignment, brief, signal);
  if (!briefed.ok) return err(briefed.error.why);
  const { packet, texts, reads, look } = briefed.value;
  const [read] = reads;
  if (read === undefined) return err(`${repo.name} could not be read`);
  const contextHash = await deps.db.transaction((tx) =>
    savePacket(tx, { deliveryId, traceId, at: deps.clock(), packet }),
  );

  const reading = await deps.github.reading(repo.installationId, [repo.repoId], signal);
  const files = packet.repositories.flatMap((one) => one.files);
  const shownWhole = new Set(files.filter(({ whole }) => whole).map(({ path }) => path));
  const base = { repoId: repo.repoId, entries: read.entries, tasks, forbidden: read.forbidden, shownWhole };
  if ((await keptEdits(deps.db.sql, deliveryId, contextHash)) === null) {
    await deps.crash("propose.before.model");
    const model = assignment.models.proposer ?? deps.model;
    const input = { packet, texts, plan: plan.document, repository: repo.name };
    const run = await runRole(deps, proposer, input, {
      assignment,
      contextHash,
      model,
      signal,
      look,
      check: async (document) => {
        const checked = await checkEdits(deps, reading, base, document, signal);
        return checked.ok ? ok(null) : checked;
      },
    });
    await settle(deps, "propose", run, tries, async (tx, runId, document) => {
      await recordArtifact(tx, { deliveryId, traceId, runId, kind: "edits", content: document, at: deps.clock() });
      return null;
    });
  }
  const kept = await keptEdits(deps.db.sql, deliveryId, contextHash);
  if (kept === null) return null;
  const fitted = await fitEdits(deps, reading, base, kept.document);
  // Kept edits fitted this very base when they were recorded.
  if (!fitted.ok) return err(fitted.error);
  return makePatchSet(
    { blobs: deps, reading, words: deps.words },
    { assignment, repo, plan, read, policy, edits: kept, changes: fitted.value },
  );
}
