// What an answer addresses beyond its schema: other repositories, keys that nobody asked for, commands and markers of ours. Pure.
import { z } from "zod";
import { parseComment } from "../../commands/parse.ts";
import { unreachable } from "../../result.ts";

export type Overreach = Readonly<{ kind: "repository" | "key" | "command" | "marker"; words: string }>;

/** Where a file's text stands, or what names one: anything may stand there, it is judged as a patch. */
const OF_FILES: ReadonlySet<string> = new Set(["content", "search", "replace", "path", "to", "files", "diagram"]);
const MARKER = /<!--\s*countersign\b/i;
const MOST_FOUND = 20;

/** No schema of ours goes so deep: what stands below is refused with the whole answer, and walking down there takes the stack. */
const DEEPEST = 50;

const Group = z.record(z.string(), z.unknown());

const beyondSchema = (raw: unknown, known: unknown, depth = 0): readonly string[] => {
  if (depth > DEEPEST) return [];
  if (Array.isArray(raw))
    return raw.flatMap((each, at) => beyondSchema(each, Array.isArray(known) ? known[at] : undefined, depth + 1));
  const [given, taken] = [Group.safeParse(raw), Group.safeParse(known)];
  if (!given.success || !taken.success) return [];
  return Object.entries(given.data).flatMap(([key, value]) =>
    Object.hasOwn(taken.data, key) ? beyondSchema(value, taken.data[key], depth + 1) : [key],
  );
};

/** As people would have it obeyed, were it in a comment: not in code, not quoted. */
const commandIn = (text: string): string | null => {
  if (parseComment(text, { prefix: null, repositories: [] }).kind !== "commands") return null;
  return text.split(/\r\n|\r|\n/).find((line) => /^\/[a-z]/i.test(line)) ?? null;
};

const inText = (text: string): readonly Overreach[] => {
  const command = commandIn(text);
  const marker = MARKER.exec(text)?.[0];
  return [
    ...(command === null ? [] : [{ kind: "command" as const, words: command.trim() }]),
    ...(marker === undefined ? [] : [{ kind: "marker" as const, words: marker }]),
  ];
};

const inValue = (value: unknown, key: string, repositories: ReadonlySet<string>, depth = 0): readonly Overreach[] => {
  if (depth > DEEPEST || OF_FILES.has(key)) return [];
  if (typeof value === "string") {
    if (key !== "repository") return inText(value);
    return repositories.has(value.toLowerCase()) ? [] : [{ kind: "repository", words: value }];
  }
  if (Array.isArray(value)) return value.flatMap((each) => inValue(each, key, repositories, depth + 1));
  const group = Group.safeParse(value);
  return group.success
    ? Object.entries(group.data).flatMap(([name, each]) => inValue(each, name, repositories, depth + 1))
    : [];
};

/** `text` is an answer, or the arguments of a tool; `schema` is null where keys are judged elsewhere. Nothing of what is no JSON. */
export const overreachesIn = (
  text: string,
  schema: z.ZodType | null,
  repositories: readonly string[],
): readonly Overreach[] => {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return [];
  }
  const parsed = schema?.safeParse(raw);
  const keys = parsed?.success ? beyondSchema(raw, parsed.data) : [];
  const names = new Set(repositories.map((name) => name.toLowerCase()));
  return [...keys.map((words) => ({ kind: "key" as const, words })), ...inValue(raw, "", names)].slice(0, MOST_FOUND);
};

/** For the model and for people alike. */
export const overreachWords = ({ kind, words }: Overreach): string => {
  const quoted = JSON.stringify(words.slice(0, 100));
  switch (kind) {
    case "repository":
      return `names the repository ${quoted}, which takes no part in this`;
    case "key":
      return `has the key ${quoted}, which nobody asked for`;
    case "command":
      return `has the command ${quoted} where people would take it for theirs`;
    case "marker":
      return "has one of our own marks in it";
    default:
      return unreachable(kind);
  }
};
