// Whether a patch set is in itself what it says: names of blobs are those of the texts, counts those of the diff.
import { lineChanges } from "./diff.ts";
import { blobSha } from "./git-objects.ts";
import type { FileChange, PatchSetContent } from "./patch-set.ts";

export type ContentProblem = Readonly<{
  code:
    | "unstorable_text"
    | "blob_is_not_text"
    | "contradictory_change"
    | "wrong_counts"
    | "path_twice"
    | "not_one_line";
  /** Of the change, or the field; never its content. */
  where: string;
}>;

/** What digest and database both keep as it is: either replaces the rest, and two texts would be approved as one. */
const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes("\0");
const isOneLine = (text: string): boolean => text.trim() !== "" && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);

const blobOf = (text: string | null) => (text === null ? null : blobSha(text));

const isContradictory = (change: FileChange): boolean => {
  const { kind, path, previousPath, before, after, oldMode, newMode } = change;
  if ((before === null) !== (kind === "create") || (after === null) !== (kind === "delete")) return true;
  if ((oldMode === null) !== (before === null) || (newMode === null) !== (after === null)) return true;
  if ((previousPath !== null) !== (kind === "rename") || previousPath === path) return true;
  return kind === "modify" && before === after && oldMode === newMode;
};

const ofChange = (change: FileChange): ContentProblem["code"] | null => {
  const { path, previousPath, before, after, tasks } = change;
  if (![path, previousPath ?? "", before ?? "", after ?? "", ...tasks].every(isStorable)) return "unstorable_text";
  if (isContradictory(change)) return "contradictory_change";
  if (blobOf(before) !== change.oldBlob || blobOf(after) !== change.newBlob) return "blob_is_not_text";
  const { added, removed } = lineChanges(before ?? "", after ?? "");
  return added.length === change.additions && removed.length === change.deletions ? null : "wrong_counts";
};

/** The first thing that is wrong, or null. Whether the tree is right is treeAfter's to say: it needs the base. */
export const checkContent = (content: PatchSetContent): ContentProblem | null => {
  for (const field of ["baseBranch", "branch", "commitHeadline", "commitBody", "pullTitle", "pullBody"] as const) {
    if (!isStorable(content[field])) return { code: "unstorable_text", where: field };
  }
  for (const field of ["baseBranch", "branch", "commitHeadline", "pullTitle"] as const) {
    if (!isOneLine(content[field])) return { code: "not_one_line", where: field };
  }
  const seen = new Set<string>();
  for (const change of content.changes) {
    const code = ofChange(change);
    if (code !== null) return { code, where: change.path };
    for (const path of change.previousPath === null ? [change.path] : [change.path, change.previousPath]) {
      if (seen.has(path)) return { code: "path_twice", where: path };
      seen.add(path);
    }
  }
  return null;
};
