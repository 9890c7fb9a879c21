// What changed since the version that people saw last, so that nobody reads everything again. The approval is for the whole.
import type { DeltaFile } from "../../patches/delta.ts";
import { codeSpan, fence, htmlCode } from "../defuse.ts";
import type { PatchSetView, SinceView } from "../proposal-view.ts";
import { namesWithin } from "../words/lists.ts";
import { count, fold, joinWords, sentences, shortSha } from "../words/phrase.ts";
import { linesIn } from "./files.ts";

const FOR_THE_WHOLE = "An approval is for the whole patch set, not for what changed in it.";

const of = ({ delta }: SinceView, how: DeltaFile["how"]): readonly DeltaFile[] =>
  delta.files.filter((file) => file.how === how);

const counted = (since: SinceView): string => {
  const parts = (
    [
      ["different", "different"],
      ["added", "new"],
      ["dropped", "no longer part of it"],
      ["same", "as before"],
    ] as const
  ).flatMap(([how, words]) => {
    const { length } = of(since, how);
    return length === 0 ? [] : [{ length, words: `${length === 1 ? "is" : "are"} ${words}` }];
  });
  const [first, ...rest] = parts;
  if (first === undefined) return "";
  if (rest.length === 0 && first.words.endsWith("as before"))
    return "the files are as before; the texts around them changed";
  return joinWords(
    [`${count(first.length, "file")} ${first.words}`, ...rest.map(({ length, words }) => `${length} ${words}`)],
    "and",
  );
};

/** One line for the head; null for the first version. `left`: differences for which there is no room. */
export const deltaLine = ({ since, version }: PatchSetView, left: number): string | null => {
  if (since === null) return null;
  if (since.delta.stands === "on_top") {
    return `**On top of patch set ${since.version}**, which is written: all that patch set ${version} changes is shown below.`;
  }
  const room =
    left === 0
      ? null
      : `${count(left, "difference is", "differences are")} too long to be shown beside the whole, which is.`;
  return sentences(`**Since patch set ${since.version}**: ${counted(since)}.`, room, FOR_THE_WHOLE);
};

/** Bytes; names of many files are counted from there on. */
const LONGEST_NAMES = 3_000;

const line = (title: string, names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : [`- ${title}: ${namesWithin(names, LONGEST_NAMES)}`];

const paths = (files: readonly DeltaFile[]): readonly string[] => files.map(({ path }) => codeSpan(path));

const moved = (since: SinceView, { text }: PatchSetView): string | null =>
  since.delta.stands === "other_base"
    ? `The base moved from ${shortSha(since.baseSha)} to ${shortSha(text.baseSha)} in between: what others changed in these files meanwhile is among the differences.`
    : null;

const listOf = (since: SinceView, patchSet: PatchSetView): string =>
  [
    `**What changed since patch set ${since.version}**`,
    moved(since, patchSet),
    [
      ...line("Different", paths(of(since, "different"))),
      ...line("New, shown with the whole", paths(of(since, "added"))),
      ...line("No longer part of it", paths(of(since, "dropped"))),
      ...line("As before", paths(of(since, "same"))),
      ...line("Other texts, shown with the whole", since.delta.texts),
    ].join("\n"),
  ]
    .filter((part) => part !== null)
    .join("\n\n");

export type DeltaSections = Readonly<{ list: readonly string[]; differences: readonly string[] }>;

/** What stands before the whole: the list, and a folded difference for each file. Empty where there is nothing to compare. */
export const deltaSections = (patchSet: PatchSetView): DeltaSections => {
  const { since } = patchSet;
  if (since === null || since.delta.stands === "on_top") return { list: [], differences: [] };
  return {
    list: [listOf(since, patchSet)],
    differences: of(since, "different").map(({ path, diff }) =>
      fold(`${htmlCode(path)} since patch set ${since.version}, ${count(linesIn(diff), "line")}`, fence(diff, "diff")),
    ),
  };
};
