// Edits by somebody who was not shown all of a file: they may change what was shown, and must leave the rest as it is. Pure.
import type { Edit } from "../artifacts/edits.ts";
import { PLACEHOLDER } from "../context/secret-lines.ts";
import type { Shown } from "../context/withheld.ts";

const CODE_POINT = /⟨U\+[0-9A-F]{4,6}(?: and [0-9]+ more)?⟩/;

/** `whole`: the briefing showed all of its lines, and not only some or none. */
export type SeenFile = Readonly<{ real: string; shown: Shown; whole: boolean }>;

/** Why writing the file anew would lose something that its writer has not seen; null where it would not. */
const unseenOf = ({ real, whole, shown: { withheld } }: SeenFile): string | null => {
  if (withheld.secrets.length > 0 || withheld.hiddenCharacters > 0) return "parts of this file were kept from you";
  return whole || real === "" ? null : "not all of this file was shown to you";
};

/** The words of ours that stand for something else; a file that really has them may be quoted. */
const standIn = (text: string, real: string): string | null =>
  [PLACEHOLDER, CODE_POINT]
    .map((pattern) => pattern.exec(text)?.[0])
    .find((words) => words !== undefined && !real.includes(words)) ?? null;

const brought = (edit: Edit): readonly string[] => {
  switch (edit.kind) {
    case "create":
    case "rewrite":
      return [edit.content];
    case "replace":
      return [edit.search, edit.replace];
    case "rename":
    case "delete":
      return [];
  }
};

/** One sentence for each edit that cannot be taken, for whoever made it. `files` are those of the base that it needs. */
export const unseenProblems = (edits: readonly Edit[], files: ReadonlyMap<string, SeenFile>): readonly string[] => {
  const partial = new Map(
    [...files].flatMap(([path, file]) => {
      const why = unseenOf(file);
      return why === null ? [] : [[path, why] as const];
    }),
  );
  return edits.flatMap((edit, at) => {
    const { kind, path } = edit;
    const where = `edit ${at + 1}, ${path}`;
    const why = partial.get(path);
    if (kind === "rename" && why !== undefined) partial.set(edit.to, why);
    if ((kind === "rewrite" || kind === "create") && why !== undefined) {
      return [
        `${where}: ${why}, and writing it anew would lose what you have not seen. Use replace, on lines that you were shown.`,
      ];
    }
    const real = files.get(path)?.real ?? "";
    const found =
      brought(edit)
        .map((text) => standIn(text, real))
        .find((words) => words !== null) ?? null;
    return found === null
      ? []
      : [`${where}: ${found} is not what stands in the file: it was kept from you. Leave that line out of your edits.`];
  });
};
