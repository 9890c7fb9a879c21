// The schema of an answer for endpoints that take no schema: as words in the prompt.
import { zodTextFormat } from "openai/helpers/zod";
import type { Message, ModelCall } from "../../engine.ts";
import type { Dialect } from "./dialect.ts";

/** Said last, where the endpoint does not hold the model to the schema. What comes back is checked in either case. */
export const withSchemaInWords = (call: ModelCall, { format }: Dialect): readonly Message[] => {
  if (format === "json_schema") return call.messages;
  const { schema } = zodTextFormat(call.schema, call.schemaName);
  const words = `Your answer is one JSON object that fits this JSON Schema, without any text or fence around it:\n\n${JSON.stringify(schema)}`;
  return [...call.messages, { role: "system", content: words }];
};

const FENCED = /^```(?:json)?[ \t]*\n([\s\S]*)\n[ \t]*```$/;

/** Models that are not held to a schema like to put their answer into a fence. */
export const withoutFence = (text: string): string => FENCED.exec(text.trim())?.[1] ?? text;
