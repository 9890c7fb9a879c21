// OpenAI's Chat Completions on the wire: what is asked, and what an answer means.
import type OpenAI from "openai";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { ok, type Result } from "../../../result.ts";
import type { EngineFailure, Message, ModelAnswer, ModelCall } from "../../engine.ts";
import type { Dialect } from "./dialect.ts";
import { failure } from "./failure.ts";
import { withSchemaInWords } from "./schema.ts";

type Params = OpenAI.Chat.ChatCompletionCreateParamsNonStreaming;

const messageOf = (message: Message): Params["messages"][number] => {
  switch (message.role) {
    case "system":
    case "user":
      return { role: message.role, content: message.content };
    case "assistant": {
      const { content, toolCalls = [] } = message;
      if (toolCalls.length === 0) return { role: "assistant", content };
      return {
        role: "assistant",
        content: content === "" ? null : content,
        tool_calls: toolCalls.map(({ id, name, arguments: given }) => ({
          id,
          type: "function" as const,
          function: { name, arguments: given },
        })),
      };
    }
    case "tool":
      return { role: "tool", tool_call_id: message.callId, content: message.content };
  }
};

const formatOf = (call: ModelCall, { format }: Dialect): Pick<Params, "response_format"> => {
  switch (format) {
    case "json_schema":
      return { response_format: zodResponseFormat(call.schema, call.schemaName) };
    case "json_object":
      return { response_format: { type: "json_object" } };
    case "text":
      return {};
  }
};

export const chatRequest = (call: ModelCall, dialect: Dialect): Params => ({
  model: call.model,
  messages: withSchemaInWords(call, dialect).map(messageOf),
  ...formatOf(call, dialect),
  [dialect.limit]: call.maxOutputTokens,
  ...(call.effort === null || !dialect.effort ? {} : { reasoning_effort: call.effort }),
  ...(call.tools.length === 0 || !dialect.tools
    ? {}
    : {
        tools: call.tools.map(({ name, description, parameters }) => {
          const { type, function: told } = zodFunction({ name, description, parameters });
          return { type, function: told };
        }),
      }),
});

const count = z.number().int().nonnegative();

/** Just what is read; an endpoint may send more. */
const Completion = z.object({
  model: z.string().min(1),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullable().optional(),
        message: z.object({
          content: z.string().nullable().optional(),
          refusal: z.string().nullable().optional(),
          tool_calls: z
            .array(
              z.object({
                id: z.string().min(1).max(200),
                function: z.object({ name: z.string().max(200), arguments: z.string() }),
              }),
            )
            .nullable()
            .optional(),
        }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullable().optional(),
});

export const readChat = (body: unknown): Result<Omit<ModelAnswer, "spoken">, EngineFailure> => {
  const parsed = Completion.safeParse(body);
  if (!parsed.success) return failure("alien", "the answer was not a chat completion");
  const { model, usage: spent } = parsed.data;
  const usage = { inputTokens: spent?.prompt_tokens ?? 0, outputTokens: spent?.completion_tokens ?? 0 };
  const [choice] = parsed.data.choices;
  if (choice === undefined) return failure("empty", "the answer held no choice", usage);
  const { message, finish_reason } = choice;
  if (message.refusal) return failure("refused", "the model refused", usage);
  if (finish_reason === "content_filter") return failure("refused", "the endpoint's filter stopped it", usage);
  if (finish_reason === "length") return failure("truncated", "the answer was cut at the token limit", usage);
  const toolCalls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: given } }) => ({
    id,
    name,
    arguments: given,
  }));
  const text = message.content ?? "";
  return text.trim() === "" && toolCalls.length === 0
    ? failure("empty", "the answer was empty", usage)
    : ok({ text, toolCalls, model, usage });
};
