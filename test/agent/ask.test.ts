import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ask, type Question } from "../../src/agent/ask.ts";
import type { Engine, EngineFailure, ModelAnswer, ModelCall } from "../../src/agent/engine.ts";
import { estimateForm } from "../../src/agent/messages.ts";
import type { CallEnd, CallEstimate, Meter } from "../../src/agent/meter.ts";
import { type StepSpec, THREE_ANSWERS } from "../../src/agent/step.ts";
import { err, ok, type Result } from "../../src/result.ts";

const Schema = z.object({ number: z.number() });
const usage = { inputTokens: 10, outputTokens: 5 };

const SPOKEN = { api: "scripted", format: "json_schema", tools: false, effort: false } as const;

const STEP: StepSpec = {
  role: "triage",
  engine: "scripted",
  model: "scripted",
  effort: null,
  prompt: { version: "1", schema: "number" },
  qa: "light",
  loop: THREE_ANSWERS,
  look: null,
  maxOutputTokens: 100,
  timeoutMs: 1000,
};

const CODES: readonly EngineFailure["code"][] = [
  "refused",
  "truncated",
  "empty",
  "alien",
  "rate_limited",
  "server",
  "network",
  "timeout",
  "rejected",
];

/** An engine that gives the scripted answers in order, a code as its failure, and remembers what it was asked. */
const scripted = (...answers: string[]): Engine & { calls: ModelCall[] } => {
  const calls: ModelCall[] = [];
  return {
    name: "scripted",
    calls,
    complete: async (call): Promise<Result<ModelAnswer, EngineFailure>> => {
      calls.push(call);
      const answer = answers[calls.length - 1];
      if (answer === undefined) throw new Error("asked more often than scripted");
      const code = CODES.find((known) => known === answer);
      return code === undefined
        ? ok({ text: answer, toolCalls: [], model: "scripted-1", usage, spoken: SPOKEN })
        : err({ code, message: answer, usage, retryAfter: null });
    },
  };
};

const question = (over: Partial<Question<z.infer<typeof Schema>>> = {}): Question<z.infer<typeof Schema>> => ({
  step: STEP,
  schema: Schema,
  messages: [{ role: "user", content: "a number, please" }],
  check: () => ok(null),
  look: null,
  guard: null,
  ...over,
});

/** Lets so many tokens pass, and keeps what it was told. */
const within = (tokens: number): Meter & { asked: CallEstimate[]; told: CallEnd[] } => {
  const asked: CallEstimate[] = [];
  const told: CallEnd[] = [];
  return {
    asked,
    told,
    admit: async (call) => {
      asked.push(call);
      const used = told.reduce((sum, { usage: spent }) => sum + spent.inputTokens + spent.outputTokens, 0);
      const needed = call.inputTokens + call.outputTokens;
      if (used + needed > tokens) {
        const { model } = call;
        const shortage = { scope: "run", unit: "tokens", limit: tokens, used, needed, model, until: null } as const;
        return err({ kind: "over_budget", shortage });
      }
      return ok({
        settle: async (end) => {
          told.push(end);
          return null;
        },
      });
    },
  };
};
const always = within(Number.MAX_SAFE_INTEGER);
const signal = new AbortController().signal;

/** What the schema of the question counts as. */
const FORM = estimateForm(question().schema, []);

