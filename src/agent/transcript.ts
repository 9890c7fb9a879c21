// Everything that passed between a run and its engine, as it is stored: enough to read it years later, and to replay it.
import { z } from "zod";
import type { Message } from "./engine.ts";

const ToolCallRow = z.object({ id: z.string(), name: z.string(), arguments: z.string() }).readonly();

const MessageRow = z.discriminatedUnion("role", [
  z.object({ role: z.enum(["system", "user"]), content: z.string() }),
  z.object({
    role: z.literal("assistant"),
    content: z.string(),
    toolCalls: z.array(ToolCallRow).readonly().optional(),
  }),
  z.object({ role: z.literal("tool"), content: z.string(), callId: z.string() }),
]);

const UsageRow = z.object({ inputTokens: z.number(), outputTokens: z.number() });

const FailureRow = z.object({
  code: z.enum(["refused", "truncated", "empty", "alien", "rate_limited", "server", "network", "timeout", "rejected"]),
  message: z.string(),
  retryAfter: z.number().nullable(),
});

const SpokenRow = z.object({
  api: z.string(),
  format: z.enum(["json_schema", "json_object", "text"]),
  tools: z.boolean(),
  effort: z.boolean(),
});

/** One call: what was sent, what came back, and what was wrong with it. */
export const Exchange = z.object({
  /** So many messages of the one before begin this request too; `request` are those that follow them. */
  repeats: z.int().nonnegative().default(0),
  request: z.array(MessageRow).readonly(),
  /** As it came; null where none did. */
  answer: z.string().nullable(),
  toolCalls: z.array(ToolCallRow).readonly().default([]),
  /** What each of these calls was answered, in their order. */
  looked: z
    .array(z.object({ answer: z.string(), found: z.boolean() }))
    .readonly()
    .default([]),
  /** Why it could not be used, in the words that the model was told; null where it could. */
  failure: z.string().nullable(),
  /** Where it was the endpoint that failed. */
  error: FailureRow.nullable().default(null),
  model: z.string().nullable().default(null),
  usage: UsageRow,
  /** How the endpoint was spoken to, where it answered. */
  spoken: SpokenRow.nullable().default(null),
});
export type Exchange = Readonly<z.infer<typeof Exchange>>;

export const Transcript = z.array(Exchange);

const messageOf = (row: z.infer<typeof MessageRow>): Message => {
  if (row.role !== "assistant") return row;
  const { role, content, toolCalls } = row;
  return toolCalls === undefined ? { role, content } : { role, content, toolCalls };
};

/** Each request as it was sent, put together again. */
export const requestsOf = (transcript: readonly Exchange[]): readonly (readonly Message[])[] => {
  const requests: (readonly Message[])[] = [];
  for (const { repeats, request } of transcript) {
    requests.push([...(requests.at(-1) ?? []).slice(0, repeats), ...request.map(messageOf)]);
  }
  return requests;
};

const same = (a: Message | undefined, b: Message | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A request as it is kept: without what it has in common with the one before. */
export const sinceLast = (
  last: readonly Message[],
  request: readonly Message[],
): Pick<Exchange, "repeats" | "request"> => {
  let repeats = 0;
  while (repeats < last.length && repeats < request.length && same(last[repeats], request[repeats])) repeats += 1;
  return { repeats, request: request.slice(repeats) };
};
