// The engine for endpoints that speak one of OpenAI's two interfaces: Responses, or Chat Completions.
import OpenAI from "openai";
import type { ModelEnv } from "../../env.ts";
import type { Result } from "../../result.ts";
import { type FindsSecret, refuseLeak } from "../../secrets/leak.ts";
import type { Engine, EngineFailure, ModelAnswer, ModelCall } from "../engine.ts";
import { chatRequest, readChat } from "./openai/chat.ts";
import { type ApiChoice, type Dialect, dialectMemory, MOST_TRIES, narrower } from "./openai/dialect.ts";
import { failure, failureOf, rejectionOf } from "./openai/failure.ts";
import { oneHost } from "./openai/one-host.ts";
import { readResponse, responsesRequest } from "./openai/responses.ts";
import { withoutFence } from "./openai/schema.ts";

export type OpenAiOptions = Readonly<{
  apiKey: string;
  baseUrl: string;
  api: ApiChoice;
  /** Repeats of 429 and 5xx inside one call, with the waits that the endpoint names; the job's own retries come after. */
  maxRetries: number;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Whether a text holds a secret of this process: such a prompt is not sent. Looks for nothing where it is not given. */
  findsSecret?: FindsSecret;
}>;

type Bounds = Readonly<{ signal: AbortSignal; timeout: number }>;

/** One request, and what its answer means. Throws what the client throws. The client's own methods stumble over alien answers. */
const send = async (client: OpenAI, call: ModelCall, dialect: Dialect, bounds: Bounds) => {
  switch (dialect.api) {
    case "responses":
      return readResponse(
        await client.post<unknown>("/responses", { body: responsesRequest(call, dialect), ...bounds }),
      );
    case "chat":
      return readChat(await client.post<unknown>("/chat/completions", { body: chatRequest(call, dialect), ...bounds }));
  }
};

const told = (call: ModelCall): readonly string[] =>
  call.messages.flatMap((message) => [
    message.content,
    ...("toolCalls" in message ? (message.toolCalls ?? []).map(({ arguments: given }) => given) : []),
  ]);

const spokenTo = (call: ModelCall, { api, format, tools, effort }: Dialect): ModelAnswer["spoken"] => ({
  api,
  format,
  tools: tools && call.tools.length > 0,
  effort: effort && call.effort !== null,
});

/** Makes the engine; it holds the key, and nothing else of the process does. */
export function openAiEngine(options: OpenAiOptions): Engine {
  const { apiKey, baseUrl, api: choice, maxRetries, now = Date.now, findsSecret = () => false } = options;
  const client = new OpenAI({ apiKey, baseURL: baseUrl, maxRetries, fetch: oneHost });
  const known = dialectMemory(choice, now);

  const finished = (
    call: ModelCall,
    dialect: Dialect,
    answered: Result<Omit<ModelAnswer, "spoken">, EngineFailure>,
  ): Result<ModelAnswer, EngineFailure> => {
    if (!answered.ok) return answered;
    const { text, toolCalls, usage } = answered.value;
    // Nobody gave it to the model; whoever did, it goes into no artifact, transcript or comment of ours.
    if ([text, ...toolCalls.map(({ name, arguments: given }) => `${name} ${given}`)].some(findsSecret)) {
      return failure("alien", "the answer held a secret of this process", usage);
    }
    const bare = dialect.format === "json_schema" ? text : withoutFence(text);
    return { ok: true, value: { ...answered.value, text: bare, spoken: spokenTo(call, dialect) } };
  };

  return {
    name: "openai",
    complete: async (call) => {
      for (const text of told(call)) refuseLeak(findsSecret, "the model", text);
      // The client's own timeout ends with the headers; a body that drips is bounded by the signal.
      const signal = AbortSignal.any([call.signal, AbortSignal.timeout(call.timeoutMs)]);
      const asked = { tools: call.tools.length > 0, effort: call.effort !== null };
      let dialect = known.of(call.model);
      for (let tries = 1; ; tries += 1) {
        try {
          const answered = await send(client, call, dialect, { signal, timeout: call.timeoutMs });
          known.keep(call.model, dialect);
          return finished(call, dialect, answered);
        } catch (thrown) {
          const rejection = rejectionOf(thrown);
          const next = rejection === null ? null : narrower(dialect, choice, rejection, asked);
          if (next === null || tries === MOST_TRIES) return failureOf(thrown, call);
          dialect = next;
        }
      }
    },
  };
}

/** Repeats of one call. The pauses are short, and the time-out of the call bounds them all. */
const MAX_RETRIES = 2;

/** As the operator's environment has it. */
export const openai = (env: ModelEnv, findsSecret: FindsSecret): Engine =>
  openAiEngine({
    apiKey: env.OPENAI_API_KEY,
    baseUrl: env.OPENAI_BASE_URL,
    api: env.OPENAI_API,
    maxRetries: MAX_RETRIES,
    findsSecret,
  });
