// OpenAI's Responses API on the wire: what is asked, and what an answer means. Nothing is kept at the endpoint.
import type OpenAI from "openai";
import { zodResponsesFunction, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { ok, type Result } from "../../../result.ts";
import type { EngineFailure, Message, ModelAnswer, ModelCall } from "../../engine.ts";
import type { Dialect } from "./dialect.ts";
import { failure } from "./failure.ts";
import { withSchemaInWords } from "./schema.ts";

type Params = OpenAI.Responses.ResponseCreateParamsNonStreaming;
type Item = OpenAI.Responses.ResponseInputItem;

const itemsOf = (message: Message): readonly Item[] => {
  switch (message.role) {
    case "system":
    case "user":
      return [{ role: message.role, content: message.content }];
    case "assistant":
      return [
        ...(message.content === "" ? [] : [{ role: "assistant" as const, content: message.content }]),
        ...(message.toolCalls ?? []).map(({ id, name, arguments: given }) => ({
          type: "function_call" as const,
          call_id: id,
          name,
          arguments: given,
        })),
      ];
    case "tool":
      return [{ type: "function_call_output", call_id: message.callId, output: message.content }];
  }
};

const formatOf = (call: ModelCall, { format }: Dialect): Pick<Params, "text"> => {
  switch (format) {
    case "json_schema": {
      const { type, name, schema, strict } = zodTextFormat(call.schema, call.schemaName);
      return { text: { format: { type, name, schema, strict: strict ?? true } } };
    }
    case "json_object":
      return { text: { format: { type: "json_object" } } };
    case "text":
      return {};
  }
};

export const responsesRequest = (call: ModelCall, dialect: Dialect): Params => ({
  model: call.model,
  input: withSchemaInWords(call, dialect).flatMap(itemsOf),
  ...formatOf(call, dialect),
  max_output_tokens: call.maxOutputTokens,
  store: false,
  ...(call.effort === null || !dialect.effort ? {} : { reasoning: { effort: call.effort } }),
  ...(call.tools.length === 0 || !dialect.tools
    ? {}
    : {
        tools: call.tools.map(({ name, description, parameters: shape }) => {
          const { type, parameters } = zodResponsesFunction({ name, parameters: shape });
          return { type, name, description, parameters, strict: true };
        }),
      }),
});

const count = z.number().int().nonnegative();

const Content = z.union([
  z.object({ type: z.literal("output_text"), text: z.string() }),
  z.object({ type: z.literal("refusal"), refusal: z.string() }),
  z.object({ type: z.string().refine((type) => type !== "output_text" && type !== "refusal") }),
]);

/** Just what is read; what else an endpoint puts out (reasoning, for one) is passed over. */
const Output = z.union([
  z.object({ type: z.literal("message"), content: z.array(Content) }),
  z.object({
    type: z.literal("function_call"),
    call_id: z.string().min(1).max(200),
    name: z.string().max(200),
    arguments: z.string(),
  }),
  z.object({ type: z.string().refine((type) => type !== "message" && type !== "function_call") }),
]);

const Answer = z.object({
  model: z.string().min(1),
  status: z.string().nullable().optional(),
  error: z.object({ code: z.string().nullable().optional() }).nullable().optional(),
  incomplete_details: z.object({ reason: z.string().nullable().optional() }).nullable().optional(),
  output: z.array(Output),
  usage: z.object({ input_tokens: count, output_tokens: count }).nullable().optional(),
});

export const readResponse = (body: unknown): Result<Omit<ModelAnswer, "spoken">, EngineFailure> => {
  const parsed = Answer.safeParse(body);
  if (!parsed.success) return failure("alien", "the answer was not a response");
  const { model, status, error, incomplete_details: cut, output, usage: spent } = parsed.data;
  const usage = { inputTokens: spent?.input_tokens ?? 0, outputTokens: spent?.output_tokens ?? 0 };
  if (status === "failed") {
    return error?.code === "rate_limit_exceeded"
      ? failure("rate_limited", "the endpoint says that it was asked too often", usage)
      : failure("server", "the endpoint failed while it answered", usage);
  }
  const contents = output.flatMap((item) => ("content" in item ? item.content : []));
  if (contents.some(({ type }) => type === "refusal")) return failure("refused", "the model refused", usage);
  if (status === "incomplete") {
    return cut?.reason === "content_filter"
      ? failure("refused", "the endpoint's filter stopped it", usage)
      : failure("truncated", "the answer was cut at the token limit", usage);
  }
  if (status !== "completed" && status !== undefined && status !== null) {
    return failure("alien", "the answer was not finished", usage);
  }
  const toolCalls = output.flatMap((item) =>
    "call_id" in item ? [{ id: item.call_id, name: item.name, arguments: item.arguments }] : [],
  );
  const text = contents.map((content) => ("text" in content ? content.text : "")).join("");
  return text.trim() === "" && toolCalls.length === 0
    ? failure("empty", "the answer was empty", usage)
    : ok({ text, toolCalls, model, usage });
};
