// The edits of all tasks of a repository as one change of its base, and the patch set that it makes.
import { and, desc, eq, isNull } from "drizzle-orm";
import type { EditsDocument } from "../artifacts/edits.ts";
import type { PlanDocument, PlanTask } from "../artifacts/plan.ts";
import type { RepositoryRead } from "../context/read-repository.ts";
import { artifacts } from "../db/schema.ts";
import type { Reading } from "../github/reading.ts";
import { ArtifactId, type Digest } from "../ids.ts";
import { digestOf } from "../ledger/canonical.ts";
import type { FileChange } from "../patches/patch-set.ts";
import type { PolicySettings } from "../policy/settings.ts";
import { err, ok, type Result } from "../result.ts";
import type { Assignment, TakingPart } from "./assignment.ts";
import { brokenFilesApart } from "./broken-files-apart.ts";
import { applyToBase } from "./fit-edits.ts";
import type { KeptEdits } from "./kept-edits.ts";
import { type Made, makePatchSet } from "./make-patch-set.ts";
import type { OnTop } from "./on-top.ts";
import type { ProposeDeps } from "./propose-deps.ts";
import { recordArtifact } from "./record.ts";

export type Joining = Readonly<{
  repo: TakingPart;
  plan: Readonly<{ document: PlanDocument; digest: Digest }>;
  /** Where it stands, when a pull request is open already. */
  onTop: OnTop | null;
  /** In the order in which they were carried out, each with its edits. */
  parts: readonly Readonly<{ task: PlanTask; edits: KeptEdits }>[];
  read: RepositoryRead;
  policy: PolicySettings;
}>;

/** `misfit`: tasks whose edits no longer go with what those before them have become. */
export type Joined = Readonly<{ kind: "made"; made: Made }> | Readonly<{ kind: "misfit"; tasks: readonly string[] }>;

/** Not as long as a model's may be: nothing of it is cut. */
const togetherOf = (documents: readonly EditsDocument[]): EditsDocument => ({
  summary: [...new Set(documents.map((one) => one.summary.trim()))].join("\n\n"),
  edits: documents.flatMap(({ edits }) => edits),
});

/** What a patch set is made of, as one artifact; that of a single task is its own. The same parts are kept once. */
async function keptTogether(
  deps: ProposeDeps,
  { delivery, traceId }: Assignment,
  parts: readonly KeptEdits[],
): Promise<ArtifactId> {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only.artifactId;
  const document = togetherOf(parts.map((part) => part.document));
  const digest = digestOf(document);
  await deps.crash("propose.before.join");
  const kept = await deps.db.transaction(async (tx) => {
    const rows = await tx.sql
      .select({ id: artifacts.id, content: artifacts.content })
      .from(artifacts)
      .where(and(eq(artifacts.deliveryId, delivery.id), eq(artifacts.kind, "edits"), isNull(artifacts.runId)))
      .orderBy(desc(artifacts.id));
    const same = rows.find(({ content }) => digestOf(content) === digest);
    if (same !== undefined) return ArtifactId.parse(same.id);
    const facts = { deliveryId: delivery.id, traceId, runId: null, kind: "edits", at: deps.clock() } as const;
    return (await recordArtifact(tx, { ...facts, content: document })).id;
  });
  await deps.crash("propose.after.join");
  return kept;
}

/** Of those that changed a file, the last one: what it was given it left so. */
const lastToTouch = ({ parts }: Joining, changes: readonly FileChange[], path: string): string | undefined => {
  const touched = changes.find((change) => change.path === path)?.tasks ?? [];
  return parts.findLast(({ task }) => touched.includes(task.id))?.task.id;
};

/** Each task's edits were looked at with those before it; where one was sent back since, those after it are looked at here. */
async function misfits(
  deps: ProposeDeps,
  joining: Joining,
  reading: Pick<Reading, "blob">,
  signal: AbortSignal,
): Promise<Result<readonly FileChange[], readonly string[]>> {
  const { repo, parts, read } = joining;
  const edits = parts.flatMap((part) => part.edits.document.edits);
  const applied = await applyToBase(deps, reading, { repoId: repo.repoId, entries: read.entries }, edits);
  if (!applied.ok) {
    const [first] = applied.error.flatMap(({ edit }) => (edit === null ? [] : [edits[edit]?.task]));
    return err(first === undefined ? [] : [first]);
  }
  const broken = parts.length > 1 ? await brokenFilesApart(applied.value, signal) : [];
  const by = broken.flatMap(({ path }) => lastToTouch(joining, applied.value, path) ?? []);
  return by.length > 0 ? err([...new Set(by)]) : ok(applied.value);
}

/** The error says why no patch set can be made of them. Throws GitHubError. */
export async function joinTasks(
  deps: ProposeDeps,
  assignment: Assignment,
  joining: Joining,
  signal: AbortSignal,
): Promise<Result<Joined, string>> {
  const { repo, plan, onTop, parts, read, policy } = joining;
  const reading = await deps.github.reading(repo.installationId, [repo.repoId], signal);
  const changes = await misfits(deps, joining, reading, signal);
  if (!changes.ok) {
    return changes.error.length > 0
      ? ok({ kind: "misfit", tasks: changes.error })
      : err("the edits of all tasks together change nothing");
  }
  const artifactId = await keptTogether(
    deps,
    assignment,
    parts.map((part) => part.edits),
  );
  const summaries = parts.map(({ task, edits }) => ({ task: task.id, text: edits.document.summary.trim() }));
  const made = await makePatchSet(
    { blobs: deps, reading, words: deps.words },
    { assignment, repo, plan, onTop, read, policy, artifactId, summaries, changes: changes.value },
  );
  return made.ok ? ok({ kind: "made", made: made.value }) : made;
}
