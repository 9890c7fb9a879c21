// By what a secret is known again in a text: the value in the ways in which it may be written, and parts of it. Pure.

/** A part of this length that is found is no accident, where it is made of random characters. */
export const PART = 12;
/** Values of ordinary words are only known whole, and shorter ones not at all: they stand in texts that leak nothing. */
const SHORTEST_WORDS = 16;
const SHORTEST_MIXED = 10;
/** DER tells the kind of key first; every key begins with the same characters. Short keys have short heads. */
const COMMON_HEAD = 64;
const COMMON_TAIL = 16;
/** Of passwords every part is known. What is longer is cut like a token: a copied piece of 23 characters holds one of its parts. */
const LONGEST_PASSWORD = 128;

const classes = (text: string): number => [/[a-z]/, /[A-Z]/, /[0-9]/].filter((pattern) => pattern.test(text)).length;

/** Not the same few characters again and again, and no word. */
const isRandom = (part: string): boolean => new Set(part).size >= 5 && !/[a-z]{8}|[A-Z]{8}|^[0-9.:-]+$/.test(part);

/** What stands between the words of addresses, sentences and settings as well. */
const SEPARATORS = /[-_./:@,=?&;\s]/g;

/** As much for a part of a password that people made up: letters, digits and signs in turns, and no word of five letters unless all kinds meet. */
const isMixed = (part: string): boolean => {
  const telling = part.replaceAll(SEPARATORS, "");
  const letters = telling.replaceAll(/[^A-Za-z]/g, "").length;
  const kinds = classes(telling) + (/[^A-Za-z0-9]/.test(telling) ? 1 : 0);
  const inTurns = kinds >= 2 && letters >= 3 && telling.length - letters >= 3 && !/[A-Za-z]{5}/.test(part);
  return isRandom(part) && telling.length >= PART / 2 && (kinds >= 3 || inTurns);
};

/** Made of one alphabet by a machine. */
const isToken = (text: string): boolean => classes(text) >= 2 && /^[A-Za-z0-9+/=_.-]+$/.test(text);

const addressOf = (secret: string): URL | null => (/^[a-z][a-z0-9+.-]*:\/\//i.test(secret) ? URL.parse(secret) : null);

/** What of a secret is its own: the body of a PEM, the signature of a JWT, the password in an address. */
const ownPart = (secret: string): string => {
  const pem = /-----BEGIN [^-]+-----([\s\S]+?)-----END/.exec(secret)?.[1];
  if (pem !== undefined) {
    const body = pem.replaceAll(/\s|\\[nr]/g, "");
    return body.slice(Math.min(COMMON_HEAD, Math.ceil(body.length / 3)), -COMMON_TAIL);
  }
  const signature = /^[\w-]*eyJ[\w-]*\.[\w-]+\.([\w-]{20,})$/.exec(secret)?.[1];
  return signature ?? addressOf(secret)?.password ?? secret;
};

const base64 = (text: string, offset: number): string =>
  Buffer.concat([Buffer.alloc(offset), Buffer.from(text, "utf8")])
    .toString("base64")
    .slice(Math.ceil((offset * 8) / 6), -4);

const hex = (text: string): string => Buffer.from(text, "utf8").toString("hex");

/** In base64 at any place of a longer text, and in hexadecimal digits. What escapes single characters is undone in the text instead. */
const encoded = (text: string): readonly string[] => [
  ...[0, 1, 2].flatMap((offset) => {
    const shifted = base64(text, offset);
    return [shifted, shifted.replaceAll("+", "-").replaceAll("/", "_")];
  }),
  hex(text),
  hex(text).toUpperCase(),
];

const partsOf = (text: string, step: number): readonly string[] => {
  if (text.length < PART) return [];
  const starts = Array.from({ length: Math.floor((text.length - PART) / step) + 1 }, (_, at) => at * step);
  return [...starts, text.length - PART].map((at) => text.slice(at, at + PART));
};

/** The longest pieces of a text in which every part is mixed. */
const mixedPieces = (text: string): readonly string[] => {
  const pieces: string[] = [];
  let from: number | null = null;
  for (let at = 0; at + PART <= text.length + 1; at++) {
    const isInside = at + PART <= text.length && isMixed(text.slice(at, at + PART));
    if (isInside) from ??= at;
    else if (from !== null) {
      pieces.push(text.slice(from, at - 1 + PART));
      from = null;
    }
  }
  return pieces;
};

export type Traces = Readonly<{
  /** Any one of them, anywhere in a text, means that it holds the secret. */
  anywhere: readonly string[];
  /** The same, of `PART` characters each and all of the alphabet of `STRETCH`. */
  parts: readonly string[];
}>;

/** Characters of which parts consist; whatever stands between is skipped. */
export const STRETCH = new RegExp(`[A-Za-z0-9+/=_.%-]{${PART},}`, "g");

const isPlain = (part: string): boolean => /^[A-Za-z0-9+/=_.%-]+$/.test(part);

/** Nothing for values that are too short or too plain to be told from ordinary text. */
export const tracesOf = (secret: string): Traces => {
  const least = classes(secret) >= 2 ? SHORTEST_MIXED : SHORTEST_WORDS;
  const own = ownPart(secret);
  const pieces = isToken(own) ? [own] : mixedPieces(own);
  const step = isToken(own) || own.length > LONGEST_PASSWORD ? PART : 1;
  const written = pieces.flatMap((piece) => [piece, ...encoded(piece)]);
  const parts = [...new Set(written.flatMap((text) => partsOf(text, step)).filter(isRandom))];
  const plain = parts.filter(isPlain);
  if (secret.length < least) return { anywhere: [], parts: plain };
  // Where a part of it tells the whole, the whole needs no looking for.
  const isTold = isToken(own) && parts.length > 0;
  const wholes = isTold ? [] : [secret, ...encoded(secret).filter((text) => text.length >= PART)];
  return { anywhere: [...wholes, ...parts.filter((part) => !isPlain(part))], parts: plain };
};