describe("ask", () => {
  it("returns the first usable answer, with what it cost and who gave it", async () => {
    const asked = await ask(scripted('{"number": 4}'), question(), always, signal);
    expect(asked).toMatchObject({ result: { ok: true, value: { number: 4 } }, usage, model: "scripted-1" });
    expect(asked.transcript).toHaveLength(1);
  });

  it("has an answer repaired, saying what was wrong, and counts every call", async () => {
    const engine = scripted("no json at all", '{"number": "four"}', '{"number": 4}');
    const asked = await ask(engine, question(), always, signal);
    expect(asked.result).toEqual(ok({ number: 4 }));
    expect(asked.usage).toEqual({ inputTokens: 30, outputTokens: 15 });
    expect(engine.calls[1]?.messages.at(-1)?.content).toContain("was not JSON");
    expect(engine.calls[2]?.messages.at(-1)?.content).toContain("expected number");
    // A repair starts from the question: broken answers do not pile up.
    expect(engine.calls[2]?.messages).toHaveLength(3);
  });

  it("gives up after two repairs", async () => {
    const engine = scripted('{"number": 1}', '{"number": 2}', '{"number": 3}');
    const asked = await ask(engine, question({ check: () => err("not that one") }), always, signal);
    expect(asked.result).toEqual(err({ kind: "unusable", why: "not that one" }));
    expect(engine.calls).toHaveLength(3);
    expect(asked.transcript.map(({ failure }) => failure)).toEqual(Array(3).fill("not that one"));
  });

  it.each(["refused", "rejected"] as const)("does not ask again after %s", async (code) => {
    const engine = scripted(code);
    const asked = await ask(engine, question(), always, signal);
    expect(asked.result).toEqual(err({ kind: "unusable", why: code }));
    expect(engine.calls).toHaveLength(1);
  });

  it.each(["truncated", "empty", "alien"] as const)("asks again after %s", async (code) => {
    const asked = await ask(scripted(code, '{"number": 4}'), question(), always, signal);
    expect(asked.result).toEqual(ok({ number: 4 }));
    expect(asked.transcript[0]).toMatchObject({ answer: null, usage });
  });

  it.each(["rate_limited", "server", "network", "timeout"] as const)("leaves %s to the queue", async (code) => {
    const engine = scripted(code);
    const asked = await ask(engine, question(), always, signal);
    expect(asked.result).toMatchObject({ ok: false, error: { kind: "unavailable", failure: { code } } });
    expect(engine.calls).toHaveLength(1);
  });

  it("passes the meter once a call, with the most that it may use, and tells it how each ended", async () => {
    const meter = within(10_000);
    await ask(scripted("no json at all", "truncated", '{"number": 4}'), question(), meter, signal);
    expect(meter.asked).toMatchObject([
      { role: "triage", model: "scripted", inputTokens: 4 + FORM, outputTokens: 100 },
      { model: "scripted", outputTokens: 100 },
      { model: "scripted", outputTokens: 100 },
    ]);
    expect(meter.told).toEqual([
      { model: "scripted-1", usage, failure: null },
      { model: "scripted-1", usage, failure: expect.objectContaining({ code: "truncated" }) },
      { model: "scripted-1", usage, failure: null },
    ]);
  });

  it("spends nothing that is not allowed, repairs included", async () => {
    const none = scripted();
    expect((await ask(none, question(), within(0), signal)).result).toMatchObject({
      ok: false,
      error: { kind: "over_budget" },
    });
    expect(none.calls).toHaveLength(0);

    const once = scripted("no json at all");
    const asked = await ask(once, question(), within(115 + FORM), signal);
    expect(asked.result).toMatchObject({ ok: false, error: { kind: "over_budget" } });
    expect(once.calls).toHaveLength(1);
  });

  it("sends no secret, whoever wrote it: the question, the model, or the words about its answer", async () => {
    const aws = ["AKIA", "QX7RT2MNB4VCJ9LK"].join("");
    const engine = scripted(`{"number": "${aws}"}`, '{"number": 4}');
    const asked = await ask(
      engine,
      question({ messages: [{ role: "user", content: `before\nkey ${aws}\nafter` }], check: () => ok(null) }),
      always,
      signal,
    );
    expect(engine.calls).toHaveLength(2);
    expect(JSON.stringify(engine.calls.map(({ messages }) => messages))).not.toContain(aws);
    expect(engine.calls[0]?.messages).toEqual([
      { role: "user", content: "before\n[removed: looks like an AWS access key id]\nafter" },
    ]);
    expect(asked.prompt).toEqual(engine.calls[0]?.messages);
    expect(JSON.stringify(asked.transcript.map(({ request }) => request))).not.toContain(aws);
  });
});
