// Which later commits stand in the way of undoing a path: those with which the lines in question became others. Pure.
import { type Clash, isTooLong, undoLines } from "./three-way.ts";

/** What a path held at a commit; null where no text stood there. */
export type Version<C> = Readonly<{ commit: C; text: string | null }>;

/** Null where they cannot be compared. */
const clashesAt = (before: string, after: string, text: string): readonly Clash[] | null => {
  if (isTooLong(before, after, text)) return null;
  const undone = undoLines(before, after, text);
  return undone.ok ? [] : undone.error;
};

/** What others made of the lines; where they stand moves with every line above. */
const saying = (clashes: readonly Clash[] | null): string | null =>
  clashes === null ? null : JSON.stringify(clashes.map(({ now }) => now));

/**
 * `versions`: of each commit since the merge that touched the path, oldest first. Where no text can be compared, all of them.
 */
export const touchedBy = <C>(before: string | null, after: string | null, versions: readonly Version<C>[]): C[] => {
  if (before === null || after === null) return versions.map(({ commit }) => commit);
  let said = saying([]);
  return versions.flatMap(({ commit, text }) => {
    const now = text === null ? null : saying(clashesAt(before, after, text));
    const touched = now === null || now !== said;
    said = now ?? said;
    return touched ? [commit] : [];
  });
};
