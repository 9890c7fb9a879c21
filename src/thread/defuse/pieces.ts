// Writes literal text as Markdown that reads the same and does nothing: whatever GitHub would act on stands in a code span.

import { plainLines, showHidden } from "../../hidden-characters.ts";
import { codeSpan } from "./code.ts";

/** Content of a line: literal text, or text that is code already. A line feed in text is a line break. */
export type Piece = Readonly<{ kind: "text" | "code"; value: string }>;

/**
 * What GitHub makes more of than text, wherever it stands in a word. Its filters run after Markdown, on the text that
 * entities and backslashes left, so an escape does not stop them; code does.
 */
const ACTIVE: readonly RegExp[] = [
  /@/, // mentions of people and teams, addresses of e-mail
  /#\d/, // issues and pull requests, with or without owner/repo before
  /\bgh-\d/i,
  /\b(?:ghsa|cve)-/i,
  /(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])/i, // commits, by all or the first seven digits
  /:\/\//,
  /www\./i,
  /\b(?:mailto|xmpp|data|javascript|vbscript):/i,
  /:[\w+-]+(?::|$)/, // emoji by name, some of them pictures; the second colon may be one of ours
  /\$/, // formulas, which can hide text
];

const isActive = (word: string): boolean => ACTIVE.some((pattern) => pattern.test(word));

const OPENERS = "([{<\"'";
const CLOSERS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{", ">": "<" };

/** The punctuation around a word stays outside its code span: `(#12),` becomes ``(`#12`),``. */
const trimmed = (word: string): readonly [before: string, core: string, after: string] => {
  let from = 0;
  while (from < word.length && OPENERS.includes(word.charAt(from))) from++;
  let to = word.length;
  while (to > from) {
    const last = word.charAt(to - 1);
    const opener = CLOSERS[last];
    const loose = opener === undefined ? ".,;:!?\"'".includes(last) : !word.slice(from, to - 1).includes(opener);
    if (!loose) break;
    to--;
  }
  return from < to ? [word.slice(0, from), word.slice(from, to), word.slice(to)] : ["", word, ""];
};

/** Underscores between letters or digits are no emphasis in GitHub's Markdown and stay readable. */
const escaped = (text: string): string =>
  text
    .replace(/[\\`*[\]<~|]/g, "\\$&")
    .replace(/&(?=[#\w])/g, "\\&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_");

/** What would open a heading, quote, list, rule or table if it were the first thing on a line. */
const escapedAtStart = (text: string): string => {
  if (/^(?:[#>+=-]|:-)/.test(text)) return `\\${text}`;
  return text.replace(/^(\d{1,9})([.)])$/, "$1\\$2");
};

const isCommandLike = (word: string): boolean => /^\/\p{L}/u.test(word);

/** Collects words and code, and joins code that touches, because two spans without a gap are one broken span. */
const lineWriter = () => {
  let out = "";
  let code: string | null = null;
  let atStart = true;
  const closeCode = () => {
    if (code === null) return;
    out += codeSpan(code);
    code = null;
  };
  const addCode = (value: string) => {
    code = code === null ? value : code + value;
    atStart = false;
  };
  const addText = (value: string) => {
    if (value === "") return;
    closeCode();
    out += atStart ? escapedAtStart(escaped(value)) : escaped(value);
    atStart = false;
  };
  const addWord = (word: string) => {
    if (!isActive(word) && !(atStart && isCommandLike(word))) return addText(word);
    const [before, core, after] = trimmed(word);
    addText(before);
    addCode(core);
    addText(after);
  };
  const addGap = (gap: "\n" | " ") => {
    if (atStart) return;
    closeCode();
    out += gap;
    atStart = gap === "\n";
  };
  const finish = () => {
    closeCode();
    return out.trimEnd();
  };
  return { addCode, addWord, addGap, finish };
};

/** Markdown for the pieces, safe at the start of a line as well as within one. Keeps line breaks, or makes them spaces. */
export const writePieces = (pieces: readonly Piece[], breaks: "keep" | "join"): string => {
  const writer = lineWriter();
  for (const piece of pieces) {
    if (piece.kind === "code") {
      writer.addCode(piece.value);
      continue;
    }
    for (const part of showHidden(plainLines(piece.value)).split(/(\s+)/)) {
      if (part === "") continue;
      if (!/^\s/.test(part)) writer.addWord(part);
      else writer.addGap(breaks === "keep" && part.includes("\n") ? "\n" : " ");
    }
  }
  return writer.finish();
};

/** Neighbouring text is one text: a mention cannot hide in the seam. */
export const joined = (pieces: readonly Piece[]): readonly Piece[] => {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (last?.kind === "text" && piece.kind === "text")
      out[out.length - 1] = { kind: "text", value: last.value + piece.value };
    else out.push(piece);
  }
  return out;
};
