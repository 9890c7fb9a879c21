// Characters that a reader cannot see: shown by their code point, or taken out. Must not touch visible text.

/**
 * Controls, format characters (bidi, zero-width, tags), default ignorables, line and paragraph separators, the Braille
 * blank, halves of surrogate pairs, noncharacters. Tab and line feed are the two controls that text may have.
 */
const HIDDEN =
  "(?:(?![\\t\\n])[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}\\u2800])";
const EMOJI = "\\p{Extended_Pictographic}(?:[\\uFE0E\\uFE0F]|\\p{Emoji_Modifier})?";
/** Joiners and variation selectors belong to an emoji; anywhere else they can carry a message. */
const EMOJI_SEQUENCE = `${EMOJI}(?:\\u200D${EMOJI})*|[#*0-9]\\uFE0F\\u20E3`;
/** Marks that are put on one letter: no language needs more than this many, and a heap of them covers the lines around. */
const MOST_MARKS = 6;
const HEAP = `(?<=\\p{M}{${MOST_MARKS}})\\p{M}+`;
const HIDDEN_OR_EMOJI = new RegExp(`(${EMOJI_SEQUENCE})|(${HIDDEN}+)|(${HEAP})`, "gu");

const name = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

const shown = (run: string): string => {
  const [first = "", ...rest] = [...run];
  return rest.length === 0 ? `⟨${name(first)}⟩` : `⟨${name(first)} and ${rest.length} more⟩`;
};

const replaceHidden = (text: string, replacement: (run: string) => string): string =>
  text.replace(
    HIDDEN_OR_EMOJI,
    (_all, emoji: string | undefined, run: string | undefined, heap: string | undefined) =>
      emoji ?? replacement(run ?? heap ?? ""),
  );

/** Every line ending becomes a line feed. */
export const plainLines = (text: string): string => text.replace(/\r\n?|\u2028|\u2029|\u0085/g, "\n");

/** Hidden characters become `⟨U+202E⟩`, a run of them `⟨U+202E and 3 more⟩`. */
export const showHidden = (text: string): string => replaceHidden(text, shown);

/** For one-line names, where there is no room for code points: hidden characters are gone. */
export const dropHidden = (text: string): string => replaceHidden(text, () => "");

export const countHidden = (text: string): number => {
  let count = 0;
  replaceHidden(text, (run) => {
    count += [...run].length;
    return "";
  });
  return count;
};
