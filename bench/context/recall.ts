// Context recall: of what real commits changed, how much would a model have been shown, within the budget and before the fact?
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type IndexedFile, indexFile } from "../../src/context/retrieval/index-file.ts";
import { isMachineMade } from "../../src/context/retrieval/kinds.ts";
import { retrieve } from "../../src/context/retrieval/retrieve.ts";
import { bm25Files, bm25Regions, type Method, type Shown, type SourceFile } from "./baselines.ts";
import { type Case, type Changed, casesOf } from "./cases.ts";
import { filesOf, textsOf } from "./git.ts";

/** Tokens, characters divided by four. */
const BUDGET = 30_000;
const CASES_EACH = 40;
const MOST_FILE_BYTES = 200_000;

type Recall = Readonly<{ files: number; lines: number }>;

const readFiles = ({ repository, parent }: Case, texts: Map<string, string>): readonly SourceFile[] => {
  const entries = filesOf(repository, parent).filter(
    ({ path, bytes }) => bytes > 0 && bytes <= MOST_FILE_BYTES && !isMachineMade(path),
  );
  const unread = entries.map(({ blob }) => blob).filter((blob) => !texts.has(blob));
  for (const [blob, text] of textsOf(repository, [...new Set(unread)])) texts.set(blob, text);
  return entries.flatMap(({ path, blob }) => {
    const text = texts.get(blob);
    return text === undefined ? [] : [{ path, blob, text }];
  });
};

const ours = (): Method => {
  const kept = new Map<string, IndexedFile>();
  const indexed = (file: SourceFile): IndexedFile => {
    const key = `${file.blob} ${file.path}`;
    const known = kept.get(key) ?? indexFile(file);
    kept.set(key, known);
    return known;
  };
  return (message, files, budget) => {
    const [title = "", ...body] = message.split("\n");
    const chosen = retrieve({ title, body: body.join("\n") }, files.map(indexed), { budget, first: [] });
    return new Map(chosen.map(({ path, ranges }) => [path, ranges.map(({ from, to }) => [from, to] as const)]));
  };
};

/** Shares of the files and of the changed lines that were shown; null where there was nothing to be found. */
const recallOf = (truth: readonly Changed[], shown: Shown): Recall | null => {
  if (truth.length === 0) return null;
  const isShown = (path: string, line: number): boolean =>
    shown.get(path)?.some(([from, to]) => line >= from && line <= to) ?? false;
  const lines = truth.flatMap((change) => change.lines.map((line) => isShown(change.path, line)));
  return {
    files: truth.filter(({ path }) => shown.has(path)).length / truth.length,
    lines: lines.filter(Boolean).length / lines.length,
  };
};

const mean = (recalls: readonly Recall[]): Recall => {
  const average = (pick: (recall: Recall) => number): number =>
    Math.round((recalls.reduce((sum, recall) => sum + pick(recall), 0) / Math.max(1, recalls.length)) * 1000) / 1000;
  return { files: average(({ files }) => files), lines: average(({ lines }) => lines) };
};

const isRepository = (folder: string): boolean => existsSync(join(folder, ".git")) || existsSync(join(folder, "HEAD"));

/** The folder itself where it is a repository, else those below it, down to two levels. */
const repositoriesIn = (folder: string, depth = 2): readonly string[] => {
  if (isRepository(folder)) return [folder];
  if (depth === 0) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => repositoriesIn(join(folder, name), depth - 1));
};

/** One line for each repository and one for all; every case counts the same. Folders default to the project's own. */
export async function contextRecall(folders: readonly string[]) {
  const repositories = (folders.length === 0 ? ["."] : folders).flatMap((folder) => repositoriesIn(folder));
  const methods = { ours: ours(), bm25Files, bm25Regions } as const;
  type Found = Readonly<Record<keyof typeof methods, readonly Recall[]>> & Readonly<{ apart: readonly Recall[] }>;
  const none: Found = { ours: [], bm25Files: [], bm25Regions: [], apart: [] };

  const lineOf = (found: Found, repository: string | null) => ({
    name: "context-recall",
    ...(repository === null ? {} : { repository }),
    ...mean(found.ours),
    bm25Files: mean(found.bm25Files).files,
    bm25FilesLines: mean(found.bm25Files).lines,
    bm25Regions: mean(found.bm25Regions),
    testsAndLocks: mean(found.apart),
    cases: found.ours.length,
    budget: BUDGET,
  });

  const lines: ReturnType<typeof lineOf>[] = [];
  let all = none;
  for (const repository of repositories) {
    const texts = new Map<string, string>();
    let found = none;
    for (const one of casesOf(repository, CASES_EACH)) {
      const files = readFiles(one, texts);
      const shown = {
        ours: methods.ours(one.message, files, BUDGET),
        bm25Files: methods.bm25Files(one.message, files, BUDGET),
        bm25Regions: methods.bm25Regions(one.message, files, BUDGET),
      };
      const add = (key: keyof Found, recall: Recall | null) => (recall === null ? found[key] : [...found[key], recall]);
      found = {
        ours: add("ours", recallOf(one.truth, shown.ours)),
        bm25Files: add("bm25Files", recallOf(one.truth, shown.bm25Files)),
        bm25Regions: add("bm25Regions", recallOf(one.truth, shown.bm25Regions)),
        apart: add("apart", recallOf(one.apart, shown.ours)),
      };
    }
    if (repositories.length > 1) lines.push(lineOf(found, repository));
    all = {
      ours: [...all.ours, ...found.ours],
      bm25Files: [...all.bm25Files, ...found.bm25Files],
      bm25Regions: [...all.bm25Regions, ...found.bm25Regions],
      apart: [...all.apart, ...found.apart],
    };
  }
  return [...lines, lineOf(all, null)];
}
