// What a model, or the road to it, can do with one request: answer, or go wrong in one of the ways that they do.

import type { Call } from "./wire.ts";

export type Reply =
  /** A structured answer, sent as JSON. */
  | Readonly<{ kind: "answer"; value: unknown; delayMs?: number }>
  /** Text as it is: broken JSON, prose, a fence around it. */
  | Readonly<{ kind: "text"; text: string; delayMs?: number }>
  | Readonly<{ kind: "refusal"; text: string }>
  /** Cut off at the token limit. */
  | Readonly<{ kind: "truncated"; text: string }>
  | Readonly<{ kind: "empty" }>
  /** Asks for tools instead of answering. */
  | Readonly<{ kind: "calls"; calls: readonly Call[] }>
  | Readonly<{ kind: "status"; status: number; retryAfter?: number; body?: unknown }>
  /** Sends half of the body, then closes the connection. */
  | Readonly<{ kind: "drop" }>
  /** Sends the body a few bytes at a time. */
  | Readonly<{ kind: "drip"; value: unknown; everyMs: number }>
  /** Accepts the request and never answers. */
  | Readonly<{ kind: "silence" }>
  /** Status 200 with something that no such endpoint sends. */
  | Readonly<{ kind: "alien"; body: string; contentType: string }>;

export const answer = (value: unknown): Reply => ({ kind: "answer", value });
export const overloaded = (retryAfter: number): Reply => ({ kind: "status", status: 429, retryAfter });
export const broken = (status: 500 | 502 | 503 = 500): Reply => ({ kind: "status", status });
