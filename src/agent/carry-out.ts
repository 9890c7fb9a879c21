// Carries out an approved plan: its tasks in the order of their graph, each repository joined, judged and mended as soon as it is whole.
import type { PlanDocument, PlanTask } from "../artifacts/plan.ts";
import type { ProposedElsewhere } from "../context/packet.ts";
import type { RepositoryRead } from "../context/read-repository.ts";
import type { Digest, RepoId } from "../ids.ts";
import type { FileChange } from "../patches/patch-set.ts";
import type { PolicySettings } from "../policy/settings.ts";
import { err, ok, type Result } from "../result.ts";
import { type Assignment, loadAssignment, type TakingPart } from "./assignment.ts";
import { proposedElsewhere } from "./elsewhere.ts";
import { applyToBase } from "./fit-edits.ts";
import { joinTasks } from "./join-tasks.ts";
import { judgePatches } from "./judge-patches.ts";
import type { KeptEdits } from "./kept-edits.ts";
import type { Made } from "./make-patch-set.ts";
import { mendsOf } from "./mend.ts";
import type { OnTop } from "./on-top.ts";
import type { ProposeDeps } from "./propose-deps.ts";
import { type Job, proposeTask, type SentBack } from "./propose-task.ts";
import { begin, type Course, finished, joinedNow, next, sentBack, sentBackUnfit, standsOnNew } from "./tasks/course.ts";
import { inOrder, sameName } from "./tasks/order.ts";

export type PlanWork = Readonly<{
  plan: Readonly<{ document: PlanDocument; digest: Digest; version: number }>;
  /** Whose patch sets are to be made. */
  wanted: readonly TakingPart[];
  /** Where changes stand on an open pull request, which has the plan already: then they are made in one go. */
  onTop: ReadonlyMap<RepoId, OnTop>;
  policyFor: (repoId: RepoId) => PolicySettings;
}>;

/** What has come of the tasks so far. */
type Yield = Readonly<{
  edits: Map<string, KeptEdits>;
  reads: Map<RepoId, RepositoryRead>;
  back: Map<string, SentBack>;
  rounds: Map<RepoId, number>;
  made: Map<RepoId, Made>;
}>;

/** Null: a run ended without a usable answer and was reported as what it is. The error is why no run can help. */
type Outcome<T> = Promise<Result<T, string> | null>;

type Here = Readonly<{ deps: ProposeDeps; now: Assignment; work: PlanWork; job: Job; course: Course; so: Yield }>;

const repoOf = ({ now, work }: Here, name: string): TakingPart => {
  const wanted = work.wanted.find((repo) => sameName(repo.name, name));
  const repo = now.repos.find(({ repoId }) => repoId === wanted?.repoId);
  if (repo === undefined) throw new Error(`${name} does not take part`);
  return repo;
};

/** The plan's own tasks, in the order of the course. */
const tasksIn = ({ work, course }: Here, repository: string) =>
  course.tasks.flatMap(({ id, repository: name }) =>
    sameName(name, repository) ? work.plan.document.tasks.filter((task) => task.id === id) : [],
  );

const onTopIn = ({ work }: Here, { repoId }: TakingPart): OnTop | null => work.onTop.get(repoId) ?? null;

const doneIn = (here: Here, repository: string, until: string | null = null): readonly KeptEdits[] => {
  const tasks = tasksIn(here, repository);
  const end = tasks.findIndex(({ id }) => id === until);
  return tasks
    .slice(0, end === -1 ? tasks.length : end)
    .flatMap(({ id }) => (here.course.done.has(id) ? (here.so.edits.get(id) ?? []) : []));
};

async function changesOf(here: Here, repo: TakingPart, edits: readonly KeptEdits[]): Promise<readonly FileChange[]> {
  const read = here.so.reads.get(repo.repoId);
  if (edits.length === 0 || read === undefined) return [];
  const { deps, job } = here;
  const reading = await deps.github.reading(repo.installationId, [repo.repoId], job.signal);
  const all = edits.flatMap(({ document }) => document.edits);
  const applied = await applyToBase(deps, reading, { repoId: repo.repoId, entries: read.entries }, all);
  return applied.ok ? applied.value : [];
}

async function elsewhereOf(here: Here, repo: TakingPart): Promise<readonly ProposedElsewhere[]> {
  const others: { repo: TakingPart; changes: readonly FileChange[] }[] = [];
  for (const other of here.work.wanted.filter(({ repoId }) => repoId !== repo.repoId)) {
    const changes = await changesOf(here, other, doneIn(here, other.name));
    if (changes.length > 0) others.push({ repo: other, changes });
  }
  return proposedElsewhere(here.deps.db.sql, here.now, repo, others);
}

