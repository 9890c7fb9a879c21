// Undone paths as the changes of a patch set, on the tree of now. Pure.
import { lineChanges } from "../patches/diff.ts";
import { blobSha } from "../patches/git-objects.ts";
import type { FileChange } from "../patches/patch-set.ts";
import type { Content } from "./undo.ts";

export type UndonePath = Readonly<{ path: string; now: Content; to: Content }>;

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const change = (
  kind: FileChange["kind"],
  { path, now, to }: UndonePath,
  previousPath: string | null = null,
): FileChange => {
  const { added, removed } = lineChanges(now?.text ?? "", to?.text ?? "");
  return {
    kind,
    path,
    previousPath,
    oldBlob: now === null ? null : blobSha(now.text),
    newBlob: to === null ? null : blobSha(to.text),
    oldMode: now?.mode ?? null,
    newMode: to?.mode ?? null,
    before: now?.text ?? null,
    after: to?.text ?? null,
    additions: added.length,
    deletions: removed.length,
    // Nobody planned it.
    tasks: [],
  };
};

const isMoved = (gone: UndonePath, back: UndonePath): boolean =>
  gone.now !== null && back.to !== null && gone.now.text === back.to.text && gone.now.mode === back.to.mode;

/** In git's order. A file that only goes back to its old name is a rename, as people know it from the change that is undone. */
export const fileChanges = (undone: readonly UndonePath[]): FileChange[] => {
  const gone = undone.filter(({ to }) => to === null);
  const moved = new Map<UndonePath, UndonePath>();
  for (const back of undone.filter(({ now, to }) => now === null && to !== null)) {
    const from = gone.find((each) => isMoved(each, back) && ![...moved.values()].includes(each));
    if (from !== undefined) moved.set(back, from);
  }
  const sources = new Set(moved.values());
  return undone
    .filter((each) => !sources.has(each))
    .map((each) => {
      const from = moved.get(each);
      if (from !== undefined) return change("rename", { ...each, now: from.now }, from.path);
      return change(each.now === null ? "create" : each.to === null ? "delete" : "modify", each);
    })
    .sort((a, b) => byBytes(a.path, b.path));
};
