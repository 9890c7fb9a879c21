// Changed files that no longer can be read as what they are: a config with a comma too many, code with a brace too few.
import type { FileChange } from "../patch-set.ts";
import type { Language, Misread } from "./language.ts";
import { languageOf } from "./languages.ts";

/** As much of a change as is needed. */
export type Changed = Pick<FileChange, "path" | "previousPath" | "before" | "after">;

export type BrokenFile = Misread & Readonly<{ path: string; language: string }>;

/** Longer files are seldom written by hand, and take too long to be read in passing. In UTF-16 units. */
const LONGEST = 256 * 1024;
/** Of all files together. */
const LONGEST_OF_ALL = 2 * 1024 * 1024;

/** What tests feed to parsers, to see them refuse it. */
const MEANT_TO_BE_BROKEN =
  /(?:^|\/)(?:tests?|specs?|__tests__|__fixtures__|fixtures?|testdata)\/(?:.*[/._-])?(?:bad|broken|corrupt(?:ed)?|errors?|fail(?:s|ing)?|invalid|malformed|syntax[-_]?errors?|wrong)(?:[/._-]|$)/i;
/** A name that still has to be filled in. */
const TEMPLATE_PATH = /\{\{|\{%|<%|__[A-Z_]+__\//;

export const isJudged = ({ path, after }: Changed): boolean =>
  after !== null &&
  after.length <= LONGEST &&
  languageOf(path) !== null &&
  !MEANT_TO_BE_BROKEN.test(path) &&
  !TEMPLATE_PATH.test(path);

/**
 * `unknown` where the parser fails instead of answering, such as on a text nested too deeply: a fault of a parser is held
 * against nobody's file.
 */
const look = async (language: Language, path: string, text: string): Promise<Misread | "sound" | "unknown"> => {
  try {
    const read = await language.load();
    return read(text, path) ?? "sound";
  } catch {
    return "unknown";
  }
};

const wasSound = async ({ path, previousPath, before }: Changed): Promise<boolean> => {
  if (before === null) return true;
  const pathBefore = previousPath ?? path;
  const language = languageOf(pathBefore);
  // What was too long, or nothing that could be read, says nothing about what it is now.
  if (language === null || before.length > LONGEST) return true;
  return (await look(language, pathBefore, before)) === "sound";
};

/** Those that could be read before, or are new, and now cannot. Pure, but for parsers that are loaded when they are needed. */
export async function brokenFiles(changes: readonly Changed[]): Promise<readonly BrokenFile[]> {
  const found: BrokenFile[] = [];
  let room = LONGEST_OF_ALL;
  for (const change of changes) {
    const { path, after } = change;
    const language = languageOf(path);
    if (language === null || after === null || !isJudged(change) || after.length > room) continue;
    room -= after.length;
    const now = await look(language, path, after);
    if (now === "sound" || now === "unknown" || language.placeholder.test(after)) continue;
    if (await wasSound(change)) found.push({ path, language: language.name, ...now });
  }
  return found;
}
