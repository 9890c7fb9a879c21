// Which files of a tree a model may be shown anything of: regular files that nothing keeps from it. Pure.
import type { TreeEntry } from "../github/reading.ts";

/** Without links, submodules, what is never sent, and copies of that under other names. In the order of the tree. */
export function showable(
  entries: readonly TreeEntry[],
  forbidden: (path: string) => boolean,
): readonly (TreeEntry & Readonly<{ size: number }>)[] {
  // Empty files are all alike, and no secret.
  const secret = new Set(entries.filter(({ path, size }) => size !== 0 && forbidden(path)).map(({ sha }) => sha));
  return entries.flatMap((entry) => {
    const { path, sha, type, mode, size } = entry;
    const isRegular = type === "blob" && (mode === "100644" || mode === "100755") && size !== null;
    return isRegular && !forbidden(path) && !secret.has(sha) ? [{ ...entry, size }] : [];
  });
}
