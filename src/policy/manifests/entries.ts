// What a manifest says, as names and values, and how that differs between the file before and after.
import type { Line, ProposedFile } from "../proposal.ts";

/** `section > name` to what is said of it. */
export type Entries = ReadonlyMap<string, string>;
export const NONE: Entries = new Map();

/** A parsed document: texts, lists and named values. What is neither is kept as it is written. */
export type Tree = string | readonly Tree[] | ReadonlyMap<string, Tree>;

const SEPARATOR = " > ";
/** Deeper than any manifest; bounds what a hostile one costs. */
const DEEPEST = 20;

export const joined = (...names: readonly string[]): string => names.filter((name) => name !== "").join(SEPARATOR);
export const lastOf = (name: string): string => name.slice(name.lastIndexOf(SEPARATOR) + 1).replace(/^> /, "");

export const isTable = (tree: Tree | undefined): tree is ReadonlyMap<string, Tree> => tree instanceof Map;

/** The value below these names; undefined when one of them is not there. */
export const at = (tree: Tree | null | undefined, ...names: readonly string[]): Tree | undefined => {
  let place: Tree | undefined = tree ?? undefined;
  for (const name of names) place = isTable(place) ? place.get(name) : undefined;
  return place;
};

/** Every text below a place with the names that lead to it; a list's members share the name of the list. */
export const flat = (tree: Tree | undefined, under = "", depth = 0): [string, string][] => {
  if (tree === undefined || depth > DEEPEST) return [];
  if (typeof tree === "string") return [[under, tree]];
  if (isTable(tree)) return [...tree].flatMap(([name, inner]) => flat(inner, joined(under, name), depth + 1));
  return tree.flatMap((inner) => flat(inner, under, depth + 1));
};

/** Pairs as entries: what is said twice of one name counts, both ways. */
export const entries = (pairs: Iterable<readonly [string, string]>): Entries => {
  const all = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = all.get(name) ?? [];
    values.push(value);
    all.set(name, values);
  }
  return new Map([...all].map(([name, values]) => [name, [...new Set(values)].join(", ")]));
};

export type EntryChange = Readonly<{ name: string; old: string | null; now: string | null; line: number | null }>;

/** Names that are no words, such as addresses, are looked for line by line: not without an end. */
const MOST_SEARCHES = 100;
const KEY = /"([^"\\]{1,300})"\s?:/g;
const WORD = /[\p{L}\p{N}@_][\p{L}\p{N}@_./:~-]*/gu;
const plain = (word: string): string => word.toLowerCase().replace(/[-_.]+/g, "-");

/** Tells the first of these lines on which a name stands, before a colon if there is one such. */
const finder = (lines: readonly Line[]): ((name: string) => number | null) => {
  const [keys, words] = [new Map<string, number>(), new Map<string, number>()];
  const note = (places: Map<string, number>, name: string, number: number) => {
    if (!places.has(name)) places.set(name, number);
  };
  for (const { number, text } of lines) {
    for (const [, key = ""] of text.matchAll(KEY)) note(keys, key, number);
    for (const [word] of text.matchAll(WORD)) note(words, plain(word), number);
  }
  let searches = MOST_SEARCHES;
  return (name) => {
    const found = keys.get(name) ?? words.get(plain(name));
    if (found !== undefined || searches-- <= 0) return found ?? null;
    return lines.find(({ text }) => text.includes(name))?.number ?? null;
  };
};

const differences = (old: Entries, now: Entries, added: readonly Line[]): EntryChange[] => {
  const names = [...new Set([...old.keys(), ...now.keys()])].filter((name) => old.get(name) !== now.get(name));
  const lineOf = names.length > 0 ? finder(added) : () => null;
  return names.map((name) => {
    const parts = name.split(SEPARATOR).reverse();
    const line = parts.map(lineOf).find((number) => number !== null) ?? null;
    return { name, old: old.get(name) ?? null, now: now.get(name) ?? null, line };
  });
};

/** Null when the text cannot be read as what it should be. */
export type Reader = (text: string) => Entries | null;

const readBoth = (file: ProposedFile, read: Reader): readonly [Entries, Entries] | null => {
  const known = (file.before !== null || file.kind === "create") && (file.after !== null || file.kind === "delete");
  const old = known ? (file.before === null ? NONE : read(file.before)) : null;
  const now = known ? (file.after === null ? NONE : read(file.after)) : null;
  return old === null || now === null ? null : [old, now];
};

export type Changes = Readonly<{
  entries: readonly EntryChange[];
  /** False where a text is not known or cannot be read, so that only the changed lines could be looked at. */
  whole: boolean;
}>;

/** What changed among the entries that `read` finds; `fragments` reads changed lines where that is all there is. */
export const changesOf = (
  file: ProposedFile,
  read: Reader,
  fragments: (lines: readonly string[]) => Entries,
): Changes => {
  const both = readBoth(file, read);
  const texts = (lines: readonly Line[]) => fragments(lines.map(({ text }) => text));
  const [old, now] = both ?? [texts(file.removed), texts(file.added)];
  return { entries: differences(old, now, file.added), whole: both !== null };
};
