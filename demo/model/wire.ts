// The two OpenAI styles on the wire: what is read from a request, and how an answer, refusal or cut is written in each.
import { z } from "zod";

export type Style = "chat" | "responses";
export type Usage = Readonly<{ input: number; output: number }>;
export type Said =
  | Readonly<{ kind: "text"; text: string }>
  | Readonly<{ kind: "refusal"; text: string }>
  | Readonly<{ kind: "truncated"; text: string }>;

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

const chat = (id: string, model: string, said: Said, usage: Usage, created: number): unknown => ({
  id: `chatcmpl-${id}`,
  object: "chat.completion",
  created,
  model,
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: said.kind === "refusal" ? null : said.text,
        refusal: said.kind === "refusal" ? said.text : null,
        annotations: [],
      },
      logprobs: null,
      finish_reason: said.kind === "truncated" ? "length" : "stop",
    },
  ],
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

const responses = (id: string, model: string, said: Said, usage: Usage, created: number): unknown => ({
  id: `resp_${id}`,
  object: "response",
  created_at: created,
  status: said.kind === "truncated" ? "incomplete" : "completed",
  error: null,
  incomplete_details: said.kind === "truncated" ? { reason: "max_output_tokens" } : null,
  instructions: null,
  max_output_tokens: null,
  model,
  output: [
    {
      type: "message",
      id: `msg_${id}`,
      status: said.kind === "truncated" ? "incomplete" : "completed",
      role: "assistant",
      content: [
        said.kind === "refusal"
          ? { type: "refusal", refusal: said.text }
          : { type: "output_text", text: said.text, annotations: [], logprobs: [] },
      ],
    },
  ],
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
});

export const writeAnswer = (
  style: Style,
  facts: { id: string; model: string; said: Said; usage: Usage; created: number },
): unknown => (style === "chat" ? chat : responses)(facts.id, facts.model, facts.said, facts.usage, facts.created);
