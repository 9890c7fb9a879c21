// What a model may call instead of answering: three ways to read, told with their schemas. None of them writes, runs, or leaves. Pure.
import { z } from "zod";
import type { Tool, ToolCall } from "../engine.ts";

const repository = z.string().min(3).max(200).describe("owner/name, as in the briefing");

const List = z.strictObject({ repository, folder: z.string().max(500).describe("The empty text is the root.") });
const Read = z.strictObject({
  repository,
  path: z.string().min(1).max(500),
  from: z.int().min(1).max(10_000_000).describe("The first line, counted from 1."),
  to: z.int().min(1).max(10_000_000).describe("The last line."),
});
const Search = z.strictObject({
  repository,
  text: z.string().min(1).max(200).describe("Text of one line, in any case; no pattern."),
});

export type Wish =
  | Readonly<{ kind: "list" } & z.infer<typeof List>>
  | Readonly<{ kind: "read" } & z.infer<typeof Read>>
  | Readonly<{ kind: "search" } & z.infer<typeof Search>>;

export const LOOK_TOOLS: readonly Tool[] = [
  { name: "list", description: "Lists what stands in a folder of a repository, at its base commit.", parameters: List },
  { name: "read", description: "Reads lines of a file of a repository, at its base commit.", parameters: Read },
  { name: "search", description: "Finds the lines of a repository that hold a text.", parameters: Search },
];

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const understood = (name: string, given: unknown): z.ZodSafeParseResult<Wish> | null => {
  switch (name) {
    case "list":
      return List.transform((wish) => ({ kind: "list" as const, ...wish })).safeParse(given);
    case "read":
      return Read.transform((wish) => ({ kind: "read" as const, ...wish })).safeParse(given);
    case "search":
      return Search.transform((wish) => ({ kind: "search" as const, ...wish })).safeParse(given);
    default:
      return null;
  }
};

/** The error is a sentence for the model. */
export const wishOf = (call: ToolCall): Readonly<{ wish: Wish } | { error: string }> => {
  const read = understood(call.name, json(call.arguments));
  if (read === null)
    return { error: `There is no tool of that name. There are: ${LOOK_TOOLS.map(({ name }) => name).join(", ")}.` };
  return read.success ? { wish: read.data } : { error: `The arguments do not fit:\n${z.prettifyError(read.error)}` };
};
