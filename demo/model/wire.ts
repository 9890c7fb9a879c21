// The two OpenAI styles on the wire: what is read from a request, and how an answer, refusal or cut is written in each.
import { z } from "zod";

export type Style = "chat" | "responses";
export type Usage = Readonly<{ input: number; output: number }>;
export type Said =
  | Readonly<{ kind: "text"; text: string }>
  | Readonly<{ kind: "refusal"; text: string }>
  | Readonly<{ kind: "truncated"; text: string }>
  /** Cut off by a filter. */
  | Readonly<{ kind: "filtered" }>
  | Readonly<{ kind: "calls"; calls: readonly Call[] }>;
/** Of a tool; the arguments are text, as they are on the wire. */
export type Call = Readonly<{ name: string; arguments: string }>;

const Message = z.looseObject({ role: z.string(), content: z.unknown() });
const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(Message).min(1),
  stream: z.literal(false).optional(),
  response_format: z.looseObject({ json_schema: z.looseObject({ name: z.string() }).optional() }).optional(),
});
const ResponsesRequest = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), z.array(z.unknown())]),
  instructions: z.string().nullish(),
  stream: z.literal(false).optional(),
  text: z.looseObject({ format: z.looseObject({ name: z.string().optional() }).optional() }).optional(),
});

export type ModelRequest = Readonly<{
  style: Style;
  model: string;
  /** The name of the JSON schema that was asked for: it says which role is speaking. */
  role: string | null;
  /** All text that the model would read. */
  prompt: string;
  body: unknown;
}>;

/** All strings below a value, in order: what a model would see of messages in any shape. */
const texts = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => (key === "role" || key === "type" ? [] : texts(inside)));
};

export const readRequest = (style: Style, body: unknown): ModelRequest => {
  if (style === "chat") {
    const { model, messages, response_format } = ChatRequest.parse(body);
    return { style, model, role: response_format?.json_schema?.name ?? null, prompt: texts(messages).join("\n"), body };
  }
  const { model, input, instructions, text } = ResponsesRequest.parse(body);
  return { style, model, role: text?.format?.name ?? null, prompt: texts([instructions, input]).join("\n"), body };
};

const CHAT_FINISH = {
  text: "stop",
  refusal: "stop",
  truncated: "length",
  filtered: "content_filter",
  calls: "tool_calls",
};

const chatMessage = (id: string, said: Said): object => {
  const message = { role: "assistant", content: null, refusal: null, annotations: [] };
  switch (said.kind) {
    case "text":
    case "truncated":
      return { ...message, content: said.text };
    case "filtered":
      return { ...message, content: "" };
    case "refusal":
      return { ...message, refusal: said.text };
    case "calls":
      return {
        ...message,
        tool_calls: said.calls.map((call, at) => ({ id: `call_${id}_${at}`, type: "function", function: call })),
      };
  }
};

const chat = (id: string, model: string, said: Said, usage: Usage, created: number): unknown => ({
  id: `chatcmpl-${id}`,
  object: "chat.completion",
  created,
  model,
  choices: [{ index: 0, message: chatMessage(id, said), logprobs: null, finish_reason: CHAT_FINISH[said.kind] }],
  usage: {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  },
  service_tier: "default",
  system_fingerprint: null,
});

const CUT: Readonly<Partial<Record<Said["kind"], string>>> = {
  truncated: "max_output_tokens",
  filtered: "content_filter",
};

const responsesOutput = (id: string, said: Said, status: string): readonly object[] => {
  const message = (content: object) => [
    { type: "message", id: `msg_${id}`, status, role: "assistant", content: [content] },
  ];
  switch (said.kind) {
    case "text":
    case "truncated":
      return message({ type: "output_text", text: said.text, annotations: [], logprobs: [] });
    case "filtered":
      return [];
    case "refusal":
      return message({ type: "refusal", refusal: said.text });
    case "calls":
      return said.calls.map((call, at) => ({
        type: "function_call",
        id: `fc_${id}_${at}`,
        call_id: `call_${id}_${at}`,
        status,
        ...call,
      }));
  }
};

const responses = (id: string, model: string, said: Said, usage: Usage, created: number): unknown => {
  const reason = CUT[said.kind] ?? null;
  const status = reason === null ? "completed" : "incomplete";
  return {
    id: `resp_${id}`,
    object: "response",
    created_at: created,
    status,
    error: null,
    incomplete_details: reason === null ? null : { reason },
    instructions: null,
    max_output_tokens: null,
    model,
    // As reasoning models do: what they thought is not for us.
    output: [{ type: "reasoning", id: `rs_${id}`, summary: [] }, ...responsesOutput(id, said, status)],
    parallel_tool_calls: true,
    previous_response_id: null,
    temperature: 1,
    text: { format: { type: "text" } },
    tool_choice: "auto",
    tools: [],
    top_p: 1,
    truncation: "disabled",
    usage: {
      input_tokens: usage.input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: usage.input + usage.output,
    },
    metadata: {},
  };
};

export const writeAnswer = (
  style: Style,
  facts: { id: string; model: string; said: Said; usage: Usage; created: number },
): unknown => (style === "chat" ? chat : responses)(facts.id, facts.model, facts.said, facts.usage, facts.created);
