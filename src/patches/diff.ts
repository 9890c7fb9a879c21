// The unified diff of one file, rendered from its text before and after and never from what a model wrote.
import { applyPatch, parsePatch, structuredPatch } from "diff";
import { err, ok, type Result } from "../result.ts";
import type { FileChange } from "./patch-set.ts";

type Hunk = Readonly<{
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
  lines: readonly string[];
}>;

const CONTEXT = 3;
/** Time grows with the square of the edits; past this number the changed middle is shown as replaced, which is as true. */
const MAX_EDITS = 2_000;
const NO_NEWLINE = "\\ No newline at end of file";

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Everything between the common beginning and the common end, as one hunk. */
const replacedMiddle = (before: string, after: string): Hunk[] => {
  const [old, now] = [linesOf(before), linesOf(after)];
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start++;
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const from = Math.max(0, start - CONTEXT);
  const tail = Math.min(CONTEXT, end);
  const marked = (mark: string, lines: readonly string[]) =>
    lines.flatMap((line) => (line.endsWith("\n") ? [mark + line.slice(0, -1)] : [mark + line, NO_NEWLINE]));
  return [
    {
      oldStart: from + 1,
      oldLines: old.length - end + tail - from,
      newStart: from + 1,
      newLines: now.length - end + tail - from,
      lines: [
        ...marked(" ", old.slice(from, start)),
        ...marked("-", old.slice(start, old.length - end)),
        ...marked("+", now.slice(start, now.length - end)),
        ...marked(" ", old.slice(old.length - end, old.length - end + tail)),
      ],
    },
  ];
};

const hunksOf = (before: string, after: string): readonly Hunk[] =>
  before === after
    ? []
    : (structuredPatch("", "", before, after, undefined, undefined, { context: CONTEXT, maxEditLength: MAX_EDITS })
        ?.hunks ?? replacedMiddle(before, after));

export type ChangedLine = Readonly<{ number: number; text: string }>;

/** The lines that the diff shows as added and removed, numbered from 1 in the new and the old text. */
export const lineChanges = (
  before: string,
  after: string,
): Readonly<{ added: readonly ChangedLine[]; removed: readonly ChangedLine[] }> => {
  const added: ChangedLine[] = [];
  const removed: ChangedLine[] = [];
  for (const hunk of hunksOf(before, after)) {
    let [old, now] = [hunk.oldStart, hunk.newStart];
    for (const line of hunk.lines) {
      if (line.startsWith("+")) added.push({ number: now++, text: line.slice(1) });
      else if (line.startsWith("-")) removed.push({ number: old++, text: line.slice(1) });
      else if (line.startsWith(" ")) {
        old++;
        now++;
      }
    }
  }
  return { added, removed };
};

const ESCAPES: ReadonlyMap<string, string> = new Map(
  Object.entries({ "\x07": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r" }),
);
const octal = (char: string): string => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`;

/** A name as git writes it in a diff: in quotes when it has characters that would break the line or the quotes. */
const quoted = (name: string): string =>
  /["\\]|\p{Cc}/u.test(name)
    ? `"${name.replace(/["\\]/g, "\\$&").replace(/\p{Cc}/gu, (char) => ESCAPES.get(char) ?? octal(char))}"`
    : name;

const range = (start: number, lines: number): string =>
  `${lines === 0 ? start - 1 : start}${lines === 1 ? "" : `,${lines}`}`;

const headerOf = (change: FileChange): string[] => {
  const old = change.previousPath ?? change.path;
  const lines = [`diff --git ${quoted(`a/${old}`)} ${quoted(`b/${change.path}`)}`];
  if (change.kind === "create") lines.push(`new file mode ${change.newMode}`);
  else if (change.kind === "delete") lines.push(`deleted file mode ${change.oldMode}`);
  else if (change.oldMode !== change.newMode) lines.push(`old mode ${change.oldMode}`, `new mode ${change.newMode}`);
  if (change.kind === "rename") {
    if (change.oldBlob === change.newBlob) lines.push("similarity index 100%");
    lines.push(`rename from ${quoted(old)}`, `rename to ${quoted(change.path)}`);
  }
  if (change.oldBlob !== change.newBlob) {
    const mode = change.oldMode === change.newMode ? ` ${change.newMode}` : "";
    lines.push(`index ${change.oldBlob ?? "0".repeat(40)}..${change.newBlob ?? "0".repeat(40)}${mode}`);
  }
  return lines;
};

/** Git's own format; ends with a newline. Line ends within the file stay as they are, carriage returns included. */
export const renderDiff = (change: FileChange): string => {
  const hunks = hunksOf(change.before ?? "", change.after ?? "");
  const lines = headerOf(change);
  if (hunks.length > 0) {
    // Git ends a name that has a space with a tab, so that nobody takes what follows the space for a date.
    const named = (name: string): string => `${quoted(name)}${name.includes(" ") ? "\t" : ""}`;
    lines.push(`--- ${change.before === null ? "/dev/null" : named(`a/${change.previousPath ?? change.path}`)}`);
    lines.push(`+++ ${change.after === null ? "/dev/null" : named(`b/${change.path}`)}`);
  }
  for (const hunk of hunks) {
    lines.push(`@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`, ...hunk.lines);
  }
  return `${lines.join("\n")}\n`;
};

/** What a diff of `renderDiff` makes of the text before; null is "no such file". An error when it does not fit. */
export const applyDiff = (before: string | null, diff: string): Result<string | null, "does_not_apply"> => {
  const at = diff.startsWith("@@ ") ? 0 : diff.indexOf("\n@@ ") + 1;
  const header = at === 0 ? diff : diff.slice(0, at);
  const [created, deleted] = [/^new file mode /m.test(header), /^deleted file mode /m.test(header)];
  if (created !== (before === null)) return err("does_not_apply");
  const text = before ?? "";
  const [patch] = at === 0 ? [] : parsePatch(`--- a\n+++ b\n${diff.slice(at)}`);
  const after = patch === undefined ? text : applyPatch(text, patch, { fuzzFactor: 0, autoConvertLineEndings: false });
  if (after === false || (deleted && after !== "")) return err("does_not_apply");
  return ok(deleted ? null : after);
};
