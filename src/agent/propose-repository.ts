// One repository's part of a plan, from its briefing to a patch set that was judged: bounded rounds of edits, policy and a second opinion.
import type { PlanDocument, PlanTask } from "../artifacts/plan.ts";
import type { Ceiling } from "../config/ceiling.ts";
import { briefDelivery } from "../context/brief.ts";
import type { Look } from "../context/look.ts";
import type { ContextPacket } from "../context/packet.ts";
import type { RepositoryRead } from "../context/read-repository.ts";
import { savePacket } from "../context/save-packet.ts";
import type { GitHub } from "../github/github.ts";
import type { Digest } from "../ids.ts";
import type { PolicySettings } from "../policy/settings.ts";
import { err, ok, type Result } from "../result.ts";
import { type Assignment, loadAssignment } from "./assignment.ts";
import type { Texts } from "./briefing.ts";
import { checkEdits } from "./check-edits.ts";
import { proposedElsewhere, proposedHere } from "./elsewhere.ts";
import { fitEdits } from "./fit-edits.ts";
import { judgePatches } from "./judge-patches.ts";
import { type KeptEdits, keptEdits } from "./kept-edits.ts";
import { type Made, makePatchSet, type PatchSetWords } from "./make-patch-set.ts";
import { mendOf } from "./mend.ts";
import { recordArtifact } from "./record.ts";
import { proposer } from "./roles/proposer.ts";
import { type RunDeps, runRole } from "./run-role.ts";
import { type SettleDeps, settle } from "./settle.ts";

export type ProposeRepositoryDeps = SettleDeps &
  RunDeps &
  Readonly<{ model: string; github: Pick<GitHub, "reading">; ceiling: Ceiling; words: PatchSetWords }>;

type Repo = Assignment["repos"][number];

export type RepositoryTask = Readonly<{
  repo: Repo;
  plan: Readonly<{ document: PlanDocument; digest: Digest }>;
  version: number;
  /** The plan's tasks for this repository. */
  tasks: readonly PlanTask[];
  policy: PolicySettings;
  /** In the repositories before this one. */
  made: readonly Made[];
}>;

type Job = Readonly<{ tries: number; signal: AbortSignal }>;

/** What every round is given: the repository as it was read, and the briefing of the first round. */
type Given = Readonly<{ packet: ContextPacket; texts: Texts; read: RepositoryRead; look: Look }>;

/** Null: a run ended without a usable answer and was reported as what it is. The error is why no run can help. */
type Outcome<T> = Promise<Result<T, string> | null>;

export async function proposeRepository(
  deps: ProposeRepositoryDeps,
  assignment: Assignment,
  task: RepositoryTask,
  job: Job,
): Outcome<Made> {
  const { delivery } = assignment;
  const briefed = await brief(deps, assignment, task, job);
  if (!briefed.ok) return briefed;
  const given = briefed.value;
  let packet = given.packet;
  for (let round = 1; ; round += 1) {
    // Somebody may have stopped it, or changed the rules, while the run before was on its way.
    const now = await loadAssignment(deps.db.sql, delivery.id, delivery.attempt, "implement");
    if (now === null) return null;
    const proposed = await propose(deps, now, task, { ...given, packet }, job);
    if (proposed === null || !proposed.ok) return proposed;
    const made = await secondLook(deps, now, task, proposed.value, given, job);
    if (made === null) return null;
    const mend = mendOf(made, delivery.attempt, round);
    // What people see in the end is the last state, whatever still speaks against it.
    if (mend === null || round > now.maxIterations) return ok(made);
    packet = { ...given.packet, proposed: await proposedHere(made), mend };
  }
}

async function brief(
  deps: ProposeRepositoryDeps,
  assignment: Assignment,
  { repo, plan, version, tasks, made }: RepositoryTask,
  { signal }: Job,
): Promise<Result<Given, string>> {
  const wanted = {
    repos: [repo],
    feedback: assignment.feedback.filter(({ scope }) => scope === repo.repoId),
    plan: { version, digest: plan.digest },
    about: tasks.flatMap(({ title, description }) => [title, description]),
    required: [...new Set(tasks.flatMap(({ files }) => files))],
    elsewhere: await proposedElsewhere(deps.db.sql, assignment, repo, made),
  };
  await deps.crash("propose.before.read");
  const briefed = await briefDelivery(deps, assignment, wanted, signal);
  if (!briefed.ok) return err(briefed.error.why);
  const { packet, texts, reads, look } = briefed.value;
  const [read] = reads;
  return read === undefined ? err(`${repo.name} could not be read`) : ok({ packet, texts, read, look });
}

/** Edits that fit, paid for once, and the patch set that they make. */
async function propose(
  deps: ProposeRepositoryDeps,
  assignment: Assignment,
  { repo, plan, tasks, policy }: RepositoryTask,
  { packet, texts, read, look }: Given,
  { tries, signal }: Job,
): Outcome<Made> {
  const { delivery, traceId } = assignment;
  const { id: deliveryId } = delivery;
  const contextHash = await deps.db.transaction((tx) =>
    savePacket(tx, { deliveryId, traceId, at: deps.clock(), packet }),
  );
  const reading = await deps.github.reading(repo.installationId, [repo.repoId], signal);
  const files = packet.repositories.flatMap((one) => one.files);
  const shownWhole = new Set(files.filter(({ whole }) => whole).map(({ path }) => path));
  const base = { repoId: repo.repoId, entries: read.entries, tasks, forbidden: read.forbidden, shownWhole };
  if ((await keptEdits(deps.db.sql, deliveryId, contextHash)) === null) {
    await deps.crash("propose.before.model");
    const input = { packet, texts, plan: plan.document, repository: repo.name };
    const run = await runRole(deps, proposer, input, {
      assignment,
      contextHash,
      model: assignment.models.proposer ?? deps.model,
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
  const kept: KeptEdits | null = await keptEdits(deps.db.sql, deliveryId, contextHash);
  if (kept === null) return null;
  const fitted = await fitEdits(deps, reading, base, kept.document);
  // Kept edits fitted this very base when they were recorded.
  if (!fitted.ok) return err(fitted.error);
  return makePatchSet(
    { blobs: deps, reading, words: deps.words },
    { assignment, repo, plan, read, policy, edits: kept, changes: fitted.value },
  );
}

/** Of what policy stops nobody is asked for an opinion. */
async function secondLook(
  deps: ProposeRepositoryDeps,
  { delivery }: Assignment,
  { plan }: RepositoryTask,
  made: Made,
  given: Given,
  { tries, signal }: Job,
): Promise<Made | null> {
  // The same after the proposer's.
  const assignment = await loadAssignment(deps.db.sql, delivery.id, delivery.attempt, "implement");
  if (assignment === null) return null;
  if (made.content === null || assignment.judging === "skip") return made;
  const report = await judgePatches(deps, { assignment, plan: plan.document, made, given, tries, signal });
  return report === null ? null : { ...made, report };
}
