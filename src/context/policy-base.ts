// What policy rules need to know of the tree around a change: modes of all files, and what git is told about them.
import type { Reading, TreeEntry } from "../github/reading.ts";
import type { RepoId } from "../ids.ts";
import type { BaseTree } from "../policy/proposal.ts";
import { type BlobStoreDeps, readBlob, textOf } from "./blob-store.ts";

const ATTRIBUTES = /(^|\/)\.gitattributes$/;

/** `entries` is the recursive listing, whole. Throws GitHubError. */
export async function policyBase(
  deps: BlobStoreDeps,
  reading: Pick<Reading, "blob">,
  repoId: RepoId,
  entries: readonly TreeEntry[],
): Promise<BaseTree> {
  const files = entries.filter(({ type }) => type !== "tree");
  const attributes = new Map<string, string>();
  for (const { path, sha, type } of files) {
    if (type !== "blob" || !ATTRIBUTES.test(path)) continue;
    const text = textOf(await readBlob(deps, reading, repoId, sha));
    if (text !== null) attributes.set(path, text);
  }
  return { modes: new Map(files.map(({ path, mode }) => [path, mode])), attributes };
}