async function ask(here: Here, id: string): Outcome<Course> {
  const { deps, now, work, job, course, so } = here;
  const task = work.plan.document.tasks.find((one) => one.id === id);
  if (task === undefined) throw new Error(`${id} is no task of the plan`);
  const repo = repoOf(here, task.repository);
  const before = doneIn(here, repo.name, id);
  const carried = await proposeTask(
    deps,
    now,
    {
      repo,
      plan: work.plan,
      task,
      tasks: tasksIn(here, repo.name),
      onTop: onTopIn(here, repo),
      before: { edits: before, changes: await changesOf(here, repo, before) },
      elsewhere: await elsewhereOf(here, repo),
      back: so.back.get(id) ?? null,
      mayStand: onTopIn(here, repo) === null && !so.edits.has(id) && !standsOnNew(course, id),
    },
    job,
  );
  if (carried === null || !carried.ok) return carried;
  so.edits.set(id, carried.value.edits);
  so.reads.set(repo.repoId, carried.value.read);
  return ok(finished(course, id, carried.value.renewed));
}

/** What goes back goes to the tasks that it is about; those that stand on them are asked again with what was said to them. */
const goBack = ({ course, so }: Here, mends: ReturnType<typeof mendsOf>): Course => {
  const after = sentBack(course, [...mends.keys()]);
  for (const { id } of course.tasks) {
    const edits = so.edits.get(id);
    const mend = mends.get(id) ?? so.back.get(id)?.mend;
    if (edits !== undefined && mend !== undefined && !after.done.has(id)) so.back.set(id, { mend, edits });
  }
  return after;
};

async function join(here: Here, repository: string): Outcome<Course> {
  const { deps, now, work, job, course, so } = here;
  const repo = repoOf(here, repository);
  const { repoId } = repo;
  const tasks = tasksIn(here, repository);
  const parts = tasks.flatMap((task) => {
    const edits = so.edits.get(task.id);
    return edits === undefined ? [] : [{ task, edits }];
  });
  const read = so.reads.get(repoId);
  if (read === undefined) throw new Error(`${repository} was not read`);
  const { plan } = work;
  const joined = await joinTasks(
    deps,
    now,
    { repo, plan, onTop: onTopIn(here, repo), parts, read, policy: work.policyFor(repoId) },
    job.signal,
  );
  if (!joined.ok) return joined;
  if (joined.value.kind === "misfit") {
    const again = sentBackUnfit(course, repository, joined.value.tasks, now.maxIterations + 1);
    return again === null ? err(`the edits of the tasks in ${repo.name} do not fit together`) : ok(again);
  }
  const made = await secondLook(here, joined.value.made);
  if (made === null) return null;
  const round = (so.rounds.get(repoId) ?? 0) + 1;
  const mends = mendsOf(made, tasks, now.delivery.attempt, round);
  so.made.set(repoId, made);
  // What people see in the end is the last state, whatever still speaks against it.
  if (mends.size === 0 || round > now.maxIterations) return ok(joinedNow(course, repository));
  so.rounds.set(repoId, round);
  return ok(goBack(here, mends));
}

/** Of what policy stops nobody is asked for an opinion. */
async function secondLook(here: Here, made: Made): Promise<Made | null> {
  const { deps, now, work, job } = here;
  if (made.content === null || now.judging === "skip") return made;
  const { plan } = work;
  const elsewhere = await elsewhereOf(here, made.repo);
  const report = await judgePatches(deps, { assignment: now, plan, made, elsewhere, ...job });
  return report === null ? null : { ...made, report };
}

/** All patch sets that are wanted, in the order of the repositories. */
export async function carryOut(
  deps: ProposeDeps,
  { delivery, repos }: Assignment,
  work: PlanWork,
  job: Job,
): Outcome<readonly Made[]> {
  const isWanted = (name: string): boolean => work.wanted.some((repo) => sameName(repo.name, name));
  const isFirst = ({ id, repository }: PlanTask): boolean =>
    work.plan.document.tasks.find((one) => sameName(one.repository, repository))?.id === id;
  const onTop = work.wanted.filter(({ repoId }) => work.onTop.has(repoId)).map(({ name }) => name);
  const tasks = work.plan.document.tasks.filter(
    (task) => isWanted(task.repository) && (!onTop.some((name) => sameName(name, task.repository)) || isFirst(task)),
  );
  const so: Yield = { edits: new Map(), reads: new Map(), back: new Map(), rounds: new Map(), made: new Map() };
  let course = begin(inOrder(tasks));
  for (let step = next(course); step.kind !== "end"; step = next(course)) {
    // Somebody may have stopped it, or changed the rules, while the run before was on its way.
    const now = await loadAssignment(deps.db.sql, delivery.id, delivery.attempt, "implement");
    if (now === null) return null;
    const here: Here = { deps, now, work, job, course, so };
    const came = step.kind === "ask" ? await ask(here, step.id) : await join(here, step.repository);
    if (came === null || !came.ok) return came;
    course = came.value;
  }
  const made = repos.flatMap(({ repoId }) => so.made.get(repoId) ?? []);
  return made.length === work.wanted.length ? ok(made) : err("not every repository has a patch set");
}
