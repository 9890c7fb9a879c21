// What can go wrong on the way to an endpoint and back, as one of the few things that a caller tells apart.
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { err, type Result } from "../../../result.ts";
import type { EngineFailure, ModelCall, Usage } from "../../engine.ts";
import type { Rejection } from "./dialect.ts";
import { AnswerTooLarge, LOST, NO_ANSWER, wasNeverOpened } from "./one-host.ts";

export const NOTHING: Usage = { inputTokens: 0, outputTokens: 0 };

export const failure = (
  code: EngineFailure["code"],
  message: string,
  usage: Usage = NOTHING,
  retryAfter: number | null = null,
): Result<never, EngineFailure> => err({ code, message, usage, retryAfter });

/** Of what an endpoint says of a rejection, so much is looked at. */
const MOST_SAID = 4_000;

/** For the choice of what to ask for instead; never shown to anyone. */
export const rejectionOf = (thrown: unknown): Rejection | null => {
  if (!(thrown instanceof APIError) || thrown.status === undefined) return null;
  const { status, code, param, message } = thrown;
  return { status: Number(status), said: `${code} ${param} ${message}`.slice(0, MOST_SAID).toLowerCase() };
};

/** Seconds, from `retry-after`, where it is a number. */
const retryAfterOf = (error: APIError): number | null => {
  const said = error.headers?.get("retry-after") ?? "";
  const seconds = said === "" ? Number.NaN : Number(said);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
};

const isTooLarge = (thrown: unknown): boolean =>
  thrown instanceof AnswerTooLarge || (thrown instanceof Error && thrown.cause instanceof AnswerTooLarge);

/** Throws what its caller ended, and what is no failure of the endpoint. */
export const failureOf = (thrown: unknown, call: ModelCall): Result<never, EngineFailure> => {
  if (call.signal.aborted) throw thrown;
  if (isTooLarge(thrown)) return failure("alien", "the answer was too large to be read");
  if (thrown instanceof APIConnectionTimeoutError || thrown instanceof APIUserAbortError) {
    return failure("timeout", `no whole answer within ${call.timeoutMs / 1000} s`);
  }
  if (thrown instanceof APIConnectionError) {
    const failed = { code: "network", message: "the connection failed", usage: NOTHING, retryAfter: null } as const;
    return err(wasNeverOpened(thrown) ? { ...failed, unsent: true } : failed);
  }
  if (thrown instanceof APIError) {
    const status = Number(thrown.status);
    if (thrown.headers?.has(LOST)) {
      return failure("network", status === NO_ANSWER ? "the connection failed" : `HTTP ${status}`);
    }
    if (status === 429) return failure("rate_limited", "HTTP 429", NOTHING, retryAfterOf(thrown));
    if (status === 409 || status >= 500) {
      return failure("server", `HTTP ${status}`, NOTHING, retryAfterOf(thrown));
    }
    return failure("rejected", `HTTP ${status}`);
  }
  if (thrown instanceof DOMException) return failure("timeout", `no whole answer within ${call.timeoutMs / 1000} s`);
  // A body that breaks off, or is no JSON: the answer never arrived whole.
  if (thrown instanceof SyntaxError) return failure("alien", "the answer was not JSON");
  if (thrown instanceof TypeError) return failure("network", "the connection broke off");
  throw thrown;
};
