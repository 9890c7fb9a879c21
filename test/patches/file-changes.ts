// Changes for tests, with blobs and counts as they must be.
import { lineChanges } from "../../src/patches/diff.ts";
import { blobSha } from "../../src/patches/git-objects.ts";
import type { FileChange } from "../../src/patches/patch-set.ts";

type Given = Partial<Pick<FileChange, "previousPath" | "before" | "after" | "oldMode" | "newMode" | "tasks">>;

/** The kind follows from what is given: no `before` is a new file, no `after` a deleted one. */
export const fileChange = (path: string, given: Given): FileChange => {
  const { previousPath = null, before = null, after = null, tasks = ["T1"] } = given;
  const { added, removed } = lineChanges(before ?? "", after ?? "");
  return {
    kind: before === null ? "create" : after === null ? "delete" : previousPath === null ? "modify" : "rename",
    path,
    previousPath,
    oldBlob: before === null ? null : blobSha(before),
    newBlob: after === null ? null : blobSha(after),
    oldMode: before === null ? null : (given.oldMode ?? "100644"),
    newMode: after === null ? null : (given.newMode ?? given.oldMode ?? "100644"),
    before,
    after,
    additions: added.length,
    deletions: removed.length,
    tasks,
  };
};
