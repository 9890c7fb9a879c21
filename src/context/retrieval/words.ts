// Words as code and people write them, so that an issue and a file meet: `slugifyTitle`, `slugify_title` and "slugified titles".

/** English words, and words of trackers, that stand in every issue and tell nothing of where to look. */
const STOP = new Set(
  `the and for with from that this are was were been has have had not but when will would should could can into onto than then
  them they there their its our your you all any also too use used using only same other more most some such each very just
  like how what why which who where does doing did done get gets got make makes made let lets via per out off over under about
  after before between because while both those these here now new old one two fix fixes fixed add adds added remove removes
  removed update updates updated change changes changed support allow allows issue bug error pull request signed author
  authored co`.split(/\s+/),
);

/** A light stem: enough that plural, participle and infinitive of a word are one; what is left need not be a word. */
export const stem = (word: string): string => {
  if (word.length > 5 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.length > 5 && word.endsWith("ing")) return word.slice(0, -3).replace(/(.)\1$/, "$1");
  if (word.length > 4 && word.endsWith("ed")) return word.slice(0, -2).replace(/(.)\1$/, "$1");
  if (word.length > 4 && /(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith("s") && !word.endsWith("ss")) return word.slice(0, -1);
  return word.length > 4 && word.endsWith("e") ? word.slice(0, -1) : word;
};

const IDENTIFIER = /[\p{L}_$][\p{L}\p{N}_$]*|\p{N}+/gu;
/** Minified and generated lines have words that nobody wrote; one of these is enough of them. */
const LONGEST_IDENTIFIER = 100;

/** `parseHTMLPage` → parse, HTML, Page. */
const partsOf = (identifier: string): string[] =>
  identifier
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .split(/[\s_$]+/)
    .filter((part) => part !== "");

/** An identifier as one word, in one spelling: `slugify_title` and `slugifyTitle` are the same. */
export const nameOf = (identifier: string): string => identifier.toLowerCase().replace(/[_$]/g, "");

/** The words of a text in their order: each identifier of several parts as a whole, and each of its parts, stemmed. */
export function wordsOf(text: string): string[] {
  const found: string[] = [];
  for (const [identifier] of text.matchAll(IDENTIFIER)) {
    if (identifier.length > LONGEST_IDENTIFIER) continue;
    const parts = partsOf(identifier);
    if (parts.length > 1) found.push(nameOf(identifier));
    for (const part of parts) {
      const word = part.toLowerCase();
      const stemmed = stem(word);
      if (word.length > 1 && !STOP.has(word) && !STOP.has(stemmed)) found.push(stemmed);
    }
  }
  return found;
}

export type Counts = ReadonlyMap<string, number>;

export const countsOf = (words: readonly string[]): Counts => {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
};
