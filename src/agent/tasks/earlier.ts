// What tasks have changed in a repository, for whoever carries out the next one there: files as they now are.
import type { CarriedOut, EarlierFile } from "../../context/packet.ts";
import { shownFile } from "../../context/shown-text.ts";
import { NOTHING_WITHHELD } from "../../context/withheld.ts";
import { renderDiff } from "../../patches/diff.ts";
import type { FileChange } from "../../patches/patch-set.ts";

/** Characters over all files, and of one that is shown whole: of a longer one its diff says enough. */
const MOST_CHARACTERS = 80_000;
const LONGEST_WHOLE = 24_000;

const gone = (path: string, tasks: readonly string[]): EarlierFile => ({
  path,
  tasks: [...tasks],
  form: "gone",
  text: null,
  withheld: NOTHING_WITHHELD,
});

const fileOf = async (change: FileChange): Promise<EarlierFile> => {
  const { path, tasks, after } = change;
  if (after === null) return gone(path, tasks);
  const whole = await shownFile(after);
  if (whole.text.length <= LONGEST_WHOLE) return { path, tasks, form: "whole", ...whole };
  return { path, tasks, form: "diff", ...(await shownFile(renderDiff(change))) };
};

/** As far as there is room, in the order of the changes. */
export async function earlierFiles(changes: readonly FileChange[]): Promise<Pick<CarriedOut, "files" | "leftOut">> {
  let room = MOST_CHARACTERS;
  let leftOut = 0;
  const files: EarlierFile[] = [];
  for (const change of changes) {
    if (change.kind === "rename" && change.previousPath !== null) files.push(gone(change.previousPath, change.tasks));
    const file = await fileOf(change);
    const length = file.text?.length ?? 0;
    if (length > room) leftOut += 1;
    else {
      room -= length;
      files.push(file);
    }
  }
  return { files, leftOut };
}

/** By path, as looks are to find them. */
export const textsAfter = (changes: readonly FileChange[]): ReadonlyMap<string, string | null> =>
  new Map(
    changes.flatMap(({ path, previousPath, after }) => [
      ...(previousPath === null || previousPath === path ? [] : [[previousPath, null] as const]),
      [path, after] as const,
    ]),
  );
