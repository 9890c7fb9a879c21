// What undoes a delivery's change at one path, from the trees before and after its merge and the tree of now. No model. Pure.
import { FileMode } from "../patches/patch-set.ts";
import { type Entry, sameEntry } from "../provenance/changes.ts";
import { type Clash, isTooLong, type LineSpan, undoLines } from "./three-way.ts";

/** Null: nothing stands there. `text` is null where the entry is no text: a link, a submodule, other bytes. */
export type Side = Readonly<{ entry: Entry; text: string | null }> | null;

export type PathCase = Readonly<{ path: string; before: Side; after: Side; now: Side }>;

/** What shall stand at a path; null for nothing. */
export type Content = Readonly<{ mode: FileMode; text: string }> | null;

export const CONFLICTS = [
  /** Later commits changed the lines that were to be undone. */
  "same_lines",
  /** The delivery made the file, and others changed it. */
  "changed_since",
  /** The delivery changed the file, and others took it away. */
  "removed_since",
  /** The delivery took the file away, and others put another in its place. */
  "back_since",
  /** No text, so it cannot be shown and approved. */
  "not_text",
  /** Too many lines to be compared. */
  "too_long",
] as const;

export type Conflict = Readonly<{ path: string; why: (typeof CONFLICTS)[number]; lines: readonly LineSpan[] }>;

export type Undone =
  /** It is as it was before, whoever saw to that. */
  | Readonly<{ kind: "as_before" }>
  | Readonly<{ kind: "undo"; to: Content }>
  | Readonly<{ kind: "conflict"; conflict: Conflict }>;

const same = (one: Side, other: Side): boolean => sameEntry(one?.entry ?? null, other?.entry ?? null);

const conflict = (path: string, why: Conflict["why"], clashes: readonly Clash[] = []): Undone => ({
  kind: "conflict",
  conflict: { path, why, lines: clashes.map(({ span }) => span) },
});

/** Undefined where it is nothing that a patch set can hold. */
const contentOf = (side: Side): Content | undefined => {
  if (side === null) return null;
  const mode = FileMode.safeParse(side.entry.mode);
  return mode.success && side.text !== null ? { mode: mode.data, text: side.text } : undefined;
};

/** As with lines: a mode that others changed since stays, unless the delivery changed it too. */
const undoMode = (before: FileMode, after: FileMode, now: FileMode): FileMode => (now === after ? before : now);

const undoText = (
  path: string,
  before: NonNullable<Content>,
  after: NonNullable<Content>,
  now: NonNullable<Content>,
): Undone => {
  if (isTooLong(before.text, after.text, now.text)) return conflict(path, "too_long");
  const text = undoLines(before.text, after.text, now.text);
  if (!text.ok) return conflict(path, "same_lines", text.error);
  const mode = undoMode(before.mode, after.mode, now.mode);
  if (text.value === now.text && mode === now.mode) return { kind: "as_before" };
  return { kind: "undo", to: { mode, text: text.value } };
};

export const undoPath = ({ path, before, after, now }: PathCase): Undone => {
  if (same(before, now)) return { kind: "as_before" };
  const [was, became, is] = [contentOf(before), contentOf(after), contentOf(now)];
  if (was === undefined || is === undefined) return conflict(path, "not_text");
  if (same(after, now)) return { kind: "undo", to: was };
  if (became === undefined) return conflict(path, "not_text");
  if (is === null) return conflict(path, "removed_since");
  if (was === null) return conflict(path, "changed_since");
  return became === null ? conflict(path, "back_since") : undoText(path, was, became, is);
};
