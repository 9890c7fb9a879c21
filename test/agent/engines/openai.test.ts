// What the real client sends in each of the two styles, and what it makes of good answers.
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Message } from "../../../src/agent/engine.ts";
import { call, type Endpoint, endpoint, GOOD, json, MODEL, SPENT, says, status, styleOf } from "./endpoint.ts";

let opened: Endpoint | undefined;
afterEach(() => opened?.close());
const open = async (...given: Parameters<typeof endpoint>): Promise<Endpoint> => {
  opened = await endpoint(...given);
  return opened;
};

const spoken = { format: "json_schema", tools: false, effort: false } as const;
const read = { name: "read", description: "Reads a file.", parameters: z.object({ path: z.string() }) };

describe("what is sent", () => {
  it("responses: the schema strictly, nothing kept there, and no more than was asked for", async () => {
    const at = await open(says(GOOD));
    expect(await at.engine.complete(call())).toEqual({
      ok: true,
      value: { text: '{"a":1}', toolCalls: [], model: MODEL, usage: SPENT, spoken: { api: "responses", ...spoken } },
    });
    expect(at.sent).toEqual([
      {
        path: "/v1/responses",
        body: {
          model: "m",
          input: [{ role: "user", content: "hello" }],
          max_output_tokens: 50,
          store: false,
          text: { format: { type: "json_schema", name: "triage", strict: true, schema: expect.anything() } },
        },
      },
    ]);
  });

  it("chat: the schema strictly", async () => {
    const at = await open(says(GOOD), { api: "chat" });
    expect(await at.engine.complete(call())).toMatchObject({ ok: true, value: { spoken: { api: "chat", ...spoken } } });
    expect(at.sent).toMatchObject([
      {
        path: "/v1/chat/completions",
        body: {
          model: "m",
          messages: [{ role: "user", content: "hello" }],
          max_completion_tokens: 50,
          response_format: { type: "json_schema", json_schema: { name: "triage", strict: true } },
        },
      },
    ]);
  });

  const talk: readonly Message[] = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "hello" },
    { role: "assistant", content: "", toolCalls: [{ id: "c1", name: "read", arguments: '{"path":"a"}' }] },
    { role: "tool", callId: "c1", content: "the file" },
  ];

  it.each(["responses", "chat"] as const)("%s: tools, what they came to, and the effort", async (api) => {
    const at = await open(says({ kind: "calls", calls: [{ name: "read", arguments: '{"path":"b"}' }] }), { api });
    const answer = await at.engine.complete(call({ messages: talk, tools: [read], effort: "low" }));
    expect(answer).toMatchObject({
      ok: true,
      value: {
        text: "",
        toolCalls: [{ id: "call_1_0", name: "read", arguments: '{"path":"b"}' }],
        usage: SPENT,
        spoken: { api, format: "json_schema", tools: true, effort: true },
      },
    });
    const [{ body } = { body: {} }] = at.sent;
    expect(body).toMatchObject(
      api === "chat"
        ? {
            reasoning_effort: "low",
            tools: [{ type: "function", function: { name: "read", description: "Reads a file.", strict: true } }],
            messages: [
              { role: "system", content: "Be brief." },
              { role: "user", content: "hello" },
              {
                role: "assistant",
                content: null,
                tool_calls: [{ id: "c1", type: "function", function: { name: "read", arguments: '{"path":"a"}' } }],
              },
              { role: "tool", tool_call_id: "c1", content: "the file" },
            ],
          }
        : {
            reasoning: { effort: "low" },
            tools: [{ type: "function", name: "read", description: "Reads a file.", strict: true }],
            input: [
              { role: "system", content: "Be brief." },
              { role: "user", content: "hello" },
              { type: "function_call", call_id: "c1", name: "read", arguments: '{"path":"a"}' },
              { type: "function_call_output", call_id: "c1", output: "the file" },
            ],
          },
    );
  });
});

/** An endpoint that knows only some of it, and says so as several of them do. */
type Knows = Readonly<{
  responses?: boolean;
  format?: "json_object" | "text";
  tools?: boolean;
  effort?: boolean;
  limit?: "old";
}>;

const poor =
  (knows: Knows): Parameters<typeof endpoint>[0] =>
  (request, response) => {
    const body = opened?.sent.at(-1)?.body ?? {};
    const style = styleOf(request);
    if (style === "responses" && knows.responses === false) return status(404)(request, response);
    const refuse = (message: string, param: string | null = null) => status(400, { message, param })(request, response);
    if (knows.limit === "old" && "max_completion_tokens" in body)
      return refuse("Unrecognized request argument supplied: max_completion_tokens");
    if (knows.effort === false && ("reasoning" in body || "reasoning_effort" in body))
      return refuse("Unsupported parameter: 'reasoning.effort' is not supported with this model.", "reasoning.effort");
    if (knows.tools === false && "tools" in body) return refuse("this model does not support tools");
    const format = JSON.stringify(body["response_format"] ?? body["text"] ?? {});
    const isUnknown = format.includes("json_schema") || (knows.format === "text" && format.includes("json_object"));
    if (knows.format !== undefined && isUnknown)
      return refuse("'response_format.type' is not supported here", "response_format");
    return says(knows.format === undefined ? GOOD : { kind: "text", text: '```json\n{"a":1}\n```' })(request, response);
  };

