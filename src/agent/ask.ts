// One question to an engine, until its answer is usable: looked into, parsed, checked, and sent back with what was wrong, within bounds.
import { z } from "zod";
import type { Look } from "../context/look.ts";
import { err, ok, type Result } from "../result.ts";
import { type Engine, type EngineFailure, isTransient, type Message, type ModelAnswer, type Usage } from "./engine.ts";
import { type Guard, type Injected, watchFor } from "./injection/watch.ts";
import { type Looked, lookFurther, type Room, roomOf } from "./look/further.ts";
import { LOOK_TOOLS } from "./look/tools.ts";
import { estimateForm, estimateTokens, presentable } from "./messages.ts";
import type { Meter, Refused } from "./meter.ts";
import type { StepSpec } from "./step.ts";
import { type Exchange, sinceLast } from "./transcript.ts";

/** Of a broken answer, the model is shown this many characters again. */
const MAX_ECHO = 20_000;

export type Question<T> = Readonly<{
  step: StepSpec;
  schema: z.ZodType<T>;
  messages: readonly Message[];
  /** What a schema cannot say (do the edits apply?). The error is what the model is told. Not asked where the step skips it. */
  check: (output: T) => Promise<Result<null, string>> | Result<null, string>;
  /** Where the step may look; null is nowhere, whatever the step says. */
  look: Look | null;
  /** What no answer may hold or name. */
  guard: Guard | null;
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
  /** Something that the model read gave it orders: nobody goes on by themselves. */
  | Injected
  | Refused;

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

const judge = async <T>({ step, schema, check }: Question<T>, text: string): Promise<Result<T, string>> => {
  const output = read(schema, text);
  if (!output.ok || step.qa === "skip") return output;
  const checked = await check(output.value);
  return checked.ok ? output : checked;
};

const user = (content: string): Message => ({ role: "user", content });

const repair = (answer: string, problem: string): Message[] => [
  ...(answer === "" ? [] : [{ role: "assistant" as const, content: answer.slice(0, MAX_ECHO) }]),
  user(`That cannot be used.\n\n${problem}\n\nAnswer again, whole, with this mended.`),
];

/** A call as it is repeated to the model: with ids that it made up, and no more of its arguments than it may send again. */
const asCalled = ({ text, toolCalls }: ModelAnswer, looked: readonly Looked[]): Message[] => [
  { role: "assistant", content: text.slice(0, MAX_ECHO), toolCalls },
  ...looked.map(({ call, answer }): Message => ({ role: "tool", callId: call.id, content: answer })),
];

const NO_TOOLS = "There are no tools here. Answer with what you have.";
/** In one answer. Whoever asks for more at once is not looking for anything. */
const MOST_CALLS_AT_ONCE = 32;

/** Asks, lets look, checks and has repaired; the transcript holds every call, also of what failed. */
export async function ask<T>(
  engine: Engine,
  question: Question<T>,
  meter: Meter,
  signal: AbortSignal,
): Promise<Asked<T>> {
  const { step, schema, look } = question;
  const { role, loop, maxOutputTokens, timeoutMs, effort } = step;
  const watch = watchFor(question.guard);
  const transcript: Exchange[] = [];
  const prompt = await presentable(question.messages);
  /** What every iteration begins with: the prompt, and what was looked at. */
  let ground: readonly Message[] = prompt;
  let messages: readonly Message[] = prompt;
  let last: readonly Message[] = [];
  let usage: Usage = { inputTokens: 0, outputTokens: 0 };
  let model = step.model;
  let why = "";
  let room: Room | null = look === null || step.look === null ? null : roomOf(step.look);
  const end = (result: Result<T, Stop>): Asked<T> => ({ result, model, usage, prompt, transcript });

  /** Begins the next iteration. */
  const again = async (said: readonly Message[]): Promise<void> => {
    const after = await presentable(said);
    messages = loop.resets === "nothing" ? [...messages, ...after] : [...ground, ...after];
  };

  for (let answers = 0; answers < loop.maxIterations; ) {
    const tools = room === null ? [] : LOOK_TOOLS;
    const inputTokens = estimateTokens(messages) + estimateForm(schema, tools);
    const passage = await meter.admit({
      role,
      model: step.model,
      inputTokens,
      outputTokens: maxOutputTokens,
      timeoutMs,
    });
    if (!passage.ok) return end(passage);
    const called = await engine.complete({
      model: step.model,
      messages,
      schemaName: step.prompt.schema,
      schema,
      tools,
      effort,
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
    const away = await passage.value.settle({ model, usage: spent, failure: called.ok ? null : called.error });
    const sent = { ...sinceLast(last, messages), usage: spent };
    last = messages;

    if (!called.ok) {
      const { code, message, retryAfter } = called.error;
      const error = { code, message, retryAfter };
      const nothing = { answer: null, toolCalls: [], looked: [], model: null, spoken: null };
      transcript.push({ ...sent, ...nothing, failure: `${code}: ${message}`, error });
      if (isTransient(called.error)) {
        const failure = called.error;
        return end(err(away === null ? { kind: "unavailable", failure } : { kind: "endpoint_away", failure, ...away }));
      }
      why = message;
      // A refusal or a rejected request does not get better by asking the same again.
      if (code === "refused" || code === "rejected") break;
      answers += 1;
      await again([user(`The last answer could not be used: ${why}. Answer again, whole.`)]);
      continue;
    }

    const { text, toolCalls, spoken } = called.value;
    const came = { ...sent, answer: text, toolCalls, model: called.value.model, spoken, error: null };
    const seen = watch(called.value, schema, messages);
    if (seen.kind === "injected") {
      transcript.push({ ...came, looked: [], failure: `injection: ${seen.what}` });
      return end(err(seen));
    }
    if (toolCalls.length > 0) {
      if (look === null || room === null || toolCalls.length > MOST_CALLS_AT_ONCE) {
        why = room === null ? NO_TOOLS : `At most ${MOST_CALLS_AT_ONCE} looks at once.`;
        transcript.push({ ...came, looked: [], failure: why });
        answers += 1;
        await again(repair(text, why));
        continue;
      }
      // Who looks when nothing is left to look with, answers: so the calls of a run have an end.
      const isOver = room.calls === 0 || room.bytes === 0;
      const further = await lookFurther(look, toolCalls, room);
      room = further.room;
      const looked = further.looked.map(({ answer, found }) => ({ answer, found }));
      transcript.push({ ...came, looked, failure: null });
      if (isOver) {
        answers += 1;
        why = "The model went on looking instead of answering.";
      }
      const exchange = await presentable(asCalled(called.value, further.looked));
      ground = [...ground, ...exchange];
      messages = [...messages, ...exchange];
      continue;
    }

    answers += 1;
    const judged = seen.kind === "told" ? err(seen.why) : await judge(question, text);
    if (judged.ok) {
      transcript.push({ ...came, looked: [], failure: null });
      return end(judged);
    }
    why = judged.error;
    transcript.push({ ...came, looked: [], failure: why });
    await again(repair(text, why));
  }
  return end(err({ kind: "unusable", why }));
}
