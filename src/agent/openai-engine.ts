// The built-in engine: any endpoint that speaks OpenAI's Chat Completions with structured outputs.
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { err, ok, type Result } from "../result.ts";
import { type FindsSecret, refuseLeak } from "../secrets/leak.ts";
import type { Engine, EngineFailure, ModelAnswer, ModelCall, Usage } from "./engine.ts";

export type OpenAiOptions = Readonly<{
  apiKey: string;
  baseUrl: string;
  /** Repeats of 429 and 5xx inside one call, with the waits that the endpoint names; the job's own retries come after. */
  maxRetries: number;
  /** Whether a text holds a secret of this process: such a prompt is not sent. Looks for nothing where it is not given. */
  findsSecret?: FindsSecret;
}>;

const NOTHING: Usage = { inputTokens: 0, outputTokens: 0 };
const count = z.number().int().nonnegative();

/** Just what is read; an endpoint may send more. */
const Completion = z.object({
  model: z.string().min(1),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullable().optional(),
        message: z.object({ content: z.string().nullable().optional(), refusal: z.string().nullable().optional() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullable().optional(),
});

const failure = (
  code: EngineFailure["code"],
  message: string,
  usage: Usage = NOTHING,
  retryAfter: number | null = null,
): Result<never, EngineFailure> => err({ code, message, usage, retryAfter });

/** Seconds, from `retry-after`, where it is a number. */
const retryAfterOf = (error: APIError): number | null => {
  const seconds = Number(error.headers?.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
};

const failureOf = (thrown: unknown, call: ModelCall): Result<never, EngineFailure> => {
  if (call.signal.aborted) throw thrown;
  if (thrown instanceof APIConnectionTimeoutError || thrown instanceof APIUserAbortError) {
    return failure("timeout", `no whole answer within ${call.timeoutMs / 1000} s`);
  }
  if (thrown instanceof APIConnectionError) return failure("network", "the connection failed");
  if (thrown instanceof APIError) {
    const status = Number(thrown.status);
    if (status === 429) return failure("rate_limited", "HTTP 429", NOTHING, retryAfterOf(thrown));
    if (status === 408 || status === 409 || status >= 500) {
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

const answerOf = (body: unknown): Result<ModelAnswer, EngineFailure> => {
  const parsed = Completion.safeParse(body);
  if (!parsed.success) return failure("alien", "the answer was not a chat completion");
  const { model, usage: spent } = parsed.data;
  const usage = { inputTokens: spent?.prompt_tokens ?? 0, outputTokens: spent?.completion_tokens ?? 0 };
  const [choice] = parsed.data.choices;
  if (choice === undefined) return failure("empty", "the answer held no choice", usage);
  if (choice.message.refusal) return failure("refused", "the model refused", usage);
  if (choice.finish_reason === "content_filter") return failure("refused", "the endpoint's filter stopped it", usage);
  if (choice.finish_reason === "length") return failure("truncated", "the answer was cut at the token limit", usage);
  const text = choice.message.content ?? "";
  return text.trim() === "" ? failure("empty", "the answer was empty", usage) : ok({ text, model, usage });
};

/** Makes the engine; it holds the key, and nothing else of the process does. */
export function openAiEngine({ apiKey, baseUrl, maxRetries, findsSecret = () => false }: OpenAiOptions): Engine {
  const client = new OpenAI({ apiKey, baseURL: baseUrl, maxRetries });
  return {
    name: "openai",
    complete: async (call) => {
      for (const { content } of call.messages) refuseLeak(findsSecret, "the model", content);
      // The client's own timeout ends with the headers; a body that drips is bounded by the signal.
      const signal = AbortSignal.any([call.signal, AbortSignal.timeout(call.timeoutMs)]);
      try {
        const body: unknown = await client.chat.completions.create(
          {
            model: call.model,
            messages: call.messages.map(({ role, content }) => ({ role, content })),
            response_format: zodResponseFormat(call.schema, call.schemaName),
            max_completion_tokens: call.maxOutputTokens,
          },
          { signal, timeout: call.timeoutMs },
        );
        const answered = answerOf(body);
        // Nobody gave it to the model; whoever did, it goes into no artifact, transcript or comment of ours.
        return answered.ok && findsSecret(answered.value.text)
          ? failure("alien", "the answer held a secret of this process", answered.value.usage)
          : answered;
      } catch (thrown) {
        return failureOf(thrown, call);
      }
    },
  };
}