describe("an endpoint that knows less", () => {
  const cases: readonly [string, Knows, object, number][] = [
    ["has only Chat Completions", { responses: false }, { api: "chat", format: "json_schema" }, 2],
    ["takes no schema", { format: "json_object" }, { api: "responses", format: "json_object" }, 2],
    ["knows only text", { format: "text" }, { api: "responses", format: "text" }, 3],
    ["has no tools", { tools: false }, { api: "responses", tools: false, effort: true }, 2],
    ["knows no effort", { effort: false }, { api: "responses", tools: true, effort: false }, 2],
    [
      "is old in every way",
      { responses: false, format: "text", tools: false, effort: false, limit: "old" },
      { api: "chat", format: "text", tools: false, effort: false },
      7,
    ],
  ];
  it.each(cases)("that %s is asked for less, once, and remembered", async (_, knows, used, requests) => {
    const at = await open(poor(knows));
    const asked = call({ tools: [read], effort: "high" });
    expect(await at.engine.complete(asked)).toMatchObject({ ok: true, value: { text: '{"a":1}', spoken: used } });
    expect(at.sent).toHaveLength(requests);
    expect(await at.engine.complete(asked)).toMatchObject({ ok: true, value: { spoken: used } });
    expect(at.sent).toHaveLength(requests + 1);
  });

  it("is told the schema in words where it takes none", async () => {
    const at = await open(poor({ format: "text" }), { api: "chat" });
    await at.engine.complete(call());
    const last = at.sent.at(-1)?.body;
    expect(last).not.toHaveProperty("response_format");
    expect(JSON.stringify(last?.["messages"])).toContain("fits this JSON Schema");
    expect(JSON.stringify(last?.["messages"])).toContain("additionalProperties");
  });

  it("another model of the same endpoint may know more", async () => {
    const at = await open((request, response) => {
      return at.sent.at(-1)?.body["model"] === "small"
        ? poor({ format: "json_object" })(request, response)
        : says(GOOD)(request, response);
    });
    expect(await at.engine.complete(call({ model: "small" }))).toMatchObject({
      value: { spoken: { format: "json_object" } },
    });
    expect(await at.engine.complete(call({ model: "large" }))).toMatchObject({
      value: { spoken: { format: "json_schema" } },
    });
  });

  it("where the operator has chosen, no other interface is tried", async () => {
    const at = await open(poor({ responses: false }), { api: "responses" });
    expect(await at.engine.complete(call())).toMatchObject({ ok: false, error: { code: "rejected" } });
    expect(at.sent.map(({ path }) => path)).toEqual(["/v1/responses"]);
  });

  it("a model that is not there is no interface that is not there", async () => {
    const at = await open(status(404, { code: "model_not_found", message: "The model `m` does not exist" }));
    expect(await at.engine.complete(call())).toMatchObject({
      ok: false,
      error: { code: "rejected", message: "HTTP 404" },
    });
    expect(at.sent).toHaveLength(1);
  });

  it("one that refuses everything for ever is asked a bounded number of times", async () => {
    const at = await open(status(400, { message: "max_completion_tokens effort tools response_format responses api" }));
    expect(await at.engine.complete(call({ tools: [read], effort: "low" }))).toMatchObject({
      error: { code: "rejected" },
    });
    expect(at.sent.length).toBeLessThanOrEqual(7);
  });
});

it("repeats what the endpoint asks to repeat, within bounds", async () => {
  let times = 0;
  const at = await open(
    (request, response) => {
      times += 1;
      return times < 3 ? status(429, {}, { "retry-after-ms": "1" })(request, response) : says(GOOD)(request, response);
    },
    { maxRetries: 2 },
  );
  expect(await at.engine.complete(call())).toMatchObject({ ok: true });
  expect(times).toBe(3);
});

it("throws when it is its caller who ends it", async () => {
  const at = await open(() => {});
  const stop = new AbortController();
  const answer = at.engine.complete(call({ signal: stop.signal }));
  stop.abort();
  await expect(answer).rejects.toThrow();
});

describe("secrets of the process", () => {
  const findsSecret = (text: string) => text.includes("canary");

  it("no prompt that holds one is sent, in whatever part", async () => {
    const at = await open(says(GOOD), { findsSecret });
    const prompts: readonly Message[] = [
      { role: "user", content: "a canary" },
      { role: "assistant", content: "", toolCalls: [{ id: "1", name: "read", arguments: "canary" }] },
      { role: "tool", callId: "1", content: "canary" },
    ];
    for (const message of prompts) {
      await expect(at.engine.complete(call({ messages: [message] }))).rejects.toThrow("nothing was sent to the model");
    }
    expect(at.sent).toEqual([]);
  });

  it.each([
    ["answer", { kind: "text", text: '{"a":"canary"}' }],
    ["call of a tool", { kind: "calls", calls: [{ name: "read", arguments: '{"path":"canary"}' }] }],
  ] as const)("no %s that holds one is taken, and what it cost is counted", async (_, said) => {
    const at = await open((request, response) => says(said)(request, response), { findsSecret });
    expect(await at.engine.complete(call())).toEqual({
      ok: false,
      error: { code: "alien", message: "the answer held a secret of this process", usage: SPENT, retryAfter: null },
    });
  });
});

it("an answer of reasoning models has more in it than is read", async () => {
  const at = await open((_, response) =>
    json(response, 200, {
      model: MODEL,
      status: "completed",
      output: [
        { type: "reasoning", summary: [] },
        {
          type: "message",
          content: [
            { type: "output_text", text: '{"a":' },
            { type: "output_text", text: "1}" },
          ],
        },
      ],
    }),
  );
  expect(await at.engine.complete(call())).toMatchObject({
    ok: true,
    value: { text: '{"a":1}', usage: { inputTokens: 0, outputTokens: 0 } },
  });
});
