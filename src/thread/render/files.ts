// The files of a patch set: the list that people read first, and their diffs, folded.

import { codeSpan, fence, htmlCode } from "../defuse.ts";
import type { FileView } from "../proposal-view.ts";
import { count, fold, joinWords } from "../words/phrase.ts";

export type ListedFile = Omit<FileView, "diff">;

export type Size = Readonly<{ files: number; additions: number; deletions: number }>;

export const sizeOfFiles = (files: readonly Pick<FileView, "additions" | "deletions">[]): Size => ({
  files: files.length,
  additions: files.reduce((sum, { additions }) => sum + additions, 0),
  deletions: files.reduce((sum, { deletions }) => sum + deletions, 0),
});

/** `+12 −4`, with a real minus. */
export const plusMinus = ({ additions, deletions }: Pick<FileView, "additions" | "deletions">): string =>
  `+${additions} −${deletions}`;

/** `3 files, +41 −6` */
export const sizeWords = (size: Size): string => `${count(size.files, "file")}, ${plusMinus(size)}`;

const KINDS: Readonly<Record<FileView["kind"], string>> = {
  create: "new, ",
  modify: "",
  delete: "deleted, ",
  rename: "",
};

const modes = ({ oldMode, newMode }: ListedFile): string | null =>
  oldMode !== null && newMode !== null && oldMode !== newMode
    ? `mode ${oldMode} becomes ${newMode}`
    : oldMode === null && newMode === "100755"
      ? "executable"
      : null;

const taskWords = (tasks: readonly string[]): string | null =>
  tasks.length === 0 ? null : `${tasks.length === 1 ? "task" : "tasks"} ${joinWords(tasks.map(codeSpan), "and")}`;

const fileLine = (file: ListedFile): string => {
  const from = file.previousPath === null ? "" : `${codeSpan(file.previousPath)} becomes `;
  const rest = [modes(file), taskWords(file.tasks)].filter((part) => part !== null);
  return `- ${from}${codeSpan(file.path)} ${[`${KINDS[file.kind]}${plusMinus(file)}`, ...rest].join(", ")}`;
};

export const fileList = (files: readonly ListedFile[]): string => files.map(fileLine).join("\n");

export const linesIn = (diff: string): number => (diff === "" ? 0 : diff.replace(/\n$/, "").split("\n").length);

/** One section a file; a diff without lines (a pure rename, a changed mode) has none. */
export const diffSections = (files: readonly FileView[]): readonly string[] =>
  files.flatMap((file) =>
    file.diff === ""
      ? []
      : [fold(`${htmlCode(file.path)}, ${count(linesIn(file.diff), "line")}`, fence(file.diff, "diff"))],
  );
