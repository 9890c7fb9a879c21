// The real client against a server on this machine that misbehaves in every way that an endpoint can.
import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { EngineFailure, ModelCall } from "../../src/agent/engine.ts";
import { openAiEngine } from "../../src/agent/openai-engine.ts";
import { portOf } from "../support/port-of.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const engineOn = async (listener: RequestListener, maxRetries = 0, findsSecret = (_text: string) => false) => {
  const opened = createServer(listener).listen(0, "127.0.0.1");
  server = opened;
  await new Promise((done) => opened.once("listening", done));
  return openAiEngine({
    apiKey: "test-key",
    baseUrl: `http://127.0.0.1:${portOf(opened)}/v1`,
    maxRetries,
    findsSecret,
  });
};

const call = (over: Partial<ModelCall> = {}): ModelCall => ({
  model: "m",
  messages: [{ role: "user", content: "hello" }],
  schemaName: "triage",
  schema: z.object({ a: z.number() }),
  maxOutputTokens: 50,
  timeoutMs: 2_000,
  signal: new AbortController().signal,
  ...over,
});

const completion = (message: object, finish = "stop") => ({
  id: "c",
  object: "chat.completion",
  created: 1,
  model: "m-2026-01-01",
  choices: [{ index: 0, finish_reason: finish, message: { role: "assistant", ...message } }],
  usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
});

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

describe("openAiEngine", () => {
  it("asks for the schema strictly and returns text and usage", async () => {
    let seen = "";
    const engine = await engineOn((request, response) => {
      request.on("data", (chunk) => {
        seen += chunk;
      });
      request.on("end", () => json(200, completion({ content: '{"a":1}' }))(request, response));
    });
    expect(await engine.complete(call())).toEqual({
      ok: true,
      value: { text: '{"a":1}', model: "m-2026-01-01", usage: { inputTokens: 7, outputTokens: 3 } },
    });
    expect(JSON.parse(seen)).toMatchObject({
      model: "m",
      max_completion_tokens: 50,
      response_format: { type: "json_schema", json_schema: { name: "triage", strict: true } },
    });
  });

  const failures: [string, RequestListener, EngineFailure["code"]][] = [
    ["429", json(429, { error: { message: "slow down" } }, { "retry-after": "7" }), "rate_limited"],
    ["500", json(500, { error: { message: "no" } }), "server"],
    ["503 with HTML", (_, r) => r.writeHead(503, { "content-type": "text/html" }).end("<h1>busy</h1>"), "server"],
    ["400", json(400, { error: { message: "no such format" } }), "rejected"],
    ["401", json(401, { error: { message: "bad key test-key" } }), "rejected"],
    ["a refusal", json(200, completion({ content: null, refusal: "I will not" })), "refused"],
    ["a filter", json(200, completion({ content: "" }, "content_filter")), "refused"],
    ["truncation", json(200, completion({ content: '{"a":' }, "length")), "truncated"],
    ["an empty answer", json(200, completion({ content: " " })), "empty"],
    ["no choices", json(200, { ...completion({}), choices: [] }), "alien"],
    ["something else entirely", json(200, ["hello"]), "alien"],
    ["text that is no JSON", (_, r) => r.writeHead(200, { "content-type": "application/json" }).end("{nope"), "alien"],
    ["a dropped connection", (request) => request.socket.destroy(), "network"],
    [
      "an HTML page with status 200",
      (_, r) => r.writeHead(200, { "content-type": "text/html" }).end("<p>hi</p>"),
      "alien",
    ],
  ];

  it.each(failures)("%s is told apart", async (_, listener, code) => {
    const answer = await (await engineOn(listener)).complete(call());
    expect(answer).toMatchObject({ ok: false, error: { code } });
    expect(JSON.stringify(answer)).not.toContain("test-key");
  });

  it("repeats what the endpoint asks to repeat, within bounds", async () => {
    let times = 0;
    const engine = await engineOn((request, response) => {
      times += 1;
      json(times < 3 ? 429 : 200, times < 3 ? {} : completion({ content: '{"a":1}' }), { "retry-after-ms": "1" })(
        request,
        response,
      );
    }, 2);
    expect(await engine.complete(call())).toMatchObject({ ok: true });
    expect(times).toBe(3);
  });

  it.each([
    ["never answers", () => {}],
    [
      "sends headers and then drips",
      (_: unknown, response: Parameters<RequestListener>[1]) => {
        response.writeHead(200, { "content-type": "application/json" });
        const drip = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(drip));
      },
    ],
  ] satisfies [string, RequestListener][])("ends in bounded time with a server that %s", async (_, listener) => {
    const engine = await engineOn(listener);
    expect(await engine.complete(call({ timeoutMs: 150 }))).toMatchObject({ ok: false, error: { code: "timeout" } });
  });

  it("a body that breaks off is a network failure", async () => {
    const engine = await engineOn((_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
      response.write('{"id":');
      setTimeout(() => response.destroy(), 10);
    });
    expect(await engine.complete(call())).toMatchObject({ ok: false, error: { code: "network" } });
  });

  it("throws when it is its caller who ends it", async () => {
    const engine = await engineOn(() => {});
    const stop = new AbortController();
    const answer = engine.complete(call({ signal: stop.signal }));
    stop.abort();
    await expect(answer).rejects.toThrow();
  });

  it("sends no prompt that holds a secret of the process", async () => {
    let asked = 0;
    const engine = await engineOn(
      (request, response) => {
        asked += 1;
        json(200, completion({ content: "{}" }))(request, response);
      },
      0,
      (text) => text.includes("canary"),
    );
    const messages = [{ role: "user" as const, content: "a canary" }];
    await expect(engine.complete(call({ messages }))).rejects.toThrow("nothing was sent to the model");
    expect(asked).toBe(0);
  });

  it("takes no answer that holds one, and counts what it cost", async () => {
    const engine = await engineOn(json(200, completion({ content: '{"a":"canary"}' })), 0, (text) =>
      text.includes("canary"),
    );
    expect(await engine.complete(call())).toEqual({
      ok: false,
      error: {
        code: "alien",
        message: "the answer held a secret of this process",
        usage: { inputTokens: 7, outputTokens: 3 },
        retryAfter: null,
      },
    });
  });
});
