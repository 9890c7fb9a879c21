// Edits to texts: applies what a proposer brought to the files of the base, or says what does not fit, so that it can be mended.
import type { Edit } from "../artifacts/edits.ts";
import { err, ok, type Result, unreachable } from "../result.ts";
import type { BaseFile } from "./base-file.ts";
import { keepFinalNewline, keepMark, lineEndOf, withLineEnd } from "./line-ends.ts";
import type { FileChange } from "./patch-set.ts";
import { type Actual, replaceOnce } from "./search.ts";
import { Workspace } from "./workspace.ts";

export type EditProblem = Readonly<{
  /** Position in the list of edits; null when all of them together are meant. */
  edit: number | null;
  path: string | null;
  code:
    | "missing_file"
    | "already_exists"
    | "path_is_taken"
    | "not_editable"
    | "not_found"
    | "ambiguous"
    | "no_change"
    | "not_text";
  /** For whoever made the edits. */
  message: string;
  /** What stands where the search was expected, when something like it does. */
  actual: Actual | null;
}>;

type Found = Pick<EditProblem, "code" | "message"> & { actual?: Actual | null };

/** Every path of the base that the edits read, or must not find: fetch those of them that exist. */
export const filesNeeded = (edits: readonly Edit[]): readonly string[] => [
  ...new Set(edits.flatMap((edit) => (edit.kind === "rename" ? [edit.path, edit.to] : [edit.path]))),
];

/** Text that UTF-8, git and Postgres all keep as it is. */
const isText = (text: string): boolean => text.isWellFormed() && !text.includes("\0");

const UNUSABLE = {
  symlink: "is a symbolic link",
  submodule: "is a submodule",
  odd_mode: "has a file mode that cannot be kept",
  binary: "is not a text file",
  not_utf8: "is not valid UTF-8",
} as const;

const problem = (code: Found["code"], message: string, actual: Actual | null = null): Found => ({
  code,
  message,
  actual,
});

const noChange = problem("no_change", "This edit changes nothing.");

/** Applies one edit; null means that it fitted. */
const applyOne = (files: Workspace, base: ReadonlyMap<string, BaseFile>, edit: Edit): Found | null => {
  const { path } = edit;
  const room = (at: string): Found | null => {
    if (files.exists(at)) return problem("already_exists", `\`${at}\` exists already.`);
    return files.isTaken(at) ? problem("path_is_taken", `\`${at}\` is a folder, or is under a file.`) : null;
  };
  if (edit.kind === "create") {
    if (!isText(edit.content)) return problem("not_text", "The content holds characters that are not text.");
    const inTheWay = room(path);
    if (inTheWay === null) files.write(path, edit.content, edit.task);
    return inTheWay;
  }

  const before = files.text(path);
  if (before === null) {
    const there = base.get(path);
    if (there?.kind === "unusable" && files.exists(path)) {
      return problem("not_editable", `\`${path}\` ${UNUSABLE[there.why]}; it cannot be edited.`);
    }
    return files.exists(path)
      ? problem("not_editable", `\`${path}\` was not read; it cannot be edited.`)
      : problem("missing_file", `There is no file \`${path}\`.`);
  }
  switch (edit.kind) {
    case "delete":
      files.remove(path, edit.task);
      return null;
    case "rename": {
      if (edit.to === path) return noChange;
      const inTheWay = room(edit.to);
      if (inTheWay === null) files.move(path, edit.to, edit.task);
      return inTheWay;
    }
    case "rewrite": {
      if (!isText(edit.content)) return problem("not_text", "The content holds characters that are not text.");
      const text = keepMark(before, keepFinalNewline(before, withLineEnd(edit.content, lineEndOf(before))));
      if (text === before) return noChange;
      files.write(path, text, edit.task);
      return null;
    }
    case "replace": {
      if (!isText(edit.replace)) return problem("not_text", "The replacement holds characters that are not text.");
      const searched = replaceOnce(before, edit.search, edit.replace);
      if (searched.found === "never") {
        const near = searched.actual === null ? "Nothing like it is there." : "What stands there instead is given.";
        return problem("not_found", `The search text is not in \`${path}\`. ${near}`, searched.actual);
      }
      if (searched.found === "often") {
        const lines = searched.lines.join(", ");
        return problem(
          "ambiguous",
          `The search text is in \`${path}\` more than once, at lines ${lines}. Quote more of it.`,
        );
      }
      const text = keepFinalNewline(before, searched.text);
      if (text === before) return noChange;
      files.write(path, text, edit.task);
      return null;
    }
    default:
      return unreachable(edit);
  }
};

/**
 * Applies the edits in their order, each to what the ones before it left. All or nothing: with any problem there are no
 * changes, and an edit to a file that an earlier one failed on is not judged. `tree` has every path of the base, so that
 * nothing is created over a file that was not read. Paths are not judged here: that is policy's.
 */
export const applyEdits = (
  base: ReadonlyMap<string, BaseFile>,
  edits: readonly Edit[],
  tree: ReadonlySet<string> = new Set(base.keys()),
): Result<FileChange[], EditProblem[]> => {
  const files = new Workspace(base, tree);
  const problems: EditProblem[] = [];
  const spoiled = new Set<string>();
  for (const [at, edit] of edits.entries()) {
    const touched = filesNeeded([edit]);
    if (touched.some((path) => spoiled.has(path))) continue;
    const found = applyOne(files, base, edit);
    if (found === null) continue;
    problems.push({ edit: at, path: edit.path, actual: null, ...found });
    for (const path of touched) spoiled.add(path);
  }
  if (problems.length > 0) return err(problems);
  const changes = files.changes();
  if (changes.length > 0) return ok(changes);
  const message = "All edits together change nothing.";
  return err([{ edit: null, path: null, code: "no_change", message, actual: null }]);
};
