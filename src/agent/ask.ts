// One question to an engine, until its answer is usable: parsed, checked, and at most twice sent back with what was wrong.
import { createHash } from "node:crypto";
import { z } from "zod";
import { withoutSecrets } from "../context/secret-lines.ts";
import { err, ok, type Result } from "../result.ts";
import { type Engine, type EngineFailure, isTransient, type Message, type Spoken, type Usage } from "./engine.ts";
import type { Meter, Refused } from "./meter.ts";

/** "At most two repair attempts": the first answer and two more. */
const MAX_ANSWERS = 3;
/** Of a broken answer, the model is shown this many characters again. */
const MAX_ECHO = 20_000;

export type Question<T> = Readonly<{
  role: string;
  model: string;
  schemaName: string;
  schema: z.ZodType<T>;
  messages: readonly Message[];
  maxOutputTokens: number;
  timeoutMs: number;
  /** What a schema cannot say (do the edits apply?). The error is what the model is told. */
  check: (output: T) => Promise<Result<null, string>> | Result<null, string>;
}>;

export type Exchange = Readonly<{
  request: readonly Message[];
  answer: string | null;
  failure: string | null;
  usage: Usage;
  /** How the endpoint was spoken to, where it answered. */
  spoken: Spoken | null;
}>;

export type Asked<T> = Readonly<{
  result: Result<T, Stop>;
  /** As the endpoint named it, once it answered. */
  model: string;
  usage: Usage;
  /** As it was first sent, or would have been. */
  prompt: readonly Message[];
  transcript: readonly Exchange[];
}>;

export type Stop =
  /** The model cannot bring it: nothing will change by itself. */
  | Readonly<{ kind: "unusable"; why: string }>
  /** The endpoint is away: try again later. */
  | Readonly<{ kind: "unavailable"; failure: EngineFailure }>
  | Refused;

/** Characters divided by four: the estimate that is used wherever no endpoint has counted. */
export const estimateTokens = (messages: readonly Message[]): number =>
  Math.ceil(messages.reduce((sum, { content }) => sum + content.length, 0) / 4);

/** SHA-256 of what was asked, for the Run. */
export const promptHashOf = (messages: readonly Message[]): string =>
  createHash("sha256").update(JSON.stringify(messages)).digest("hex");

/**
 * Whatever put a message together, the last thing before it is sent: a briefing has been cleaned by now, and what a model said
 * or was told of its answer is cleaned here.
 */
const presentable = (messages: readonly Message[]): Promise<Message[]> =>
  Promise.all(messages.map(async (message) => ({ ...message, content: (await withoutSecrets(message.content)).text })));

const read = <T>(schema: z.ZodType<T>, text: string): Result<T, string> => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err("The answer was not JSON.");
  }
  const parsed = schema.safeParse(json);
  return parsed.success
    ? ok(parsed.data)
    : err(`The answer does not fit the schema:\n${z.prettifyError(parsed.error)}`);
};

const repair = (answer: string, problem: string): Message[] => [
  { role: "assistant", content: answer.slice(0, MAX_ECHO) },
  { role: "user", content: `That cannot be used.\n\n${problem}\n\nAnswer again, whole, with this mended.` },
];

/** Asks, checks and has repaired; the transcript holds every call, also of what failed. */
export async function ask<T>(
  engine: Engine,
  question: Question<T>,
  meter: Meter,
  signal: AbortSignal,
): Promise<Asked<T>> {
  const transcript: Exchange[] = [];
  const prompt = await presentable(question.messages);
  let messages = prompt;
  let usage: Usage = { inputTokens: 0, outputTokens: 0 };
  let model = question.model;
  let why = "";
  const end = (result: Result<T, Stop>): Asked<T> => ({ result, model, usage, prompt, transcript });

  for (let answers = 0; answers < MAX_ANSWERS; answers += 1) {
    const { role, schemaName, schema, maxOutputTokens, timeoutMs } = question;
    const inputTokens = estimateTokens(messages);
    const passage = await meter.admit({ role, model: question.model, inputTokens, outputTokens: maxOutputTokens });
    if (!passage.ok) return end(passage);
    const called = await engine.complete({
      model: question.model,
      messages,
      schemaName,
      schema,
      tools: [],
      effort: null,
      maxOutputTokens,
      timeoutMs,
      signal,
    });
    const spent = called.ok ? called.value.usage : called.error.usage;
    usage = {
      inputTokens: usage.inputTokens + spent.inputTokens,
      outputTokens: usage.outputTokens + spent.outputTokens,
    };
    if (called.ok) model = called.value.model;
    await passage.value.settle({ model, usage: spent, failure: called.ok ? null : called.error });
    const exchange = { request: messages, usage: spent, spoken: called.ok ? called.value.spoken : null };

    if (!called.ok) {
      transcript.push({ ...exchange, answer: null, failure: `${called.error.code}: ${called.error.message}` });
      if (isTransient(called.error)) return end(err({ kind: "unavailable", failure: called.error }));
      why = called.error.message;
      // A refusal or a rejected request does not get better by asking the same again.
      if (called.error.code === "refused" || called.error.code === "rejected") break;
      messages = [
        ...prompt,
        { role: "user", content: `The last answer could not be used: ${why}. Answer again, whole.` },
      ];
      continue;
    }

    const output = read(question.schema, called.value.text);
    const checked = output.ok ? await question.check(output.value) : output;
    if (output.ok && checked.ok) {
      transcript.push({ ...exchange, answer: called.value.text, failure: null });
      return end(ok(output.value));
    }
    why = checked.ok ? "" : checked.error;
    transcript.push({ ...exchange, answer: called.value.text, failure: why });
    messages = [...prompt, ...(await presentable(repair(called.value.text, why)))];
  }
  return end(err({ kind: "unusable", why }));
}
