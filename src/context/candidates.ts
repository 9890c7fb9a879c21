// Which files of a tree are worth reading for a briefing, and in which order where there are too many to read all. Pure.
import type { TreeEntry } from "../github/reading.ts";
import { indexFile } from "./retrieval/index-file.ts";
import { isMachineMade } from "./retrieval/kinds.ts";
import { type Question, seek } from "./retrieval/question.ts";
import { rank } from "./retrieval/rank.ts";
import { showable } from "./showable.ts";

/** Larger files are data, or made by machines. */
const MOST_FILE_BYTES = 200_000;

type Readable = ReturnType<typeof showable>[number];

/** Texts that people write, as far as their paths and sizes tell. */
export const candidates = (entries: readonly TreeEntry[], forbidden: (path: string) => boolean): readonly Readable[] =>
  showable(entries, forbidden).filter(({ path, size }) => size <= MOST_FILE_BYTES && !isMachineMade(path));

/** By what the paths alone tell: `first` first, then those with the words of the question, then by name. */
export function byPath<T extends Readable>(
  files: readonly T[],
  question: Question,
  first: readonly string[],
): readonly T[] {
  const { fileScores } = rank(
    files.map(({ path }) => indexFile({ path, text: "" })),
    seek(question),
  );
  const order = new Map(first.map((path, at) => [path, at]));
  return files
    .map((file, at) => ({ file, at: order.get(file.path) ?? first.length, score: fileScores[at] ?? 0 }))
    .toSorted((a, b) => a.at - b.at || b.score - a.score || (a.file.path < b.file.path ? -1 : 1))
    .map(({ file }) => file);
}
