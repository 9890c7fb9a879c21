// What the rules judge: changed files in one neutral form, whether they come from our own patches or a foreign diff.
import { lineChanges } from "../patches/diff.ts";
import type { FileChange } from "../patches/patch-set.ts";

/** One line without its newline; a carriage return stays. Numbers count from 1 in the file that has the line. */
export type Line = Readonly<{ number: number; text: string }>;

export type ProposedFile = Readonly<{
  kind: "create" | "modify" | "delete" | "rename";
  path: string;
  previousPath: string | null;
  /** Git's modes as text; null where the file is not, or where a foreign diff does not say. */
  oldMode: string | null;
  newMode: string | null;
  content: "text" | "binary" | "not_utf8";
  /** Whole texts; null where there is none, or where only the changed lines are known. */
  before: string | null;
  after: string | null;
  added: readonly Line[];
  removed: readonly Line[];
}>;

/** What is known of the tree that the change applies to. */
export type BaseTree = Readonly<{
  /** Mode of each file, link and submodule, by path. */
  modes: ReadonlyMap<string, string>;
  /** Texts of the `.gitattributes` files, by path. */
  attributes: ReadonlyMap<string, string>;
}>;

export type Proposal = Readonly<{ files: readonly ProposedFile[]; base: BaseTree | null }>;

/** The proposal that our own changes make. */
export const proposalOf = (changes: readonly FileChange[], base: BaseTree | null = null): Proposal => ({
  base,
  files: changes.map((change) => ({
    kind: change.kind,
    path: change.path,
    previousPath: change.previousPath,
    oldMode: change.oldMode,
    newMode: change.newMode,
    content: "text",
    before: change.before,
    after: change.after,
    ...lineChanges(change.before ?? "", change.after ?? ""),
  })),
});

/** Both names of a renamed file: taking a file away is a change to it. */
export const pathsOf = (file: ProposedFile): readonly string[] =>
  file.previousPath === null || file.previousPath === file.path ? [file.path] : [file.path, file.previousPath];

/** Where a reader finds the change to a file that may not be changed at all; null where lines were only taken away. */
export const firstLine = (file: ProposedFile): number | null => file.added[0]?.number ?? null;

const allLines = (text: string | null): readonly Line[] => {
  const lines = (text ?? "").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line, at) => ({ number: at + 1, text: line }));
};

/**
 * What a rule for files of one kind sees: a file that was called something else before is new to it, one that is called
 * something else afterwards is gone. Null when neither name is of that kind.
 */
export const asOfKind = (file: ProposedFile, isMeant: (path: string) => boolean): ProposedFile | null => {
  const [was, is] = [isMeant(file.previousPath ?? file.path), isMeant(file.path)];
  if (was === is) return is ? file : null;
  return is
    ? {
        ...file,
        kind: "create",
        before: null,
        added: file.after === null ? file.added : allLines(file.after),
        removed: [],
      }
    : {
        ...file,
        kind: "delete",
        after: null,
        added: [],
        removed: file.before === null ? file.removed : allLines(file.before),
      };
};

/** Whether the text of a file that comes is not known: copied or moved here by a diff that does not repeat it. */
export const isUnseen = (file: ProposedFile): boolean =>
  file.kind === "create" && file.after === null && file.content === "text";
