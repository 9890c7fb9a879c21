// The messages of a question: their size, their hash, and what is taken out of them before they are sent.
import { createHash } from "node:crypto";
import { z } from "zod";
import { withoutSecrets } from "../context/secret-lines.ts";
import type { Message, Tool } from "./engine.ts";

/** Of a script of few letters four make a token; of others, and of signs, one alone may be one or more. */
const NOT_ASCII = /[^\0-\x7f]/g;
const PER_TOKEN = 4;

const weightOf = (text: string): number => text.length + (PER_TOKEN - 1) * (text.match(NOT_ASCII)?.length ?? 0);

const lengthOf = (message: Message): number =>
  weightOf(message.content) +
  ("toolCalls" in message ? (message.toolCalls ?? []).reduce((sum, call) => sum + weightOf(call.arguments), 0) : 0);

/** ASCII divided by four, and each other character: the estimate that is used wherever no endpoint has counted. */
export const estimateTokens = (messages: readonly Message[]): number =>
  Math.ceil(messages.reduce((sum, message) => sum + lengthOf(message), 0) / PER_TOKEN);

const schemaWeight = (schema: z.ZodType): number =>
  weightOf(JSON.stringify(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })));

/** What goes with each call beside its messages, in the same estimate: the schema of the answer, and the tools. */
export const estimateForm = (schema: z.ZodType, tools: readonly Tool[]): number =>
  Math.ceil(
    tools.reduce(
      (sum, { name, description, parameters }) => sum + weightOf(name + description) + schemaWeight(parameters),
      schemaWeight(schema),
    ) / PER_TOKEN,
  );

/** SHA-256 of what was asked, for the Run. */
export const promptHashOf = (messages: readonly Message[]): string =>
  createHash("sha256").update(JSON.stringify(messages)).digest("hex");

/**
 * Whatever put a message together, the last thing before it is sent: a briefing has been cleaned by now, and what a model said
 * or was told of its answer is cleaned here.
 */
export const presentable = (messages: readonly Message[]): Promise<Message[]> =>
  Promise.all(messages.map(async (message) => ({ ...message, content: (await withoutSecrets(message.content)).text })));
