// What is looked for: the words of an issue with their weights, and the places that it names.
import { nameOf, wordsOf } from "./words.ts";

export type Question = Readonly<{ title: string; body: string }>;

export type Sought = Readonly<{
  /** Word to weight. */
  words: ReadonlyMap<string, number>;
  /** The whole text, in which paths and file names are looked for. */
  text: string;
  /** Lines that stack traces and links name, by file name or path as written. */
  places: readonly Readonly<{ path: string; line: number }>[];
}>;

const TITLE = 1.5;
const BODY = 1;
const QUOTED = 1.5;

const IN_CODE = /`([^`\n]{2,80})`/g;
/** `setHeader`, `res.send`, `max_age`: more than one part, so hardly prose. */
const IDENTIFIER = /\b[A-Za-z]{1,60}(?:[A-Z_.][A-Za-z0-9]{1,60}){1,9}\b/g;

/** `src/a.ts:12:3`, `src/a.ts#L12`, `File "src/a.py", line 12`. */
const PLACES = [
  /([\w@./-]{1,200}\.[A-Za-z]{1,6})(?::|#L)(\d{1,6})/g,
  /File "([^"\n]{1,200})", line (\d{1,6})/g,
] as const;

export function seek({ title, body }: Question): Sought {
  const words = new Map<string, number>();
  const add = (text: string, weight: number): void => {
    for (const word of wordsOf(text)) words.set(word, Math.max(words.get(word) ?? 0, weight));
  };
  add(body, BODY);
  add(title, TITLE);
  const text = `${title}\n${body}`;
  for (const [, quoted = ""] of text.matchAll(IN_CODE)) add(quoted, QUOTED);
  for (const [identifier] of text.matchAll(IDENTIFIER)) add(identifier, QUOTED);
  const places = PLACES.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, path = "", line]) => ({ path: path.replace(/^\.\//, ""), line: Number(line) })),
  );
  return { words, text, places };
}

/** The weight of the heaviest name that is sought and defined here; 0 for none. */
export const definesSought = (defines: ReadonlySet<string>, { words }: Sought): number =>
  [...defines].reduce((sum, name) => sum + (words.get(nameOf(name)) ?? 0), 0);

/** How plainly a text names a file: 2 by its path, 1 by its file name, else 0. `make` alone is a word, not a file. */
export const named = ({ text }: Pick<Sought, "text">, path: string): 0 | 1 | 2 => {
  if (path.includes("/") && text.includes(path)) return 2;
  const file = path.slice(path.lastIndexOf("/") + 1);
  return file.includes(".") && file.length > 4 && text.includes(file) ? 1 : 0;
};
