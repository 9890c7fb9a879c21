// One task of a plan, from its briefing to edits that fit onto those of the tasks before it. What was paid for is not asked for again.
import type { Edit } from "../artifacts/edits.ts";
import type { PlanDocument, PlanTask } from "../artifacts/plan.ts";
import { briefDelivery } from "../context/brief.ts";
import type { Look } from "../context/look.ts";
import type { CarriedOut, ContextPacket, Mend, ProposedElsewhere } from "../context/packet.ts";
import type { RepositoryRead } from "../context/read-repository.ts";
import { savePacket } from "../context/save-packet.ts";
import type { Reading } from "../github/reading.ts";
import type { Digest } from "../ids.ts";
import { digestOf } from "../ledger/canonical.ts";
import type { FileChange } from "../patches/patch-set.ts";
import { err, ok, type Result } from "../result.ts";
import type { Assignment, TakingPart } from "./assignment.ts";
import type { Texts } from "./briefing.ts";
import { checkEdits } from "./check-edits.ts";
import { proposedHere, standingHere } from "./elsewhere.ts";
import { type Base, fitEdits, ownChanges } from "./fit-edits.ts";
import { type KeptEdits, keptEdits, standingEdits } from "./kept-edits.ts";
import type { OnTop } from "./on-top.ts";
import type { ProposeDeps } from "./propose-deps.ts";
import { recordArtifact } from "./record.ts";
import { proposer } from "./roles/proposer.ts";
import { runRole } from "./run-role.ts";
import { settle } from "./settle.ts";
import { shownWhole } from "./shown-whole.ts";
import { concernedByWords } from "./tasks/concerned.ts";
import { earlierFiles, textsAfter } from "./tasks/earlier.ts";
import { sameName } from "./tasks/order.ts";

export type Job = Readonly<{ tries: number; signal: AbortSignal }>;

/** What a task that was sent back is asked with: what speaks against its edits, and these. */
export type SentBack = Readonly<{ mend: Mend; edits: KeptEdits }>;

export type TaskWork = Readonly<{
  repo: TakingPart;
  plan: Readonly<{ document: PlanDocument; digest: Digest; version: number }>;
  task: PlanTask;
  /** All of this repository. */
  tasks: readonly PlanTask[];
  /** On an open pull request the tasks are carried out: then `task` only stands for all that is still to be changed. */
  onTop: OnTop | null;
  /** Edits of the tasks before it, in their order, and what they come to. */
  before: Readonly<{ edits: readonly KeptEdits[]; changes: readonly FileChange[] }>;
  elsewhere: readonly ProposedElsewhere[];
  back: SentBack | null;
  /** Whether edits of an earlier attempt may stand as they are. */
  mayStand: boolean;
}>;

/** `renewed`: not those of an earlier attempt. */
export type Carried = Readonly<{ edits: KeptEdits; read: RepositoryRead; renewed: boolean }>;

type Given = Readonly<{ packet: ContextPacket; texts: Texts; read: RepositoryRead; look: Look }>;

const wordsOf = (onTop: OnTop | null): readonly string[] =>
  onTop === null || onTop.analysis === null
    ? []
    : [onTop.analysis.cause, onTop.analysis.wouldFix, ...onTop.analysis.evidence.map(({ line }) => line)];

const tasksOf = ({ tasks }: PlanDocument, { name }: TakingPart) =>
  tasks.filter(({ repository }) => sameName(repository, name));

async function brief(
  deps: ProposeDeps,
  assignment: Assignment,
  { repo, plan, task, tasks, onTop, before, elsewhere }: TaskWork,
  { signal }: Job,
): Promise<Result<Given, string>> {
  const { title, description, files } = task;
  const isAbout = ({ scope, words }: Assignment["feedback"][number]): boolean =>
    scope === repo.repoId && (onTop !== null || concernedByWords(words, tasks).includes(task.id));
  const wanted = {
    repos: [onTop === null ? repo : { ...repo, baseSha: onTop.parent }],
    feedback: assignment.feedback.filter(isAbout),
    plan: { version: plan.version, digest: plan.digest },
    about: [title, description, ...wordsOf(onTop)],
    required: [...new Set(onTop === null ? files : tasksOf(plan.document, repo).flatMap((one) => one.files))],
    elsewhere,
    instead: textsAfter(before.changes),
  };
  await deps.crash("propose.before.read");
  const briefed = await briefDelivery(deps, assignment, wanted, signal);
  if (!briefed.ok) return err(briefed.error.why);
  const { packet, texts, reads, look } = briefed.value;
  const [read] = reads;
  if (read === undefined) return err(`${repo.name} could not be read`);
  if (onTop !== null) {
    const standing = await standingHere(deps.db.sql, assignment.delivery.id, repo);
    const analysis = onTop.analysis === null ? {} : { analysis: onTop.analysis };
    return ok({ packet: { ...packet, standing: standing === null ? [] : [standing], ...analysis }, texts, read, look });
  }
  const carried: CarriedOut = {
    id: task.id,
    after: before.edits.map(({ document }) => digestOf(document)),
    ...(await earlierFiles(before.changes)),
  };
  return ok({ packet: { ...packet, task: carried }, texts, read, look });
}

