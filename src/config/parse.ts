// The text of `.github/countersign.yml` to a configuration, or to every problem in it with its line.
import { distance } from "fastest-levenshtein";
import { z } from "zod";
import { err, ok, type Result } from "../result.ts";
import { type Config, ConfigFile } from "./schema.ts";
import { type ConfigProblem, readYaml, type YamlDocument } from "./yaml-document.ts";

/** A comment that lists more than these helps nobody. */
const MOST_PROBLEMS = 20;

const oneOf = (values: readonly unknown[]): string => {
  const words = values.map(String);
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words[words.length - 1]}`;
};

const KINDS: Readonly<Record<string, string>> = {
  int: "must be a whole number",
  number: "must be a whole number",
  string: "must be text, in quotes where it looks like something else",
  array: "must be a list",
  object: "must have keys of its own",
  boolean: "must be on or off",
};

/** Sentences for what the schema has no words of its own for. */
const sentenceOf = (issue: z.core.$ZodRawIssue): string => {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === null ? "has no value" : (KINDS[issue.expected] ?? `must be ${issue.expected}`);
    case "invalid_value":
      return `must be ${oneOf(issue.values)}`;
    case "too_small":
      return issue.origin === "string" ? "may not be empty" : `must be at least ${issue.minimum}`;
    case "too_big":
      if (issue.origin === "string") return `may have at most ${issue.maximum} characters`;
      return issue.origin === "array"
        ? `may have at most ${issue.maximum} entries`
        : `must be at most ${issue.maximum}`;
    default:
      return "cannot be used";
  }
};

const dotted = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((key, part) => {
    if (typeof part === "number") return `${key}[${part}]`;
    return key === "" ? String(part) : `${key}.${String(part)}`;
  }, "");

/** Of a union's branches, the one that was meant: it got furthest into the value. */
const meant = (branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] => {
  const got = branches.filter((issues) =>
    issues.some((issue) => issue.path.length > 0 || issue.code !== "invalid_type"),
  );
  return got.length === 1 ? (got[0] ?? []) : [];
};

const knownKeys = (path: readonly PropertyKey[]): readonly string[] => {
  let schema: unknown = ConfigFile;
  for (const part of ["", ...path]) {
    if (part !== "") schema = schema instanceof z.ZodObject ? schema.shape[String(part)] : undefined;
    while (schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault) schema = schema.unwrap();
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
};

const unknownKey = (key: string, known: readonly string[]): string => {
  // Of a short word two letters are all of it.
  const isNear = (candidate: string): boolean =>
    distance(key.toLowerCase(), candidate) <= Math.min(2, candidate.length - 1);
  const near = known.find(isNear);
  if (near !== undefined) return `is not a key that is known (did you mean ${near}?)`;
  return "is not a key that is known";
};

const problemsOf = (
  issue: z.core.$ZodIssue,
  around: readonly PropertyKey[],
  lineOf: YamlDocument["lineOf"],
): readonly ConfigProblem[] => {
  const path = [...around, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(path);
    return issue.keys.map((key) => ({
      line: lineOf([...path, key]),
      key: dotted([...path, key]),
      message: unknownKey(key, known),
    }));
  }
  if (issue.code === "invalid_union") {
    const deeper = meant(issue.errors);
    if (deeper.length > 0) return deeper.flatMap((inner) => problemsOf(inner, path, lineOf));
  }
  return [{ line: lineOf(path), key: dotted(path), message: issue.message }];
};

const inOrder = (a: ConfigProblem, b: ConfigProblem): number => (a.line ?? 0) - (b.line ?? 0);

/** The configuration and the plain data that it was made of, which tells what the file itself set. */
export const understand = (
  text: string,
): Result<Readonly<{ config: Config; data: unknown; lineOf: YamlDocument["lineOf"] }>, readonly ConfigProblem[]> => {
  const yaml = readYaml(text);
  if (!yaml.ok) return err(yaml.error.slice(0, MOST_PROBLEMS));
  const { data, lineOf } = yaml.value;
  // A file that holds nothing, or comments only, is a configuration of defaults.
  const given = data ?? {};
  const parsed = ConfigFile.safeParse(given, { error: sentenceOf });
  if (parsed.success) return ok({ config: parsed.data, data: given, lineOf });
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, [], lineOf)).sort(inOrder);
  return err(problems.slice(0, MOST_PROBLEMS));
};

/** At most 20 problems, in the order of their lines. */
export const parseConfig = (text: string): Result<Config, readonly ConfigProblem[]> => {
  const understood = understand(text);
  return understood.ok ? ok(understood.value.config) : understood;
};

/** One problem as a sentence, without its line: `policy.frozen[0]: may not be empty`. */
export const problemSentence = ({ key, message }: ConfigProblem): string =>
  key === "" ? `The file ${message}.` : `${key}: ${message}.`;

/**
 * The command prefix of a file that has other problems, so that people who use it are still answered. Null where it
 * cannot be told.
 */
export const prefixDespite = (text: string): string | null => {
  const yaml = readYaml(text);
  if (!yaml.ok) return null;
  const found = z.object({ commands: ConfigFile.shape.commands }).safeParse(yaml.value.data);
  return found.success ? found.data.commands.prefix : null;
};
