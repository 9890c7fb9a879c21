// Which files of a tree a model may be shown anything of: regular files that nothing keeps from it. Pure.
import type { TreeEntry } from "../github/reading.ts";

type Forbidden = (path: string) => boolean;

/** Blobs of what is never sent. Empty files are all alike, and no secret. */
const secretBlobs = (entries: readonly TreeEntry[], forbidden: Forbidden): ReadonlySet<string> =>
  new Set(entries.filter(({ path, size }) => size !== 0 && forbidden(path)).map(({ sha }) => sha));

/** Says of a path of the tree whether it is kept from models: by its name, or as a copy of what is. */
export function keptBack(entries: readonly TreeEntry[], forbidden: Forbidden): Forbidden {
  const secret = secretBlobs(entries, forbidden);
  const copies = new Set(entries.filter(({ sha }) => secret.has(sha)).map(({ path }) => path));
  return (path) => forbidden(path) || copies.has(path);
}

/** Without links, submodules, what is never sent, and copies of that under other names. In the order of the tree. */
export function showable(
  entries: readonly TreeEntry[],
  forbidden: Forbidden,
): readonly (TreeEntry & Readonly<{ size: number }>)[] {
  const secret = secretBlobs(entries, forbidden);
  return entries.flatMap((entry) => {
    const { path, sha, type, mode, size } = entry;
    const isRegular = type === "blob" && (mode === "100644" || mode === "100755") && size !== null;
    return isRegular && !forbidden(path) && !secret.has(sha) ? [{ ...entry, size }] : [];
  });
}
