// Walks a foreign diff line by line and accepts only what is wholly understood: what one tool skips, another applies.
import { type Hunks, readHunks } from "./diff-hunks.ts";
import { Lines, startsFile, startsHeading, startsSides, UnusableDiff } from "./diff-lines.ts";
import { fileName, gitNames, loneName, plainName } from "./diff-names.ts";

/** One file's headers, after they were found to agree. */
export type DiffFile = Readonly<{
  kind: "create" | "modify" | "delete" | "rename" | "copy";
  path: string;
  previousPath: string | null;
  oldMode: string | null;
  newMode: string | null;
  binary: boolean;
}> &
  Hunks;

export type ReadDiff = Readonly<{ files: readonly DiffFile[]; from: number; to: number }>;

/** What `patch` would find in the words before a diff: context diffs, ed scripts, diffs that are indented. */
const OTHER_DIFF =
  /^\*{3} |^\*{15}|^\d+(?:,\d+)?[acd]\d*(?:,\d+)?$|^\s+(?:diff --git |--- \S|\+\+\+ \S|@@ )|^(?:Index|Prereq): /;
/** Git's extended headers: each at most once. */
const EXTENDED = [
  "old mode ",
  "new mode ",
  "deleted file mode ",
  "new file mode ",
  "copy from ",
  "copy to ",
  "rename from ",
  "rename to ",
  "similarity index ",
  "dissimilarity index ",
  "index ",
] as const;
type Extended = Partial<Record<(typeof EXTENDED)[number], string>>;

const readExtended = (lines: Lines): Extended => {
  const found: Extended = {};
  for (;;) {
    const name = EXTENDED.find((prefix) => lines.line?.startsWith(prefix));
    if (name === undefined) return found;
    if (found[name] !== undefined) lines.stop("this header comes twice");
    if (name.endsWith("mode ") && !/mode [0-7]{6}$/.test(lines.line ?? "")) lines.stop("this is no file mode");
    const value = lines.take(name) ?? "";
    found[name] = value;
  }
};

/** True after a binary patch or the sentence that stands for one. */
const readBinary = (lines: Lines): boolean => {
  const sentence = /^Binary files .* differ$/.test(lines.line ?? "");
  if (!sentence && lines.line !== "GIT binary patch") return false;
  lines.at++;
  if (sentence) return true;
  // Lengths and base85 lines, which have no space, so that no header can hide among them.
  while (/^(?:(?:literal|delta) \d+|[A-Za-z][!-~]+|)$/.test(lines.line ?? "-- ")) lines.at++;
  return true;
};

type Sides = Readonly<{ old: string; now: string }>;

const readSides = (lines: Lines): Sides | null => {
  if (!startsSides(lines)) return null;
  const old = fileName(lines.take("--- ") ?? "");
  const now = fileName(lines.take("+++ ") ?? "");
  if (old === null || now === null || old === "" || now === "") lines.stop("the name of the file cannot be read");
  return { old, now };
};

const NOTHING = "/dev/null";

/** The name of the empty blob, as git shortens it. */
const EMPTY = "e69de29";

/** Whether the headers speak of content that changes: all but empty files, moves and modes. */
const needsHunks = (extended: Extended): boolean => {
  const [, old, now] = /^([0-9a-f]+)\.\.([0-9a-f]+)/.exec(extended["index "] ?? "") ?? [];
  if (old === undefined || now === undefined) return Object.keys(extended).length === 0;
  return old !== now && !old.startsWith(EMPTY) && !now.startsWith(EMPTY);
};

