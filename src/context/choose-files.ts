// Which files of a repository, and which lines of them, a briefing shows. Everything is chosen and cut from cleaned texts. No I/O.
import type { Sha } from "../ids.ts";
import type { ChosenFile } from "./packet.ts";
import { type IndexedFile, indexFile, tokensOf } from "./retrieval/index-file.ts";
import { outlineLine, outlineOf } from "./retrieval/outline.ts";
import type { Question } from "./retrieval/question.ts";
import { type Retrieved, type RetrieveOptions, retrieve } from "./retrieval/retrieve.ts";
import { plainFile, shownFile } from "./shown-text.ts";
import type { Shown } from "./withheld.ts";

/** A file that may be shown, as it stands in the repository. */
export type Candidate = Readonly<{ path: string; sha: Sha; text: string }>;

export type Chosen = Readonly<{
  /** In the order of paths. */
  files: readonly ChosenFile[];
  /** Whole, as they may be shown: a briefing cuts the ranges from them. */
  texts: ReadonlyMap<Sha, string>;
  /** Characters divided by four, outlines included; never more than the budget. */
  tokens: number;
}>;

/** Of the budget, where not all fits: for the outlines of files that are shown in part. */
const OUTLINES = 0.08;

/** Indexing a large repository takes seconds; whoever else the process serves has a turn in between. */
const INDEXED_AT_ONCE = 50;

async function indexed(
  candidates: readonly Candidate[],
  pause: () => Promise<void>,
): Promise<Map<string, IndexedFile>> {
  const files = new Map<string, IndexedFile>();
  for (const [at, { path, text }] of candidates.entries()) {
    if (at % INDEXED_AT_ONCE === 0) await pause();
    files.set(path, indexFile({ path, text: plainFile(text) }));
  }
  return files;
}

/** The outline as far as `room` tokens reach. */
const outlined = ({ path, ranges, whole }: Retrieved, { text }: Shown, room: number) => {
  if (whole) return { outline: [], tokens: 0 };
  const all = outlineOf(path, text, ranges);
  let tokens = 0;
  const outline = all.filter((entry) => {
    const cost = tokensOf(`${outlineLine(entry)}\n`);
    if (tokens + cost > room) return false;
    tokens += cost;
    return true;
  });
  return { outline, tokens };
};

/**
 * The same for the same candidates in any order. Secrets are looked for in whole files before a line is cut out of them,
 * so none is missed because a range begins in the middle of it.
 */
export async function chooseFiles(
  question: Question,
  candidates: readonly Candidate[],
  { budget, first }: RetrieveOptions,
  pause: () => Promise<void>,
): Promise<Chosen> {
  const raw = new Map(candidates.map((file) => [file.path, file]));
  const files = await indexed(candidates, pause);
  const shown = new Map<string, Shown>();
  const choose = (): readonly Retrieved[] => {
    const all = [...files.values()];
    const fits = all.reduce((sum, { tokens }) => sum + tokens, 0) <= budget;
    return retrieve(question, all, { budget: fits ? budget : Math.floor(budget * (1 - OUTLINES)), first });
  };

  // What is taken out or made visible changes a text's length, and so what fits: until nothing new comes in.
  let retrieved = choose();
  for (;;) {
    const unclean = retrieved.filter(({ path }) => !shown.has(path));
    if (unclean.length === 0) break;
    for (const { path } of unclean) {
      const text = raw.get(path)?.text ?? "";
      const clean = await shownFile(text);
      shown.set(path, clean);
      if (clean.text !== plainFile(text)) files.set(path, indexFile({ path, text: clean.text }));
    }
    retrieved = choose();
  }

  let left = budget - retrieved.reduce((sum, { tokens }) => sum + tokens, 0);
  const texts = new Map<Sha, string>();
  const chosen = retrieved.flatMap((one): ChosenFile[] => {
    const [file, clean] = [raw.get(one.path), shown.get(one.path)];
    if (file === undefined || clean === undefined) return [];
    const { outline, tokens } = outlined(one, clean, left);
    left -= tokens;
    texts.set(file.sha, clean.text);
    return [
      {
        path: one.path,
        blob: file.sha,
        reason: one.reason,
        ranges: [...one.ranges],
        whole: one.whole,
        outline: [...outline],
        tokens: one.tokens + tokens,
        withheld: clean.withheld,
      },
    ];
  });
  return { files: chosen, texts, tokens: chosen.reduce((sum, { tokens }) => sum + tokens, 0) };
}
