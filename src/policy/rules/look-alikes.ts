// Words that mix letters of several alphabets, and signs that are drawn like others: what is read is not what is there.
import { type ProposedFile, pathsOf } from "../proposal.ts";
import { type Finding, quote, type Rule } from "../rule.ts";

const WORD = /[\p{L}\p{M}\p{N}_]+/gu;
/** Alphabets with letters that are drawn like Latin ones. */
const ALPHABETS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u] as const;
const OTHERS = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u;
/** Greek letters that stand for quantities: one of them at the end or beginning of a Latin word is common. */
const QUANTITY = /^[\u0391-\u03a9\u03b1-\u03c9\u00b5]$/u;
const MATHEMATICAL = /[\u{1d400}-\u{1d7ff}\uff21-\uff5a]/u;
/** The Greek question mark, the Greek grave, the division and the fraction slash, other colons, and look-alike operators. */
const SIGN = /[\u037e\u1fef\u2044\u2215\u02d0\ua789\u2236\uff1b\uff08\uff09\uff1d\u01c3]/u;
/** Where these are written, full-width signs are the ordinary ones. */
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const ASCII = /[A-Za-z]/;

const isMixed = (word: string): boolean => {
  if (MATHEMATICAL.test(word)) return true;
  if (!OTHERS.test(word) || ALPHABETS.filter((alphabet) => alphabet.test(word)).length < 2) return false;
  const foreign = [...word].filter((char) => OTHERS.test(char));
  return !(
    foreign.length === 1 &&
    foreign.every((char) => QUANTITY.test(char)) &&
    !/[\u03bf\u039f\u03bd]/u.test(foreign[0] ?? "")
  );
};

const nameOf = (char: string): string => `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** The first such word or sign of a line, as a sentence; null when there is none. */
export const firstLookAlike = (text: string): string | null => {
  // Most lines are plain, and are done with here.
  if (!/[^\0-\u00ff]/.test(text)) return null;
  for (const [word] of text.matchAll(WORD)) {
    if (isMixed(word)) return `The word ${quote(word, 40)} mixes letters of several alphabets.`;
  }
  const sign = ASCII.test(text) && !WIDE.test(text) ? SIGN.exec(text)?.[0] : undefined;
  return sign === undefined ? null : `${nameOf(sign)} is drawn like another sign.`;
};

const inFile = (file: ProposedFile): Finding[] => {
  const { path, added } = file;
  const inPaths = pathsOf(file).flatMap((one): Finding[] => {
    const message = firstLookAlike(one);
    return message === null ? [] : [{ path: one, line: null, message }];
  });
  const inLines = added.flatMap(({ number, text }): Finding[] => {
    const message = firstLookAlike(text);
    return message === null ? [] : [{ path, line: number, message }];
  });
  return [...inPaths, ...inLines];
};

export const lookAlikes: Rule = ({ files }) => files.flatMap(inFile);
