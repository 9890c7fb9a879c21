// What changed from one tree to another, path by path, and what people approved to change, in the same words. Pure.
import { z } from "zod";
import { Sha } from "../ids.ts";
import type { FileChange } from "../patches/patch-set.ts";

/** What stands at a path: a file, a link or a submodule, never a folder. Modes as git hashes them. */
export const Entry = z.object({ mode: z.string(), sha: Sha }).readonly();
export type Entry = z.infer<typeof Entry>;

/** Null: nothing stands there. */
export type Change = Readonly<{ before: Entry | null; after: Entry | null }>;
export type Changes = ReadonlyMap<string, Change>;

export const sameEntry = (one: Entry | null, other: Entry | null): boolean =>
  one === null || other === null ? one === other : one.sha === other.sha && one.mode === other.mode;

const entryOf = (sha: Sha | null, mode: string | null): Entry | null =>
  sha === null || mode === null ? null : { sha, mode };

/** What a patch set's changes do to the tree that they stand on; a rename empties one path and fills another. */
export const changesOf = (files: readonly FileChange[]): Changes => {
  const changes = new Map<string, Change>();
  for (const { kind, path, previousPath, oldBlob, oldMode, newBlob, newMode } of files) {
    const before = entryOf(oldBlob, oldMode);
    const after = entryOf(newBlob, newMode);
    if (kind === "rename" && previousPath !== null) {
      changes.set(previousPath, { before, after: null });
      changes.set(path, { before: null, after });
    } else changes.set(path, { before, after });
  }
  return changes;
};

/** One after the other, as one change; a path that is in the end as it was is not among them. */
export const oneAfterTheOther = (first: Changes, second: Changes): Changes => {
  const both = new Map(first);
  for (const [path, { before, after }] of second) {
    const start = first.has(path) ? (first.get(path)?.before ?? null) : before;
    if (sameEntry(start, after)) both.delete(path);
    else both.set(path, { before: start, after });
  }
  return both;
};
