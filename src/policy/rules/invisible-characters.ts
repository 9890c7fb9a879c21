// Characters in added lines that a reviewer does not see, or that show the line in another order than it is read.
import type { Finding, Rule } from "../rule.ts";

/** Format, private and unassigned characters, whatever renderers leave out, the blank Braille cell, and controls but tab. */
const SUSPECT = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u2800\u{1d159}]|(?!\t)\p{Cc}/gu;
/** Format characters that are drawn: Arabic and Syriac number signs, and their like in Kaithi and Egyptian. */
const DRAWN = /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}\u{13430}-\u{1343f}]/u;
const PICTURE = /\p{Extended_Pictographic}/u;
const JOINS = /[\u200c\u200d]/;
/** Scripts in which the joiners are spelling. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}]/u;

/** The whole character before a place. */
const before = (text: string, at: number): string => {
  const low = text.charCodeAt(at - 1);
  return low >= 0xdc00 && low <= 0xdfff ? text.slice(at - 2, at) : text.slice(at - 1, at);
};
const after = (text: string, at: number): string => String.fromCodePoint(text.codePointAt(at) ?? 0);

/** A joiner or selector that belongs to what is drawn around it. */
const belongs = (char: string, text: string, at: number): boolean => {
  const previous = before(text, at);
  const next = after(text, at + char.length);
  if (char === "\ufe0e" || char === "\ufe0f")
    return PICTURE.test(previous) || (/[0-9#*]/.test(previous) && next === "\u20e3");
  if (!JOINS.test(char)) return DRAWN.test(char);
  if (JOINING.test(previous) && JOINING.test(next)) return true;
  return (
    char === "\u200d" && (PICTURE.test(previous) || /[\ufe0f\u{1f3fb}-\u{1f3ff}]/u.test(previous)) && PICTURE.test(next)
  );
};

const name = (char: string): string => `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** The first such character of a line, with its place counted from 1; null when all can be seen. */
export const firstInvisible = (text: string): Readonly<{ name: string; column: number }> | null => {
  for (const match of text.matchAll(SUSPECT)) {
    const [char] = match;
    if (char === "\r" && match.index === text.length - 1) continue;
    if (!belongs(char, text, match.index)) return { name: name(char), column: match.index + 1 };
  }
  return null;
};

/** Wider than any screen that shows a diff. */
const FAR = 160;
const TAB = 8;

/** The column of a text that so many blanks push out of sight; null when nothing is. */
export const firstOutOfSight = (text: string): number | null => {
  let width = 0;
  for (const [at, char] of [...text].entries()) {
    if (char === "\t") width += TAB;
    else if (/\s/.test(char)) width++;
    else if (width >= FAR) return at + 1;
    else width = 0;
  }
  return null;
};

/** Tables in Markdown are padded to the width of their longest cell. */
const isTableRow = (path: string, text: string): boolean => /\.(?:md|mdx|markdown)$/i.test(path) && /^\s*\|/.test(text);

const MARK = "\ufeff";

export const invisibleCharacters: Rule = ({ files }) =>
  files.flatMap(({ path, before, added, removed }): Finding[] => {
    const marked =
      before?.startsWith(MARK) || removed.some(({ number, text }) => number === 1 && text.startsWith(MARK));
    return added.flatMap(({ number, text }) => {
      // A byte order mark that was there already may stay.
      const kept = marked && number === 1 && text.startsWith(MARK) ? 1 : 0;
      const found = firstInvisible(text.slice(kept));
      const far = isTableRow(path, text) ? null : firstOutOfSight(text);
      if (found === null)
        return far === null ? [] : [{ path, line: number, message: `Blanks push column ${far} out of sight.` }];
      const message = `${found.name} at column ${found.column + kept} is not seen, or changes the order in which the line is.`;
      return [{ path, line: number, message }];
    });
  });
