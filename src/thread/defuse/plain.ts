// Text for places that know no Markdown, titles and commit messages, where neither an escape nor a code span helps:
// what GitHub, git or a CI service would act on is broken by a visible space or bracket.
import { dropHidden, plainLines } from "../../hidden-characters.ts";

const grouped = (digits: string): string =>
  /^\d+$/.test(digits) ? digits.replace(/\B(?=(?:\d{3})+$)/g, " ") : digits.replace(/(.{4})(?=.)/g, "$1 ");

/** "[skip ci]" and its kin switch off the checks that the delivery is judged by, over the end of a line too. */
const breakSkip = (text: string): string => text.replace(/\[([^[\]]*\b(?:skip|no)\b[^[\]]*)\]/gi, "($1)");

const breakActive = (line: string): string =>
  breakSkip(line)
    .replace(/(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])/gi, grouped)
    .replace(/(?<![A-Za-z0-9])@(?=[A-Za-z0-9])/g, "@ ")
    .replace(/#(?=\d)/g, "# ")
    .replace(/\b(gh)-(?=\d)/gi, "$1 ")
    .replace(/:(?=\/\/)/g, ": ")
    .replace(/\bwww\.(?=\S)/gi, "www. ")
    .replace(/:(?=[\w+-]+:)/g, ": ")
    .replace(/\*{3}(?=\w)/g, "** *")
    // A trailer of ours is the WriteGate's to write, which refuses words that look like one.
    .replace(/^(countersign)-/i, "$1 -")
    .replace(/^\/(?=\p{L})/u, "/ ");

const oneLine = (text: string): string =>
  breakActive(dropHidden(text.replace(/\s+/g, " ")).replace(/\s+/g, " ").trim());

const cut = (line: string, longest: number): string => {
  const characters = [...line];
  return characters.length <= longest
    ? line
    : `${characters
        .slice(0, longest - 1)
        .join("")
        .trimEnd()}…`;
};

/** A title or the first line of a commit message: one line, at most `longest` characters, "…" where it was cut. */
export const headline = (text: string, longest = 120): string =>
  // A cut can end a word where seven hexadecimal digits then stand alone: so once more.
  cut(breakActive(cut(oneLine(text), longest)), longest);

/** `Signed-off-by:` and the like in a commit message are statements that a model may not make. */
const breakTrailer = (line: string): string => line.replace(/^(\w+(?:-\w+)+)\s*:/, "$1 -");

/** The body of a commit message: lines as they are, each harmless, none of them a trailer. */
export const commitText = (text: string): string =>
  breakSkip(
    plainLines(text)
      .split("\n")
      .map((line) => breakTrailer(oneLine(line)))
      .join("\n"),
  )
    .replace(/\n{3,}/g, "\n\n")
    .trim();
