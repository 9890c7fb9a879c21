// Reads JSON manifests.
import { z } from "zod";
import { isTable, type Tree } from "./entries.ts";

const List = z.array(z.unknown());
const Table = z.record(z.string(), z.unknown());
const DEEPEST = 20;

const treeOf = (value: unknown, depth: number): Tree => {
  if (typeof value === "string") return value;
  if (depth > DEEPEST) return "";
  const list = List.safeParse(value);
  if (list.success) return list.data.map((inner) => treeOf(inner, depth + 1));
  const table = Table.safeParse(value);
  if (table.success)
    return new Map(Object.entries(table.data).map(([name, inner]) => [name, treeOf(inner, depth + 1)]));
  return JSON.stringify(value);
};

/** Null when the text is no JSON object. */
export const readJson = (text: string): ReadonlyMap<string, Tree> | null => {
  try {
    const tree = treeOf(JSON.parse(text.replace(/^\ufeff/, "")), 0);
    return isTable(tree) ? tree : null;
  } catch {
    return null;
  }
};

const PAIR = /"([^"\\]{1,300})"\s{0,20}:\s{0,20}"((?:[^"\\]|\\.){0,2000})"/g;

/** Pairs of texts in lines of a JSON document, of which the section is not known. */
export const jsonPairs = (lines: readonly string[]): [string, string][] =>
  lines.flatMap((text) => [...text.matchAll(PAIR)].map(([, name = "", value = ""]): [string, string] => [name, value]));

const LINE = /^(?:"(?:[^"\\]|\\.)*"\s{0,20}:\s{0,20}(?:"(?:[^"\\]|\\.)*"|[{[]|[\w.+-]+|\[\]|\{\})|[{}[\]]*)\s{0,20},?$/;
/** Whether a line of JSON says all that it says by itself: a whole pair, or brackets. */
export const isJsonLine = (line: string): boolean => LINE.test(line.trim());
