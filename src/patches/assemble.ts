// Puts together everything that a write will bring, so that one digest can stand for it.
import type { TreeEntry } from "../github/reading.ts";
import { err, ok, type Result } from "../result.ts";
import { type ContentProblem, checkContent } from "./check-content.ts";
import { PatchSetContent } from "./patch-set.ts";
import { type TreeProblem, treeAfter } from "./tree-after.ts";

/** All but the tree, which is computed. Words come rendered: nothing is added to them later but the commit's trailers. */
export type PatchSetDraft = Readonly<Omit<PatchSetContent, "tree">>;

/** `entries` is the recursive listing of `baseTree`, whole and with its directories. */
export const assemblePatchSet = (
  draft: PatchSetDraft,
  entries: readonly TreeEntry[],
): Result<PatchSetContent, TreeProblem | ContentProblem> => {
  const tree = treeAfter(draft.baseTree, entries, draft.changes);
  if (!tree.ok) return tree;
  const content = PatchSetContent.parse({ ...draft, tree: tree.value });
  const problem = checkContent(content);
  return problem === null ? ok(content) : err(problem);
};
