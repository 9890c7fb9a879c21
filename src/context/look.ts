// Looks further than a briefing: folders, lines and words of the same repositories at the same commits. It can only read.
import type { TreeEntry } from "../github/reading.ts";
import { showHidden } from "../hidden-characters.ts";
import type { Sha } from "../ids.ts";
import { err, ok, type Result } from "../result.ts";
import { linesOf } from "./retrieval/index-file.ts";
import { isMachineMade } from "./retrieval/kinds.ts";
import { showable } from "./showable.ts";
import { shownFile } from "./shown-text.ts";

/**
 * Read-only looks into the repositories of a briefing, at their base commits. The error is a sentence for the model. Answers
 * are bounded and say what they leave out; they hold nothing that a briefing would keep back. Their text is untrusted.
 * Throws GitHubError.
 */
export interface Look {
  /** What stands in a folder; the empty name is the root. */
  readonly list: (repository: string, folder: string) => Promise<Result<string, string>>;
  /** Lines `from` to `to`, counted from 1, both included. */
  readonly read: (repository: string, path: string, from: number, to: number) => Promise<Result<string, string>>;
  /** Lines that hold a text, whatever its case, as `path:line: text`. The text is no pattern. */
  readonly search: (repository: string, text: string) => Promise<Result<string, string>>;
}

export type LookedAt = Readonly<{
  /** owner/name */
  name: string;
  /** The recursive listing, whole. */
  entries: readonly TreeEntry[];
  forbidden: (path: string) => boolean;
  /** As it is in the repository; null where it is no text. */
  text: (sha: Sha) => Promise<string | null>;
  /** The texts among these that are at hand without asking anybody. */
  kept: (shas: readonly Sha[]) => Promise<ReadonlyMap<Sha, string>>;
}>;

/** Characters of one answer: some 3,000 tokens. */
const MOST_CHARACTERS = 12_000;
/** Larger files are data, or made by machines. */
const MOST_FILE_BYTES = 1_000_000;
const LONGEST_FOUND_LINE = 240;
const SHORTEST_SOUGHT = 2;
const LONGEST_SOUGHT = 200;
const SEARCHED_AT_ONCE = 100;

/** One line of an answer: a name can hold a line break, and what nobody sees. */
const oneLine = (text: string): string => showHidden(text.replaceAll("\n", "\u240A"));

/** As many lines as fit, whole, and how many that were. */
const fitting = (lines: readonly string[]): Readonly<{ text: string; shown: number }> => {
  let room = MOST_CHARACTERS;
  const kept: string[] = [];
  for (const line of lines) {
    room -= line.length + 1;
    if (room < 0) break;
    kept.push(line);
  }
  return { text: kept.join("\n"), shown: kept.length };
};

const listed = ({ entries, forbidden }: LookedAt, folder: string): Result<string, string> => {
  const prefix = folder === "" ? "" : `${folder}/`;
  const inside = entries.filter(({ path }) => path.startsWith(prefix));
  const files = inside.filter(({ type }) => type !== "tree");
  if (files.length === 0) return err(`There is no folder ${JSON.stringify(folder)}. List the root with an empty name.`);
  const nameOf = (path: string): string => path.slice(prefix.length).split("/")[0] ?? "";
  const below = Map.groupBy(files, ({ path }) => nameOf(path));
  const lines = [...below].map(([name, within]) => {
    const [first] = within;
    if (first === undefined || first.path !== prefix + name) return `${oneLine(name)}/ (${within.length} files below)`;
    const { path, mode, type, size } = first;
    if (type === "commit") return `${oneLine(name)} (a submodule)`;
    if (mode === "120000") return `${oneLine(name)} (a link)`;
    return `${oneLine(name)} (${forbidden(path) ? "kept from you" : `${size ?? 0} bytes`})`;
  });
  const { text, shown } = fitting(lines);
  return ok(shown === lines.length ? text : `${text}\n(${lines.length - shown} more are not listed)`);
};

/** The lines of a file as they may be shown, or why there are none. */
const linesAt = async (repository: LookedAt, path: string): Promise<Result<readonly string[], string>> => {
  const quoted = JSON.stringify(path);
  const entry = repository.entries.find((one) => one.path === path);
  if (entry === undefined || entry.type === "tree") return err(`There is no file ${quoted}. List its folder.`);
  if (repository.forbidden(path)) return err(`${quoted} is kept from you.`);
  const file = showable(repository.entries, repository.forbidden).find((one) => one.path === path);
  if (file === undefined) return err(`${quoted} is a link, a submodule, or a copy of what is kept from you.`);
  if (file.size > MOST_FILE_BYTES) return err(`${quoted} is too large to be read: ${file.size} bytes.`);
  const text = await repository.text(file.sha);
  // Cleaned whole: a secret that is cut in half would no longer look like one.
  return text === null ? err(`${quoted} is no text.`) : ok(linesOf((await shownFile(text)).text));
};

