// What an engine is: text and a schema go in, text, wishes to look and usage come out. An engine decides nothing and carries out nothing.
import type { z } from "zod";
import type { Result } from "../result.ts";

/** What a model asks for instead of answering: the name of a tool, and arguments that nobody has checked yet. */
export type ToolCall = Readonly<{ id: string; name: string; arguments: string }>;

export type Message =
  | Readonly<{ role: "system" | "user"; content: string }>
  | Readonly<{ role: "assistant"; content: string; toolCalls?: readonly ToolCall[] }>
  /** What a call of a tool came to. */
  | Readonly<{ role: "tool"; content: string; callId: string }>;

/** What a model may call: told to the endpoint, carried out by nobody but `src/agent/look`. */
export type Tool = Readonly<{ name: string; description: string; parameters: z.ZodType }>;

export const EFFORTS = ["minimal", "low", "medium", "high"] as const;
/** How long a reasoning model may think before it answers. */
export type Effort = (typeof EFFORTS)[number];

export type ModelCall = Readonly<{
  model: string;
  messages: readonly Message[];
  /** Names the role to the endpoint; the schema is what the answer must be. */
  schemaName: string;
  schema: z.ZodType;
  tools: readonly Tool[];
  /** null leaves it to the endpoint. */
  effort: Effort | null;
  maxOutputTokens: number;
  timeoutMs: number;
  signal: AbortSignal;
}>;

export type Usage = Readonly<{ inputTokens: number; outputTokens: number }>;

/** How the endpoint was spoken to: what was asked for and it does not know, it was not sent. */
export type Spoken = Readonly<{
  api: string;
  format: "json_schema" | "json_object" | "text";
  /** Whether tools, and an effort, were sent. */
  tools: boolean;
  effort: boolean;
}>;

/** The text is empty where the model calls tools. */
export type ModelAnswer = Readonly<{
  text: string;
  toolCalls: readonly ToolCall[];
  model: string;
  usage: Usage;
  spoken: Spoken;
}>;

export type EngineFailure = Readonly<{
  code: "refused" | "truncated" | "empty" | "alien" | "rate_limited" | "server" | "network" | "timeout" | "rejected";
  message: string;
  /** Tokens were spent where the endpoint said so. */
  usage: Usage;
  /** Seconds that the endpoint asked us to wait. */
  retryAfter: number | null;
  /** There was nobody to send it to, so nobody can have charged for it. */
  unsent?: true;
}>;

/** Whether asking again later can help without anyone changing anything. */
export const isTransient = (failure: EngineFailure): boolean =>
  ["rate_limited", "server", "network", "timeout"].includes(failure.code);

export interface Engine {
  readonly name: string;
  readonly complete: (call: ModelCall) => Promise<Result<ModelAnswer, EngineFailure>>;
}
