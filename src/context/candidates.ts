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

/** Of the texts that are compared, in bytes: seconds of work, and all in memory. */
const MOST_COMPARED_BYTES = 16 * 1024 * 1024;

/** Files until their sizes come to `most` bytes. */
export const within = <T extends Readonly<{ size: number }>>(files: readonly T[], most: number): readonly T[] => {
  let bytes = 0;
  return files.filter(({ size }) => {
    bytes += size;
    return bytes <= most;
  });
};

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

/** What a briefing chooses from; of a very large repository the part whose paths have most to do with the question. */
export const compared = (
  entries: readonly TreeEntry[],
  forbidden: (path: string) => boolean,
  question: Question,
  first: readonly string[],
): readonly Readable[] => within(byPath(candidates(entries, forbidden), question, first), MOST_COMPARED_BYTES);
