// A text in the ways in which others will read it: escapes of addresses, of HTML and of JSON undone. Pure.
import { decodeNamedCharacterReference } from "decode-named-character-reference";

const PERCENT = /(?:%[0-9a-f]{2})+/gi;
const REFERENCE = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{1,31}\d{0,2}));?/gi;
/** Of JSON and of program texts; a sign behind a backslash stands for itself, in Markdown too. */
const BACKSLASH = /\\(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|x([0-9a-f]{2})|([\s\S]))/gi;
const CONTROLS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

const character = (digits: string, base: 10 | 16): string => {
  const point = Number.parseInt(digits, base);
  return point > 0x10ffff ? "" : String.fromCodePoint(point);
};

const withoutPercents = (text: string): string =>
  text.replaceAll(PERCENT, (bytes) => Buffer.from(bytes.replaceAll("%", ""), "hex").toString("utf8"));

const withoutReferences = (text: string): string =>
  text.replaceAll(REFERENCE, (all, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return character(hex, 16);
    if (decimal !== undefined) return character(decimal, 10);
    return decodeNamedCharacterReference(name ?? "") || all;
  });

const withoutBackslashes = (text: string): string =>
  text.replaceAll(BACKSLASH, (_all, long?: string, unit?: string, byte?: string, sign = "") => {
    if (long !== undefined) return character(long, 16);
    if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
    return byte === undefined ? (CONTROLS[sign] ?? sign) : character(byte, 16);
  });

/** The text as it is, and as each reader of escapes would have it where that differs. JSON may hold what was escaped before. */
export const readings = (text: string): readonly string[] => {
  const plain = withoutBackslashes(text);
  return [
    ...new Set([text, plain, ...[text, plain].flatMap((each) => [withoutPercents(each), withoutReferences(each)])]),
  ];
};