const readGitFile = (lines: Lines): DiffFile => {
  const header = lines.take("diff --git ") ?? "";
  const extended = readExtended(lines);
  const moved = (kind: "rename" | "copy") => {
    const [from, to] = [extended[`${kind} from `], extended[`${kind} to `]];
    if ((from === undefined) !== (to === undefined)) lines.stop(`one of the two names of the ${kind} is missing`);
    return from === undefined || to === undefined ? null : { kind, old: loneName(from), now: loneName(to) };
  };
  const [rename, copy] = [moved("rename"), moved("copy")];
  const [created, deleted] = [extended["new file mode "], extended["deleted file mode "]];
  if ([rename, copy, created, deleted].filter((one) => one !== null && one !== undefined).length > 1) {
    lines.stop("the headers say two things of one file");
  }
  const move = rename ?? copy;
  const names = gitNames(header).find(({ old, now }) =>
    move === null ? old === now : old === move.old && now === move.now,
  );
  if (names === undefined) lines.stop("the headers name different files");

  const binary = readBinary(lines);
  const sides = binary ? null : readSides(lines);
  if (sides !== null) {
    const old = created === undefined ? [names.prefixes.old + names.old, names.old] : [NOTHING];
    const now = deleted === undefined ? [names.prefixes.now + names.now, names.now] : [NOTHING];
    if (!old.includes(sides.old) || !now.includes(sides.now)) {
      lines.stop("the lines above the hunks name another file than the header");
    }
  }
  const hunks = readHunks(lines);
  if ((sides === null) !== (hunks.count === 0)) lines.stop("the diff of this file is not complete");
  if (hunks.count === 0 && !binary && needsHunks(extended)) lines.stop("the content of this file is missing");

  const shared = / ([0-7]{6})$/.exec(extended["index "] ?? "")?.[1] ?? null;
  const [oldMode, newMode] = [extended["old mode "], extended["new mode "]];
  if ((oldMode === undefined) !== (newMode === undefined)) lines.stop("one of the two modes is missing");
  return {
    kind: move?.kind ?? (created !== undefined ? "create" : deleted !== undefined ? "delete" : "modify"),
    path: names.now,
    previousPath: move === null ? null : names.old,
    // A copy is a new file: nothing was there before.
    oldMode: copy !== null ? null : (deleted ?? oldMode ?? (created === undefined ? shared : null)),
    newMode: created ?? newMode ?? (deleted === undefined ? shared : null),
    binary,
    ...hunks,
  };
};

const readPlainFile = (lines: Lines): DiffFile => {
  const heading = lines.take("Index: ");
  if (heading !== undefined || startsHeading(lines)) lines.at++;
  const sides = readSides(lines);
  if (sides === null) lines.stop("here a file should begin");
  const { old, now } = sides;
  const bare = (name: string, prefix: string) => (name.startsWith(prefix) ? name.slice(2) : name);
  const path = old === NOTHING ? bare(now, "b/") : now === NOTHING ? bare(old, "a/") : plainName({ old, now });
  if (path === null || path === NOTHING) lines.stop("the two lines above the hunks name different files");
  if (heading !== undefined && ![path, old, now].includes(heading)) lines.stop("the heading names another file");
  const hunks = readHunks(lines);
  if (hunks.count === 0) lines.stop("here a hunk should begin");
  const kind = old === NOTHING ? "create" : now === NOTHING ? "delete" : "modify";
  return { kind, path, previousPath: null, oldMode: null, newMode: null, binary: false, ...hunks };
};

/** Words that a commit's diff may end with: `-- `, git's version, empty lines. */
const isTrailer = (rest: readonly string[]): boolean => {
  const words = rest.filter((line) => line !== "");
  return words.length === 0 || (words[0] === "-- " && words.length === 2 && /^\d[\w.() -]{0,60}$/.test(words[1] ?? ""));
};

/** Throws UnusableDiff. `from` and `to` bound the lines of the diff itself: words may stand before and after it. */
export const readDiff = (text: readonly string[]): ReadDiff => {
  const lines = new Lines(text);
  while (lines.line !== undefined && !startsFile(lines)) {
    if (OTHER_DIFF.test(lines.line)) lines.stop("this looks like a diff of another format");
    if (/^(?:@@|diff --(?:cc|combined) )/.test(lines.line))
      lines.stop("a hunk or a combined diff, without a file that it is of");
    lines.at++;
  }
  const from = lines.at;
  if (lines.line === undefined) throw new UnusableDiff("there is no unified diff in it", null);
  const files: DiffFile[] = [];
  while (startsFile(lines)) {
    files.push(lines.line?.startsWith("diff --git ") ? readGitFile(lines) : readPlainFile(lines));
  }
  if (!isTrailer(text.slice(lines.at))) lines.stop("this line is no part of a diff");
  return { files, from, to: lines.at };
};
