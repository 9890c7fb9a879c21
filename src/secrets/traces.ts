// By what a secret is known again in a text: the value in the ways in which it may be written, and parts of it. Pure.

/** A part of this length that is found is no accident, where it is made of random characters. */
export const PART = 12;
/** Values of ordinary words are only known whole, and shorter ones not at all: they stand in texts that leak nothing. */
const SHORTEST_WORDS = 16;
const SHORTEST_MIXED = 10;
/** DER tells the kind of key first; every key begins with the same characters. */
const COMMON_HEAD = 64;
const COMMON_TAIL = 16;

const classes = (text: string): number => [/[a-z]/, /[A-Z]/, /[0-9]/].filter((pattern) => pattern.test(text)).length;

/** Not the same few characters again and again, and no word. */
const isRandom = (part: string): boolean => new Set(part).size >= 5 && !/[a-z]{8}|[A-Z]{8}|^[0-9.:-]+$/.test(part);

/** Addresses and sentences are known whole. */
const isToken = (text: string): boolean => classes(text) >= 2 && /^[A-Za-z0-9+/=_.-]+$/.test(text);

/** What of a secret is its own: the body of a PEM, the signature of a JWT. */
const ownPart = (secret: string): string => {
  const pem = /-----BEGIN [^-]+-----([\s\S]+?)-----END/.exec(secret)?.[1];
  if (pem !== undefined) return pem.replace(/\s/g, "").slice(COMMON_HEAD, -COMMON_TAIL);
  return /^[\w-]*eyJ[\w-]*\.[\w-]+\.([\w-]{20,})$/.exec(secret)?.[1] ?? secret;
};

const base64 = (text: string, offset: number): string =>
  Buffer.concat([Buffer.alloc(offset), Buffer.from(text, "utf8")])
    .toString("base64")
    .slice(Math.ceil((offset * 8) / 6), -4);

const hex = (text: string): string => Buffer.from(text, "utf8").toString("hex");

/** As it is, and in base64 at any place of a longer text, and in hexadecimal digits. */
const written = (text: string): readonly string[] => [
  text,
  ...[0, 1, 2].flatMap((offset) => {
    const encoded = base64(text, offset);
    return [encoded, encoded.replaceAll("+", "-").replaceAll("/", "_")];
  }),
  hex(text),
  hex(text).toUpperCase(),
];

const partsOf = (text: string): readonly string[] =>
  Array.from({ length: Math.floor(text.length / PART) }, (_, at) => text.slice(at * PART, (at + 1) * PART));

export type Traces = Readonly<{
  /** Any one of them in a text means that it holds the secret. None where parts tell it. */
  wholes: readonly string[];
  /** Of `PART` characters each. Of a copied piece of twice that length at least one stands in the text. */
  parts: readonly string[];
}>;

/** Nothing for values that are too short or too plain to be told from ordinary text. */
export const tracesOf = (secret: string): Traces => {
  const least = classes(secret) >= 2 ? SHORTEST_MIXED : SHORTEST_WORDS;
  const own = ownPart(secret);
  const parts = isToken(own) ? written(own).flatMap(partsOf).filter(isRandom) : [];
  if (secret.length < least || parts.length > 0) return { wholes: [], parts };
  return { wholes: [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)], parts };
};
