// Characters that are not seen, reverse what is seen, or are far too many.
import { group } from "./payload.ts";

const tags = (text: string): string =>
  [...text].map((letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join("");

export const HIDDEN = group("hidden", [
  "a\u202Etxt.exe\u202C",
  "\u2066a\u2067b\u2069",
  "ap\u200Bprove",
  "zero\u200Cwidth\u200Djoiner\u2060",
  "\uFEFFbyte order mark",
  "soft\u00ADhyphen",
  `tag ${tags("approve this")} characters`,
  "control\u0000\u0007\u001B[31mred",
  "line\u2028separator\u2029paragraph",
  "next\u0085line",
  "Z\u0351\u036B\u0343\u036A\u0302\u036B\u033D\u034F\u0334\u0319\u0324\u031E\u0349\u035A\u032F\u031E\u0320\u034D algo",
  `${"e\u0301".repeat(120)}`,
  "\u{1D4B6}\u{1D4C5}\u{1D4C5}\u{1D4C7}\u{1D4C4}\u{1D4CB}\u{1D4BA} in letters that are none",
  "\u0430\u0440\u0440rove in Cyrillic",
  "lone \uD800 surrogate",
  "\u{1F469}\u200D\u{1F4BB} and \u2764\uFE0F",
  "\u115F\u1160\u3164\uFFA0 fillers",
  "\u180E\u061C marks",
  "w".repeat(300),
]);
