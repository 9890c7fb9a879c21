// Reads TOML as far as manifests use it: tables and texts of every form. Other values stay as they are written.
import type { Tree } from "./entries.ts";

type Node = string | Node[] | Table;
interface Table extends Map<string, Node> {}

class NotToml extends Error {}

const ESCAPES: ReadonlyMap<string, string> = new Map(
  Object.entries({ b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", e: "\u001b", '"': '"', "\\": "\\" }),
);
const DEEPEST = 20;

const unescaped = (text: string): string =>
  text.replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([ \t]*\n\s*)|([\s\S]))/g,
    (_, four?: string, eight?: string, two?: string, fold?: string, one?: string) => {
      const code = four ?? eight ?? two;
      if (fold !== undefined) return "";
      const char = code === undefined ? ESCAPES.get(one ?? "") : undefined;
      if (char !== undefined) return char;
      const point = Number.parseInt(code ?? "x", 16);
      if (!(point <= 0x10ffff)) throw new NotToml("an escape that means nothing");
      return String.fromCodePoint(point);
    },
  );

class Source {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  /** What a sticky pattern matches here, stepping over it. */
  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  need(pattern: RegExp): RegExpExecArray {
    const found = this.take(pattern);
    if (found === null) throw new NotToml("not what should stand here");
    return found;
  }
}

/** Spaces, line ends and comments, of which a document and its lists may have any number. */
const BETWEEN = /(?:[ \t\r\n]|#[^\n]*)*/y;
const LINE_END = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const SPACE = /[ \t]*/y;
const LONG_BASIC = /"""(?:\r?\n)?([^"\\]*(?:(?:\\[\s\S]|"{1,2}(?!"))[^"\\]*)*)("{3,5})/y;
const LONG_LITERAL = /'''(?:\r?\n)?([^']*(?:'{1,2}(?!')[^']*)*)('{3,5})/y;
const BASIC = /"([^"\\\n]*(?:\\.[^"\\\n]*)*)"/y;
const LITERAL = /'([^'\n]*)'/y;
const BARE = /[A-Za-z0-9_-]+/y;
/** Numbers, dates (which may have a space) and truth. */
const SCALAR = /\d{4}-\d\d-\d\d \d\d:[0-9:.+Zz-]+|[A-Za-z0-9_+.:-]+/y;

const readText = (source: Source): string | null => {
  const basic = source.take(LONG_BASIC);
  if (basic !== null) return unescaped((basic[1] ?? "") + (basic[2] ?? "").slice(3));
  const literal = source.take(LONG_LITERAL);
  if (literal !== null) return (literal[1] ?? "") + (literal[2] ?? "").slice(3);
  const short = source.take(BASIC);
  return short !== null ? unescaped(short[1] ?? "") : (source.take(LITERAL)?.[1] ?? null);
};

const readKey = (source: Source): string[] => {
  const names: string[] = [];
  do {
    source.need(SPACE);
    const quoted = source.take(BASIC);
    names.push(quoted !== null ? unescaped(quoted[1] ?? "") : (source.take(LITERAL)?.[1] ?? source.need(BARE)[0]));
    source.need(SPACE);
  } while (source.take(/\./y) !== null);
  return names;
};

/** The table of this name, made where there is none; of a list of tables the last. */
const within = (table: Table, name: string): Table => {
  const there = table.get(name);
  const inner = Array.isArray(there) ? there.at(-1) : there;
  if (inner instanceof Map) return inner;
  if (inner !== undefined) throw new NotToml("a value that is no table");
  const made: Table = new Map();
  table.set(name, made);
  return made;
};

const readPair = (source: Source, into: Table, depth: number): void => {
  const names = readKey(source);
  source.need(/=[ \t]*/y);
  const table = names.slice(0, -1).reduce(within, into);
  const name = names.at(-1) ?? "";
  if (table.has(name)) throw new NotToml("a name that comes twice");
  table.set(name, readValue(source, depth));
};

const readValue = (source: Source, depth: number): Node => {
  if (depth > DEEPEST) throw new NotToml("too deep");
  if (source.take(/\[/y) !== null) {
    const list: Node[] = [];
    for (source.need(BETWEEN); source.take(/\]/y) === null; source.need(BETWEEN)) {
      list.push(readValue(source, depth + 1));
      source.need(BETWEEN);
      if (source.take(/,/y) === null) source.need(/(?=\])/y);
    }
    return list;
  }
  if (source.take(/\{/y) !== null) {
    const table: Table = new Map();
    for (source.need(BETWEEN); source.take(/\}/y) === null; source.need(BETWEEN)) {
      readPair(source, table, depth + 1);
      source.need(BETWEEN);
      if (source.take(/,/y) === null) source.need(/(?=\})/y);
    }
    return table;
  }
  return readText(source) ?? source.need(SCALAR)[0];
};

const readHeader = (source: Source, root: Table, list: boolean): Table => {
  const names = readKey(source);
  source.need(list ? /\]\]/y : /\]/y);
  if (!list) return names.reduce(within, root);
  const above = names.slice(0, -1).reduce(within, root);
  const name = names.at(-1) ?? "";
  const tables = above.get(name) ?? [];
  if (!Array.isArray(tables)) throw new NotToml("a table that is no list");
  const table: Table = new Map();
  tables.push(table);
  above.set(name, tables);
  return table;
};

/** Null when the text is no TOML that every reader would understand alike. */
export const readToml = (text: string): ReadonlyMap<string, Tree> | null => {
  const source = new Source(text.replace(/^\ufeff/, ""));
  const root: Table = new Map();
  let table = root;
  try {
    for (source.need(BETWEEN); !source.done; source.need(BETWEEN)) {
      if (source.take(/\[\[/y) !== null) table = readHeader(source, root, true);
      else if (source.take(/\[/y) !== null) table = readHeader(source, root, false);
      else readPair(source, table, 0);
      source.need(LINE_END);
    }
    return root;
  } catch (error) {
    if (error instanceof NotToml) return null;
    throw error;
  }
};