const editsOf = (kept: readonly KeptEdits[]): readonly Edit[] => kept.flatMap(({ document }) => document.edits);

async function paidFor(
  deps: ProposeDeps,
  assignment: Assignment,
  { plan, repo }: TaskWork,
  { texts, look }: Given,
  packet: ContextPacket,
  fits: { reading: Reading; base: Base },
  { tries, signal }: Job,
): Promise<KeptEdits | null> {
  const { delivery, traceId } = assignment;
  const contextHash = await deps.db.transaction((tx) =>
    savePacket(tx, { deliveryId: delivery.id, traceId, at: deps.clock(), packet }),
  );
  const kept = await keptEdits(deps.db.sql, delivery.id, contextHash);
  if (kept !== null) return kept;
  await deps.crash("propose.before.model");
  const input = { packet, texts, plan: plan.document, repository: repo.name };
  const run = await runRole(deps, proposer, input, {
    assignment,
    contextHash,
    model: assignment.models.proposer ?? deps.model,
    signal,
    look,
    check: async (document) => {
      const checked = await checkEdits(deps, fits.reading, fits.base, document, signal);
      return checked.ok ? ok(null) : checked;
    },
  });
  await settle(deps, "propose", run, tries, async (tx, runId, document) => {
    const facts = { deliveryId: delivery.id, traceId, runId, kind: "edits", at: deps.clock() } as const;
    await recordArtifact(tx, { ...facts, content: document });
    return null;
  });
  return keptEdits(deps.db.sql, delivery.id, contextHash);
}

/** Null: the run ended without a usable answer and was reported as what it is. The error is why no run can help. */
export async function proposeTask(
  deps: ProposeDeps,
  assignment: Assignment,
  work: TaskWork,
  job: Job,
): Promise<Result<Carried, string> | null> {
  const { repo, task, before, back } = work;
  const briefed = await brief(deps, assignment, work, job);
  if (!briefed.ok) return briefed;
  const given = briefed.value;
  const { entries, forbidden } = given.read;
  const reading = await deps.github.reading(repo.installationId, [repo.repoId], job.signal);
  const base: Base = {
    repoId: repo.repoId,
    entries,
    tasks: work.onTop === null ? [task] : tasksOf(work.plan.document, repo),
    onTop: work.onTop !== null,
    forbidden,
    before: editsOf(before.edits),
    shownWhole: shownWhole(given.packet),
  };
  if (back === null && work.mayStand) {
    const standing = await standingEdits(deps.db.sql, assignment.delivery, given.packet);
    const fitted = standing === null ? null : await fitEdits(deps, reading, base, standing.document);
    if (standing !== null && fitted?.ok) return ok({ edits: standing, read: given.read, renewed: false });
  }
  const mending = async (): Promise<Pick<ContextPacket, "proposed" | "mend">> => {
    if (back === null) return {};
    const changes = (await ownChanges(deps, reading, base, back.edits.document)) ?? [];
    return { proposed: await proposedHere({ repo, changes }), mend: back.mend };
  };
  const packet = { ...given.packet, ...(await mending()) };
  const edits = await paidFor(deps, assignment, work, given, packet, { reading, base }, job);
  if (edits === null) return null;
  const fitted = await fitEdits(deps, reading, base, edits.document);
  // Kept edits fitted these very edits before them when they were recorded.
  return fitted.ok ? ok({ edits, read: given.read, renewed: true }) : err(fitted.error);
}
