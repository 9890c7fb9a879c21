// Cargo.toml: dependencies of every kind and target, and what is built or loaded before the program is.
import { at, type Entries, entries, flat, isTable, joined, type Reader, type Tree } from "./entries.ts";
import { readToml } from "./toml.ts";

const SECTIONS = ["dependencies", "dev-dependencies", "dev_dependencies", "build-dependencies", "build_dependencies"];
const SOURCES = ["patch", "replace"];

const sectionsOf = (tree: Tree, under: string): [string, string][] =>
  SECTIONS.flatMap((section) => flat(at(tree, section), joined(under, section)));

export const readCargo: Reader = (text) => {
  const toml = readToml(text);
  if (toml === null) return null;
  const targets = at(toml, "target");
  return entries([
    ...sectionsOf(toml, ""),
    ...sectionsOf(at(toml, "workspace") ?? new Map(), "workspace"),
    ...[...(isTable(targets) ? targets : [])].flatMap(([name, target]) => sectionsOf(target, joined("target", name))),
    ...SOURCES.flatMap((section) => flat(at(toml, section), section)),
  ]);
};

export const readCargoBuild: Reader = (text) => {
  const toml = readToml(text);
  if (toml === null) return null;
  return entries([
    ...flat(at(toml, "package", "build"), "package > build").filter(([, value]) => value !== "false"),
    ...flat(at(toml, "package", "links"), "package > links"),
    ...["proc-macro", "proc_macro"].flatMap((name) => flat(at(toml, "lib", name), `lib > ${name}`)),
  ]);
};

/** `path` is judged by where it leads. */
const FOREIGN_KEY = /^(?:git|registry|registry-index|branch|tag|rev)$/;
export const isForeignCargoKey = (key: string): boolean => FOREIGN_KEY.test(key);

const KEY = /^[\w.'" -]{1,300}$/;
const VALUE = /^(?:["']([^"']*)["']|(\{.*))/;
const VERSION = /^[~^<>=*v\s]*\d|^\*$/;
const NO_DEPENDENCY = /^(?:version|edition|rust-version|python)$/;

/** `a."b" = …` as `b` and what follows; null when the line is no pair. */
const pairOf = (line: string): [string, string] | null => {
  const equals = line.indexOf("=");
  const key = line.slice(0, Math.max(equals, 0)).trim();
  if (!KEY.test(key)) return null;
  return [key.slice(key.lastIndexOf(".") + 1).replace(/["' ]/g, ""), line.slice(equals + 1).trim()];
};

/** Pairs in lines of a TOML document, of which the section is not known. */
export const tomlFragments = (lines: readonly string[]): Entries =>
  entries(
    lines.flatMap((line): [string, string][] => {
      const pair = pairOf(line);
      if (pair === null) return [];
      const [name, rest] = pair;
      const [, value, table] = VALUE.exec(rest) ?? [];
      if (name === "" || NO_DEPENDENCY.test(name)) return [];
      if (table !== undefined) return [[name, table]];
      return value !== undefined && (VERSION.test(value) || isForeignCargoKey(name)) ? [[name, value]] : [];
    }),
  );

const LINE =
  /^(?:\[{1,2}[\w.'"\s()=,-]{1,200}\]{1,2}|[\w.-]{1,200}\s{0,20}=\s{0,20}(?:"[^"\\]*"|'[^']*'|true|false|[\d.]+|\{[^{}]*\}|\[[^[\]]*\])|"[^"\\]*",?|'[^']*',?|[[\]],?|)\s{0,20}(?:#.*)?$/;
/** Whether a line of TOML says all that it says by itself. */
export const isTomlLine = (line: string): boolean => LINE.test(line.trim());
