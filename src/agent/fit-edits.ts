// Whether edits fit the repository that they are for; what does not is said so precisely that it can be mended.
import type { EditsDocument } from "../artifacts/edits.ts";
import type { PlanTask } from "../artifacts/plan.ts";
import { type BlobStoreDeps, readBlob } from "../context/blob-store.ts";
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
  /** The plan's tasks for this repository. */
  tasks: readonly PlanTask[];
  forbidden: (path: string) => boolean;
  /** Paths of the files that the briefing showed whole. */
  shownWhole: ReadonlySet<string>;
}>;

const shownProblem = async ({ edit, path, message, actual }: EditProblem): Promise<string> => {
  const where = [...(edit === null ? [] : [`edit ${edit + 1}`]), ...(path === null ? [] : [path])].join(", ");
  const said = `${where === "" ? "" : `${where}: `}${message}`;
  if (actual === null || path === null) return said;
  return `${said}\n${written([await excerpt(path, actual.whole, actual.line, actual.lines)])}`;
};

const taskProblems = ({ edits }: EditsDocument, tasks: readonly PlanTask[]): string[] => {
  const served = new Set(edits.map(({ task }) => task));
  const known = new Set(tasks.map(({ id }) => id));
  return [
    ...[...served].filter((id) => !known.has(id)).map((id) => `${id} is no task of this repository.`),
    ...[...known].filter((id) => !served.has(id)).map((id) => `No edit serves ${id}.`),
  ];
};

/** Files that are kept from the model cannot be edited by it either: it would be writing blindly. */
const hiddenProblems = ({ edits }: EditsDocument, forbidden: Base["forbidden"]): string[] =>
  filesNeeded(edits)
    .filter(forbidden)
    .map((path) => `${path} is kept from you; leave it alone.`);

const readFiles = async (
  deps: BlobStoreDeps,
  reading: Pick<Reading, "blob">,
  { repoId, entries }: Base,
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

/** The changes that the edits make, or the words for whoever made them. Throws GitHubError. */
export async function fitEdits(
  deps: BlobStoreDeps,
  reading: Pick<Reading, "blob">,
  base: Base,
  document: EditsDocument,
): Promise<Result<FileChange[], string>> {
  const early = [...taskProblems(document, base.tasks), ...hiddenProblems(document, base.forbidden)];
  if (early.length > 0) return err(early.join("\n"));
  const files = await readFiles(deps, reading, base, filesNeeded(document.edits));
  const seen = await seenFiles(files, base.shownWhole);
  const unseen = unseenProblems(document.edits, seen);
  if (unseen.length > 0) return err(unseen.join("\n"));
  const tree = new Set(base.entries.filter(({ type }) => type !== "tree").map(({ path }) => path));
  const applied = applyEdits(files, document.edits, tree);
  return applied.ok ? applied : err((await Promise.all(applied.error.map(shownProblem))).join("\n\n"));
}
