// A model that looks further before it answers: what it may ask for, what it is told, and that it comes to an end.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ask, type Question } from "../../src/agent/ask.ts";
import type { Engine, ModelCall, ToolCall } from "../../src/agent/engine.ts";
import type { Meter } from "../../src/agent/meter.ts";
import { type StepSpec, THREE_ANSWERS } from "../../src/agent/step.ts";
import type { Look } from "../../src/context/look.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { err, ok } from "../../src/result.ts";
import { runs } from "../support/runs.ts";

const Schema = z.object({ number: z.number() });
const usage = { inputTokens: 10, outputTokens: 5 };
const SPOKEN = { api: "scripted", format: "json_schema", tools: true, effort: false } as const;

type Says = string | readonly Omit<ToolCall, "id">[];

const scripted = (say: (call: ModelCall, nth: number) => Says): Engine & { calls: ModelCall[] } => {
  const calls: ModelCall[] = [];
  return {
    name: "scripted",
    calls,
    complete: async (call) => {
      calls.push(call);
      const said = say(call, calls.length);
      const toolCalls =
        typeof said === "string" ? [] : said.map((one, at) => ({ id: `c${calls.length}-${at}`, ...one }));
      return ok({ text: typeof said === "string" ? said : "", toolCalls, model: "scripted-1", usage, spoken: SPOKEN });
    },
  };
};

/** Lets everything pass. */
const anything: Meter = { admit: async () => ok({ settle: async () => null }) };

const read = (path: string) => ({
  name: "read",
  arguments: JSON.stringify({ repository: "acme/shop", path, from: 1, to: 9 }),
});

const FILES: Readonly<Record<string, string>> = { "a.js": "const a = 1;", "long.js": "x".repeat(5_000) };
const fake: Look = {
  list: async () => ok(Object.keys(FILES).join("\n")),
  read: async (_, path) => {
    if (path === "away.js") throw new GitHubError("timeout", "GitHub did not answer");
    const text = FILES[path];
    return text === undefined ? err(`There is no file ${JSON.stringify(path)}.`) : ok(text);
  },
  search: async (_, text) => ok(`a.js:1: ${text}`),
};

const step: StepSpec = {
  role: "planner",
  engine: "scripted",
  model: "scripted",
  effort: null,
  prompt: { version: "1", schema: "number" },
  qa: "light",
  loop: THREE_ANSWERS,
  look: { calls: 4, bytes: 4_000 },
  maxOutputTokens: 100,
  timeoutMs: 1_000,
};

const asking = (engine: Engine, over: Partial<Question<z.infer<typeof Schema>>> = {}) =>
  ask(
    engine,
    {
      step,
      schema: Schema,
      messages: [{ role: "user", content: "a number" }],
      check: () => ok(null),
      look: fake,
      guard: null,
      ...over,
    },
    anything,
    new AbortController().signal,
  );

const toldIn = (call: ModelCall | undefined): readonly string[] =>
  (call?.messages ?? []).flatMap((message) => (message.role === "tool" ? [message.content] : []));

