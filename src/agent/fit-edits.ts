// Whether edits fit the repository that they are for; what does not is said so precisely that it can be mended.
import type { Edit, EditsDocument } from "../artifacts/edits.ts";
import type { PlanTask } from "../artifacts/plan.ts";
import { type BlobStoreDeps, readBlob } from "../context/blob-store.ts";
import { keptBack } from "../context/showable.ts";
import { shownFile } from "../context/shown-text.ts";
import type { Reading, TreeEntry } from "../github/reading.ts";
import type { RepoId } from "../ids.ts";
import { applyEdits, type EditProblem, filesNeeded } from "../patches/apply.ts";
import { type BaseFile, baseFile } from "../patches/base-file.ts";
import type { FileChange } from "../patches/patch-set.ts";
import { err, type Result } from "../result.ts";
import { excerpt } from "./excerpt.ts";
import { type SeenFile, unseenProblems } from "./unseen.ts";
import { written } from "./untrusted.ts";

export type Base = Readonly<{
  repoId: RepoId;
  /** The recursive listing at the base commit, whole. */
  entries: readonly TreeEntry[];
  /** Those that the edits are to serve, each of them. */
  tasks: readonly Pick<PlanTask, "id">[];
  /** Edits of tasks before these, which are made already. */
  before?: readonly Edit[];
  forbidden: (path: string) => boolean;
  /** The plan is carried out already, and this is on top of it: then a task needs no edit. */
  onTop?: boolean;
  /** Paths of the files that the briefing showed whole, as they are after `before`. */
  shownWhole: ReadonlySet<string>;
}>;

const shownProblem = async ({ edit, path, message, actual }: EditProblem): Promise<string> => {
  const where = [...(edit === null ? [] : [`edit ${edit + 1}`]), ...(path === null ? [] : [path])].join(", ");
  const said = `${where === "" ? "" : `${where}: `}${message}`;
  if (actual === null || path === null) return said;
  return `${said}\n${written([await excerpt(path, actual.whole, actual.line, actual.lines)])}`;
};

const taskProblems = ({ edits }: EditsDocument, { tasks, onTop = false }: Base): string[] => {
  const served = new Set(edits.map(({ task }) => task));
  const known = new Set(tasks.map(({ id }) => id));
  return [
    ...[...served]
      .filter((id) => !known.has(id))
      .map((id) => `${id} is not yours to serve. Yours: ${[...known].join(", ")}.`),
    ...(onTop ? [] : [...known].filter((id) => !served.has(id)).map((id) => `No edit serves ${id}.`)),
  ];
};

/** Files that are kept from the model cannot be edited by it either: it would be writing blindly, or told what stands there. */
const hiddenProblems = ({ edits }: EditsDocument, { entries, forbidden }: Base): string[] =>
  filesNeeded(edits)
    .filter(keptBack(entries, forbidden))
    .map((path) => `${path} is kept from you; leave it alone.`);

const readFiles = async (
  deps: BlobStoreDeps,
  reading: Pick<Reading, "blob">,
  { repoId, entries }: Pick<Base, "repoId" | "entries">,
  paths: readonly string[],
): Promise<Map<string, BaseFile>> => {
  const files = new Map<string, BaseFile>();
  for (const { path, mode, sha, type } of entries) {
    if (!paths.includes(path) || type === "tree") continue;
    const bytes = type === "commit" ? new Uint8Array() : await readBlob(deps, reading, repoId, sha);
    files.set(path, baseFile(mode, sha, bytes));
  }
  return files;
};

const seenFiles = async (
  files: ReadonlyMap<string, BaseFile>,
  whole: ReadonlySet<string>,
): Promise<Map<string, SeenFile>> => {
  const seen = new Map<string, SeenFile>();
  for (const [path, file] of files) {
    if (file.kind !== "text") continue;
    seen.set(path, { real: file.text, shown: await shownFile(file.text), whole: whole.has(path) });
  }
  return seen;
};

const treeOf = ({ entries }: Pick<Base, "entries">): ReadonlySet<string> =>
  new Set(entries.filter(({ type }) => type !== "tree").map(({ path }) => path));

/** Texts as the edits of before leave them, in the place of those of the base. */
const leftBy = (
  files: ReadonlyMap<string, BaseFile>,
  before: readonly Edit[],
  tree: ReadonlySet<string>,
): ReadonlyMap<string, BaseFile> => {
  const applied = applyEdits(files, before, tree);
  const left = new Map(files);
  if (before.length === 0 || !applied.ok) return left;
  for (const { path, previousPath, after, newBlob, newMode } of applied.value) {
    if (previousPath !== null) left.delete(previousPath);
    if (after === null || newBlob === null || newMode === null) left.delete(path);
    else left.set(path, { kind: "text", text: after, blob: newBlob, mode: newMode });
  }
  return left;
};

/** The changes that edits make of the base, or what does not fit; who made them is not asked what they saw. Throws GitHubError. */
export async function applyToBase(
  deps: BlobStoreDeps,
  reading: Pick<Reading, "blob">,
  base: Pick<Base, "repoId" | "entries">,
  edits: readonly Edit[],
): Promise<Result<FileChange[], EditProblem[]>> {
  return applyEdits(await readFiles(deps, reading, base, filesNeeded(edits)), edits, treeOf(base));
}

/** What these edits change of what those before them leave; null where they do not fit. Throws GitHubError. */
export async function ownChanges(
  deps: BlobStoreDeps,
  reading: Pick<Reading, "blob">,
  base: Base,
  { edits }: EditsDocument,
): Promise<readonly FileChange[] | null> {
  const { before = [] } = base;
  const files = await readFiles(deps, reading, base, filesNeeded([...before, ...edits]));
  const tree = treeOf(base);
  const left = leftBy(files, before, tree);
  const gone = [...files.keys()].filter((path) => !left.has(path));
  const applied = applyEdits(left, edits, new Set([...tree, ...left.keys()].filter((path) => !gone.includes(path))));
  return applied.ok ? applied.value : null;
}

/**
 * The changes that the edits make of the base, together with those before them, or the words for whoever made them. Throws
 * GitHubError.
 */
export async function fitEdits(
  deps: BlobStoreDeps,
  reading: Pick<Reading, "blob">,
  base: Base,
  document: EditsDocument,
): Promise<Result<FileChange[], string>> {
  const early = [...taskProblems(document, base), ...hiddenProblems(document, base)];
  if (early.length > 0) return err(early.join("\n"));
  const { before = [] } = base;
  const all = [...before, ...document.edits];
  const files = await readFiles(deps, reading, base, filesNeeded(all));
  const tree = treeOf(base);
  const seen = await seenFiles(leftBy(files, before, tree), base.shownWhole);
  const unseen = unseenProblems(document.edits, seen);
  if (unseen.length > 0) return err(unseen.join("\n"));
  const applied = applyEdits(files, all, tree);
  if (applied.ok) return applied;
  const mine = applied.error.map(({ edit, ...problem }) => ({
    ...problem,
    edit: edit === null ? null : edit - before.length,
  }));
  return err((await Promise.all(mine.map(shownProblem))).join("\n\n"));
}
