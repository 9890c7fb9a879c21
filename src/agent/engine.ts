// What an engine is: text and a schema go in, text and usage come out. An engine decides nothing and has no tools.
import type { z } from "zod";
import type { Result } from "../result.ts";

export type Message = Readonly<{ role: "system" | "user" | "assistant"; content: string }>;

export type ModelCall = Readonly<{
  model: string;
  messages: readonly Message[];
  /** Names the role to the endpoint; the schema is what the answer must be. */
  schemaName: string;
  schema: z.ZodType;
  maxOutputTokens: number;
  timeoutMs: number;
  signal: AbortSignal;
}>;

export type Usage = Readonly<{ inputTokens: number; outputTokens: number }>;

export type ModelAnswer = Readonly<{ text: string; model: string; usage: Usage }>;

export type EngineFailure = Readonly<{
  code: "refused" | "truncated" | "empty" | "alien" | "rate_limited" | "server" | "network" | "timeout" | "rejected";
  message: string;
  /** Tokens were spent where the endpoint said so. */
  usage: Usage;
  /** Seconds that the endpoint asked us to wait. */
  retryAfter: number | null;
}>;

/** Whether asking again later can help without anyone changing anything. */
export const isTransient = (failure: EngineFailure): boolean =>
  ["rate_limited", "server", "network", "timeout"].includes(failure.code);

export interface Engine {
  readonly name: string;
  readonly complete: (call: ModelCall) => Promise<Result<ModelAnswer, EngineFailure>>;
}
