// The name of the tree that a patch set will produce, computed from the listing of its base.
import type { TreeEntry } from "../github/reading.ts";
import type { Sha } from "../ids.ts";
import { err, ok, type Result } from "../result.ts";
import { isFolder, type TreeChild, treeSha } from "./git-objects.ts";
import type { FileChange, FileMode } from "./patch-set.ts";

export type TreeProblem = Readonly<{
  code: "listing_not_of_tree" | "impossible_path" | "path_is_taken" | "not_in_base" | "blob_differs" | "mode_differs";
  path: string;
}>;

/** What becomes of one path: a blob with its mode, or nothing. */
export type TreeEdit = Readonly<{ path: string; blob: Readonly<{ sha: Sha; mode: FileMode }> | null }>;

/** The lines that a tree on top of the base tree needs: a rename takes one path away and sets another. */
export const treeEdits = (changes: readonly FileChange[]): readonly TreeEdit[] =>
  changes.flatMap((change) => {
    const away = change.kind === "delete" ? change.path : change.previousPath;
    const removed: TreeEdit[] = away === null ? [] : [{ path: away, blob: null }];
    if (change.newBlob === null || change.newMode === null) return removed;
    return [...removed, { path: change.path, blob: { sha: change.newBlob, mode: change.newMode } }];
  });

type Folder = ReadonlyMap<string, TreeChild>;
type Listing = ReadonlyMap<string, Folder>;

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf("/"), 0));
const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const byFolder = (entries: readonly TreeEntry[]): Listing => {
  const folders = new Map<string, Map<string, TreeChild>>();
  for (const { path, mode, sha } of entries) {
    const folder = folders.get(parentOf(path)) ?? new Map<string, TreeChild>();
    folders.set(parentOf(path), folder.set(nameOf(path), { name: nameOf(path), mode: mode.replace(/^0+/, ""), sha }));
  }
  return folders;
};

/** Git refuses these, or another reader would follow them elsewhere. Policy speaks first; this is the second lock. */
const impossible = (path: string): boolean =>
  !path.isWellFormed() || path.includes("\0") || path.split("/").some((part) => /^(\.{0,2}|\.git)$/i.test(part));

/** Whether the changes are each about another file, and say of the base what it says of itself. */
const contradiction = (listing: Listing, changes: readonly FileChange[]): TreeProblem | null => {
  const seen = new Set<string>();
  for (const { kind, path, previousPath, oldBlob, oldMode } of changes) {
    for (const name of previousPath === null ? [path] : [path, previousPath]) {
      if (impossible(name)) return { code: "impossible_path", path: name };
      if (seen.has(name)) return { code: "path_is_taken", path: name };
      seen.add(name);
    }
    const at = (name: string) => listing.get(parentOf(name))?.get(nameOf(name));
    const there = at(path);
    if ((kind === "create" || kind === "rename") && there !== undefined && !isFolder(there)) {
      return { code: "path_is_taken", path };
    }
    if (kind === "create") continue;
    const old = kind === "rename" ? at(previousPath ?? path) : there;
    if (old === undefined || isFolder(old)) return { code: "not_in_base", path: previousPath ?? path };
    if (old.sha !== oldBlob) return { code: "blob_differs", path: previousPath ?? path };
    if (old.mode !== oldMode) return { code: "mode_differs", path: previousPath ?? path };
  }
  return null;
};

/** An edit as seen from a folder: what is left of its path. */
type Below = Readonly<{ rest: string; edit: TreeEdit }>;

/** The folder after the edits; null when nothing is left in it, because git keeps no empty folder. */
const rebuilt = (
  listing: Listing,
  path: string,
  listed: Sha | null,
  edits: readonly Below[],
): Result<Sha | null, TreeProblem> => {
  const children = new Map(listing.get(path) ?? []);
  if (listed !== null && treeSha(children.values()) !== listed) return err({ code: "listing_not_of_tree", path });

  for (const [name, group] of Map.groupBy(edits, ({ rest }) => rest.split("/", 1)[0] ?? rest)) {
    const here = path === "" ? name : `${path}/${name}`;
    const ofFile = group.filter(({ rest }) => rest === name);
    const deeper = group.filter(({ rest }) => rest !== name);
    if (ofFile.some(({ edit }) => edit.blob === null)) children.delete(name);
    if (deeper.length > 0) {
      const child = children.get(name);
      if (child !== undefined && !isFolder(child)) return err({ code: "path_is_taken", path: here });
      const below = deeper.map(({ rest, edit }) => ({ rest: rest.slice(name.length + 1), edit }));
      const folder = rebuilt(listing, here, child?.sha ?? null, below);
      if (!folder.ok) return folder;
      if (folder.value === null) children.delete(name);
      else children.set(name, { name, mode: "40000", sha: folder.value });
    }
    for (const { edit } of ofFile) {
      if (edit.blob === null) continue;
      const child = children.get(name);
      if (child !== undefined && isFolder(child)) return err({ code: "path_is_taken", path: here });
      children.set(name, { name, mode: edit.blob.mode, sha: edit.blob.sha });
    }
  }
  return ok(children.size === 0 && path !== "" ? null : treeSha(children.values()));
};

/**
 * The tree that the changes make of `base`. `entries` is its recursive listing with the directories in it; each folder
 * on the way to a change is hashed and compared, so that a listing that was cut short cannot pass. Folders that no
 * change touches keep their listed name.
 */
export const treeAfter = (
  base: Sha,
  entries: readonly TreeEntry[],
  changes: readonly FileChange[],
): Result<Sha, TreeProblem> => {
  const listing = byFolder(entries);
  const problem = contradiction(listing, changes);
  if (problem !== null) return err(problem);
  const edits = treeEdits(changes).map((edit) => ({ rest: edit.path, edit }));
  const root = rebuilt(listing, "", base, edits);
  return root.ok ? ok(root.value ?? treeSha([])) : root;
};
