// The short code that stands for a digest in comments and buttons, so that a person can quote what they looked at. Pure.
import type { Digest } from "../ids.ts";

/** Digits and small letters without those that are taken for one another: 0 and o, 1, i and l. */
const ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";

const SHORTEST = 4;
const LONGEST = 6;

/** 64 bits of the digest spread so evenly over the alphabet that the remainder does not matter. */
const DIGITS_READ = 16;

const longest = (digest: Digest): string => {
  const base = BigInt(ALPHABET.length);
  let rest = BigInt(`0x${digest.slice(0, DIGITS_READ)}`);
  let code = "";
  for (let i = 0; i < LONGEST; i += 1) {
    code += ALPHABET.charAt(Number(rest % base));
    rest /= base;
  }
  return code;
};

/**
 * Lower case. Four characters tell a digest from 923,521 others; it has up to two more where one of `others` begins with the
 * same four, so that a code names one version among all that a reader may have before them.
 */
export const codeOf = (digest: Digest, others: Iterable<Digest> = []): string => {
  const code = longest(digest);
  const rivals = [...others].filter((other) => other !== digest).map(longest);
  let length = SHORTEST;
  while (length < LONGEST && rivals.some((rival) => rival.startsWith(code.slice(0, length)))) length += 1;
  return code.slice(0, length);
};

/** Whether a quoted code, of whichever length, stands for this digest. */
export const standsFor = (code: string, digest: Digest): boolean =>
  code.length >= SHORTEST && longest(digest).startsWith(code);