describe("looking further", () => {
  it("is told what was found, fenced as data, and answers; each call and its answer is kept", async () => {
    const engine = scripted((_, nth) => (nth === 1 ? [read("a.js"), read("b.js")] : '{"number": 4}'));
    const asked = await asking(engine);
    expect(asked.result).toEqual(ok({ number: 4 }));
    expect(engine.calls[0]?.tools.map(({ name }) => name)).toEqual(["list", "read", "search"]);
    const [found, missing] = toldIn(engine.calls[1]);
    expect(found).toMatch(
      /^<data id="([0-9a-f]{24})" source="file a\.js of acme\/shop">\nconst a = 1;\n<\/data id="\1">$/,
    );
    expect(missing).toContain('There is no file "b.js".');
    expect(asked.usage).toEqual({ inputTokens: 20, outputTokens: 10 });
    expect(asked.transcript).toMatchObject([
      {
        toolCalls: [read("a.js"), read("b.js")],
        looked: [
          { answer: found, found: true },
          { answer: missing, found: false },
        ],
      },
      { repeats: 1, answer: '{"number": 4}', looked: [], failure: null },
    ]);
    // The prompt is kept once: what follows it is what was added.
    expect(asked.transcript[1]?.request).toHaveLength(3);
  });

  it.each([
    [{ name: "write", arguments: "{}" }, "There is no tool of that name."],
    [{ name: "read", arguments: "{nope" }, "The arguments do not fit"],
    [{ name: "read", arguments: '{"repository":"acme/shop","path":"a.js"}' }, "The arguments do not fit"],
    [
      { name: "list", arguments: '{"repository":"acme/shop","folder":"","recursive":true}' },
      "The arguments do not fit",
    ],
    [read("away.js"), "It cannot be read at the moment."],
  ])("a call that is none, %j, is answered with an error, and goes on", async (call, told) => {
    const engine = scripted((_, nth) => (nth === 1 ? [call] : '{"number": 4}'));
    const asked = await asking(engine);
    expect(toldIn(engine.calls[1])[0]).toContain(told);
    expect(asked.result).toEqual(ok({ number: 4 }));
  });

  it("counts bytes: what does not fit is not shown, and says so", async () => {
    const engine = scripted((_, nth) => (nth === 1 ? [read("long.js"), read("a.js")] : '{"number": 4}'));
    await asking(engine);
    const [long, short] = toldIn(engine.calls[1]);
    expect(long).toContain("longer than what is left");
    expect(short).toContain("const a = 1;");
  });

  it("a repair keeps what was looked at", async () => {
    const engine = scripted((_, nth) => (nth === 1 ? [read("a.js")] : nth === 2 ? "no json" : '{"number": 4}'));
    await asking(engine);
    expect(toldIn(engine.calls[2])[0]).toContain("const a = 1;");
    expect(engine.calls[2]?.messages.at(-1)?.content).toContain("was not JSON");
  });

  it("what was looked at counts in the estimate of the next call", async () => {
    const estimates: number[] = [];
    const engine = scripted((_, nth) => (nth === 1 ? [read("a.js")] : '{"number": 4}'));
    await ask(
      engine,
      {
        step,
        schema: Schema,
        messages: [{ role: "user", content: "a number" }],
        check: () => ok(null),
        look: fake,
        guard: null,
      },
      {
        admit: async ({ inputTokens }) => {
          estimates.push(inputTokens);
          return ok({ settle: async () => null });
        },
      },
      new AbortController().signal,
    );
    expect(estimates[1]).toBeGreaterThan((estimates[0] ?? 0) + 30);
  });

  it("who looks for ever comes to an end, and is told why", async () => {
    const engine = scripted(() => [read("a.js")]);
    const asked = await asking(engine);
    expect(asked.result).toEqual(err({ kind: "unusable", why: "The model went on looking instead of answering." }));
    expect(engine.calls).toHaveLength(4 + THREE_ANSWERS.maxIterations);
    expect(toldIn(engine.calls.at(-1)).at(-1)).toContain("No more looks are left");
  });

  it("who has no tools and calls some all the same is told so, and has as many answers as others", async () => {
    const engine = scripted((_, nth) => (nth === 1 ? [read("a.js")] : '{"number": 4}'));
    const asked = await asking(engine, { look: null });
    expect(engine.calls[0]?.tools).toEqual([]);
    expect(asked.result).toEqual(ok({ number: 4 }));
    expect(engine.calls[1]?.messages.at(-1)?.content).toContain("There are no tools here.");
  });

  it("whatever is called, however often: calls are bounded, and so is what they show", async () => {
    const word = fc.constantFrom("list", "read", "search", "write", "");
    const given = fc.oneof(
      fc.json(),
      fc.constant(read("a.js").arguments),
      fc.constant(read("long.js").arguments),
      fc.string(),
    );
    const turn = fc.oneof(
      fc.array(fc.record({ name: word, arguments: given }), { minLength: 1, maxLength: 40 }),
      fc.constant("no json"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 12 }), async (turns) => {
        const engine = scripted((_, nth) => turns[(nth - 1) % turns.length] ?? "");
        const asked = await asking(engine);
        expect(engine.calls.length).toBeLessThanOrEqual(4 + THREE_ANSWERS.maxIterations);
        const shown = asked.transcript.flatMap(({ looked }) => looked).filter(({ found }) => found);
        expect(shown.length).toBeLessThanOrEqual(4);
        expect(shown.reduce((sum, { answer }) => sum + Buffer.byteLength(answer), 0)).toBeLessThanOrEqual(4_000);
      }),
      runs(60),
    );
  });
});

describe("the step that a run follows", () => {
  it("skips the role's own rules where its policy says so", async () => {
    const strict = { check: () => err("no") };
    expect(
      (
        await asking(
          scripted(() => '{"number": 1}'),
          { ...strict, step: { ...step, qa: "skip" } },
        )
      ).result,
    ).toEqual(ok({ number: 1 }));
    expect(
      (
        await asking(
          scripted(() => '{"number": 1}'),
          strict,
        )
      ).result,
    ).toMatchObject({ ok: false });
  });

  it("has as many iterations as it allows, which begin with what it resets", async () => {
    for (const resets of ["broken_answers", "nothing"] as const) {
      const engine = scripted(() => "no json");
      await asking(engine, { step: { ...step, loop: { maxIterations: 4, resets } } });
      expect(engine.calls.map(({ messages }) => messages.length)).toEqual(
        resets === "nothing" ? [1, 3, 5, 7] : [1, 3, 3, 3],
      );
    }
  });
});