const readLines = async (
  repository: LookedAt,
  path: string,
  from: number,
  to: number,
): Promise<Result<string, string>> => {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 1 || to < from)
    return err("Name the first and the last line, counted from 1.");
  const found = await linesAt(repository, path);
  if (!found.ok) return found;
  const lines = found.value;
  if (from > lines.length) return err(`${JSON.stringify(path)} has ${lines.length} lines only.`);
  const asked = lines.slice(from - 1, to);
  const { text, shown } = fitting(asked);
  if (shown === 0) return err(`Line ${from} of ${JSON.stringify(path)} is too long to be shown.`);
  const last = from + shown - 1;
  const rest =
    shown === asked.length ? "" : `; ${asked.length - shown} more lines did not fit, read on from line ${last + 1}`;
  return ok(`(lines ${from} to ${last} of ${lines.length}${rest})\n${text}`);
};

const foundIn = async (path: string, text: string, sought: string): Promise<readonly string[]> => {
  if (!text.toLowerCase().includes(sought)) return [];
  const { text: shown } = await shownFile(text);
  return linesOf(shown).flatMap((line, at) => {
    if (!line.toLowerCase().includes(sought)) return [];
    const cut = line.length > LONGEST_FOUND_LINE ? `${line.slice(0, LONGEST_FOUND_LINE)}…` : line;
    return [`${oneLine(path)}:${at + 1}: ${cut}`];
  });
};

const searched = async (repository: LookedAt, text: string): Promise<Result<string, string>> => {
  const sought = text.toLowerCase();
  if (sought.trim().length < SHORTEST_SOUGHT || sought.length > LONGEST_SOUGHT || sought.includes("\n"))
    return err(`Search for ${SHORTEST_SOUGHT} to ${LONGEST_SOUGHT} characters of one line.`);
  const files = showable(repository.entries, repository.forbidden).filter(
    ({ path, size }) => size <= MOST_FILE_BYTES && !isMachineMade(path),
  );
  const lines: string[] = [];
  let searchedFiles = 0;
  let room = MOST_CHARACTERS;
  // Cleaning a text takes its time: what would not be shown is not cleaned either.
  for (let at = 0; at < files.length && room > 0; at += SEARCHED_AT_ONCE) {
    const some = files.slice(at, at + SEARCHED_AT_ONCE);
    const texts = await repository.kept(some.map(({ sha }) => sha));
    for (const { path, sha } of some) {
      const kept = texts.get(sha);
      if (kept === undefined || room <= 0) continue;
      searchedFiles += 1;
      const found = await foundIn(path, kept, sought);
      lines.push(...found);
      room -= found.reduce((sum, { length }) => sum + length + 1, 0);
    }
  }
  const { text: found, shown } = fitting(lines);
  const where = `${searchedFiles} of ${files.length} files were searched`;
  if (lines.length === 0) return ok(`(nothing found; ${where})`);
  const all = shown === lines.length && room > 0;
  const what = all
    ? `${shown} lines found`
    : `the first ${shown} lines found, there may be more: search for more of the line`;
  return ok(`(${what}; ${where})\n${found}`);
};

/** Repositories are known by owner/name, paths by exactly what the tree calls them: nothing is resolved. */
export function createLook(repositories: readonly LookedAt[]): Look {
  const within = async (
    name: string,
    look: (repository: LookedAt) => Result<string, string> | Promise<Result<string, string>>,
  ): Promise<Result<string, string>> => {
    const found = repositories.find((one) => one.name.toLowerCase() === name.toLowerCase());
    const names = repositories.map((one) => one.name).join(", ");
    return found === undefined
      ? err(`There is no repository ${JSON.stringify(name)} here. There is: ${names}.`)
      : look(found);
  };
  return {
    list: (repository, folder) => within(repository, (found) => listed(found, folder.replace(/\/$/, ""))),
    read: (repository, path, from, to) => within(repository, (found) => readLines(found, path, from, to)),
    search: (repository, text) => within(repository, (found) => searched(found, text)),
  };
}
