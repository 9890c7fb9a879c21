// YAML text to plain data with a way back to lines; only the plain part of YAML, so that nothing can expand or surprise.
import { isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, visit, type YAMLError } from "yaml";
import { err, ok, type Result } from "../result.ts";

/** Far above any real configuration, far below what could hurt the parser. */
const MOST_CHARACTERS = 64 * 1024;
const MOST_DEPTH = 8;

/** What is wrong, where: `line` counts from 1, null where a problem has no place; `key` is dotted, empty for the whole. */
export type ConfigProblem = Readonly<{ line: number | null; key: string; message: string }>;

export type YamlDocument = Readonly<{
  data: unknown;
  /** The line of a key or list entry, or of the nearest that stands in the text around it. */
  lineOf: (path: readonly PropertyKey[]) => number | null;
}>;

const whole = (line: number | null, message: string): ConfigProblem => ({ line, key: "", message });

/** Depth by brackets and indentation before the parser runs: its recursion is only as deep as these. */
const tooDeep = (text: string): boolean => {
  let depth = 0;
  for (const character of text) {
    if (character === "[" || character === "{") depth += 1;
    if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
    if (depth > MOST_DEPTH * 4) return true;
  }
  return text.split("\n").some((line) => /^(?:\s*[-?:]\s){9,}/.test(line));
};

/** The library's sentence without its picture of the place; two of them speak to programmers and are said anew. */
const sentenceOf = ({ code, message }: YAMLError): string => {
  if (code === "MULTIPLE_DOCS") return "holds more than one document";
  if (code === "DUPLICATE_KEY") return "names a key twice";
  return `is not valid YAML: ${(message.split("\n")[0] ?? message).replace(/ at line \d+, column \d+:?$/, "")}`;
};

/** Refuses what is not one plain document: anchors, aliases, tags, duplicate keys, several documents, great depth or size. */
export const readYaml = (text: string): Result<YamlDocument, readonly ConfigProblem[]> => {
  if (text.length > MOST_CHARACTERS) return err([whole(null, `has more than ${MOST_CHARACTERS} characters`)]);
  if (tooDeep(text)) return err([whole(null, "is nested too deeply")]);

  const lines = new LineCounter();
  const lineAt = (offset: number | undefined): number | null =>
    offset === undefined ? null : lines.linePos(Math.max(0, offset)).line || null;
  const document = parseDocument(text, {
    lineCounter: lines,
    version: "1.2",
    schema: "core",
    uniqueKeys: true,
    merge: false,
    stringKeys: true,
    // Not "silent": that would hide the error about a second document.
    logLevel: "error",
  });

  const problems: ConfigProblem[] = [...document.errors, ...document.warnings].map((problem) =>
    whole(lineAt(problem.pos[0]), sentenceOf(problem)),
  );
  if (problems.length > 0) return err(problems);

  visit(document, {
    Node: (_key, node, ancestors) => {
      const line = lineAt(node.range?.[0]);
      if (isAlias(node) || node.anchor !== undefined) problems.push(whole(line, "may not use anchors and aliases"));
      else if (node.tag !== undefined) problems.push(whole(line, "may not use tags"));
      else if (ancestors.length > MOST_DEPTH * 2) problems.push(whole(line, "is nested too deeply"));
      return problems.length > 20 ? visit.BREAK : undefined;
    },
  });
  if (problems.length > 0) return err(problems);

  const lineOf = (path: readonly PropertyKey[]): number | null => {
    let node: unknown = document.contents;
    let line: number | null = null;
    for (const part of path) {
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
        if (pair === undefined) break;
        if (isNode(pair.key)) line = lineAt(pair.key.range?.[0]) ?? line;
        node = pair.value;
      } else {
        const entry = document.getIn([...path.slice(0, path.indexOf(part) + 1)].map(String), true);
        if (!isNode(entry)) break;
        line = lineAt(entry.range?.[0]) ?? line;
        node = entry;
      }
    }
    return line;
  };
  return ok({ data: document.toJS({ maxAliasCount: 0 }), lineOf });
};
