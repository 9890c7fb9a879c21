// The real client against an endpoint that misbehaves in every way that one can, in both styles: a typed failure, in bounded time.
import { createServer, type RequestListener, type Server } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { EngineFailure } from "../../../src/agent/engine.ts";
import { MAX_ANSWER_BYTES } from "../../../src/agent/engines/openai/one-host.ts";
import { openAiEngine } from "../../../src/agent/engines/openai.ts";
import { portOf } from "../../support/port-of.ts";
import { call, type Endpoint, endpoint, GOOD, json, KEY, SPENT, says, status } from "./endpoint.ts";

let opened: Endpoint | undefined;
let other: Server | undefined;
afterEach(() => {
  opened?.close();
  other?.closeAllConnections();
  other?.close();
  other = undefined;
});
const open = async (...given: Parameters<typeof endpoint>): Promise<Endpoint> => {
  opened = await endpoint(...given);
  return opened;
};

const html =
  (code: number): RequestListener =>
  (_, response) =>
    void response.writeHead(code, { "content-type": "text/html" }).end("<h1>Sign in</h1>");

const body =
  (text: string): RequestListener =>
  (_, response) =>
    void response.writeHead(200, { "content-type": "application/json" }).end(text);

type Expected = Readonly<{ code: EngineFailure["code"]; retryAfter?: number; cost?: typeof SPENT }>;

const ANSWERS: readonly [string, RequestListener, Expected][] = [
  ["a refusal", says({ kind: "refusal", text: `I will not, ${KEY}` }), { code: "refused", cost: SPENT }],
  ["a filter", says({ kind: "filtered" }), { code: "refused", cost: SPENT }],
  ["truncation", says({ kind: "truncated", text: '{"a":' }), { code: "truncated", cost: SPENT }],
  ["an empty answer", says({ kind: "text", text: " " }), { code: "empty", cost: SPENT }],
  ["no calls and no text", says({ kind: "calls", calls: [] }), { code: "empty", cost: SPENT }],
  ["alien JSON", body('["hello"]'), { code: "alien" }],
  ["an object of something else", body('{"model":"m","choices":[],"output":"x"}'), { code: "alien" }],
  ["null", body("null"), { code: "alien" }],
  ["text that is no JSON", body("{nope"), { code: "alien" }],
  ["an empty body", body(""), { code: "alien" }],
  ["HTML with 200", html(200), { code: "alien" }],
  ["400", status(400, { message: `no, ${KEY}` }), { code: "rejected" }],
  ["401", status(401, { message: `bad key ${KEY}` }), { code: "rejected" }],
  ["404", status(404), { code: "rejected" }],
  ["404 with HTML", html(404), { code: "rejected" }],
  ["413", status(413), { code: "rejected" }],
  ["429 without a time", status(429), { code: "rate_limited" }],
  ["429 with a time", status(429, {}, { "retry-after": "7" }), { code: "rate_limited", retryAfter: 7 }],
  ["500", status(500), { code: "server" }],
  ["408", status(408), { code: "network" }],
  ["502", status(502), { code: "network" }],
  ["504 with HTML", html(504), { code: "network" }],
  ["524", status(524), { code: "network" }],
  ["503 with a time", status(503, {}, { "retry-after": "30" }), { code: "server", retryAfter: 30 }],
  ["503 with HTML", html(503), { code: "server" }],
  ["an empty answer's head", (_, response) => void response.writeHead(204).end(), { code: "alien" }],
  [
    "a connection that is cut before the answer",
    (request) => void request.socket.resetAndDestroy(),
    { code: "network" },
  ],
  [
    "a connection that is cut in the middle of the body",
    (request, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
      response.write('{"id":', () => setTimeout(() => request.socket.resetAndDestroy(), 10));
    },
    { code: "network" },
  ],
];

const STYLES = ["responses", "chat"] as const;

describe.each(STYLES)("%s", (api) => {
  it.each(ANSWERS)(
    "%s",
    async (_, listener, { code, retryAfter = null, cost = { inputTokens: 0, outputTokens: 0 } }) => {
      const answer = await (await open(listener, { api })).engine.complete(call());
      expect(answer).toMatchObject({ ok: false, error: { code, retryAfter, usage: cost } });
      // What the endpoint says of it is not repeated.
      expect(JSON.stringify(answer)).not.toContain(KEY);
    },
  );

  const SLOW: readonly [string, RequestListener][] = [
    ["never answers", () => {}],
    [
      "sends its headers, and then nothing",
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.flushHeaders();
      },
    ],
    [
      "drips",
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const drip = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(drip));
      },
    ],
    [
      "drips an error",
      (_, response) => {
        response.writeHead(500, { "content-type": "application/json" });
        const drip = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(drip));
      },
    ],
    ["asks to be asked again in an hour, each time", status(429, {}, { "retry-after-ms": "59000" })],
  ];
  it.each(SLOW)("ends when its time is over, with an endpoint that %s", async (_, listener) => {
    const at = await open(listener, { api, maxRetries: 2 });
    expect(await at.engine.complete(call({ timeoutMs: 300 }))).toMatchObject({ ok: false, error: { code: "timeout" } });
  });

  it("a connection that breaks after the question was heard is not asked again within the call: it may be on the bill", async () => {
    const at = await open((request) => void request.socket.resetAndDestroy(), { api, maxRetries: 2 });
    expect(await at.engine.complete(call())).toMatchObject({ ok: false, error: { code: "network" } });
    expect(at.sent).toHaveLength(1);
  });

  it.each([408, 502, 504, 520, 524])(
    "%i is not asked again within the call: behind the gateway it may be on the bill",
    async (code) => {
      const at = await open(status(code), { api, maxRetries: 2 });
      expect(await at.engine.complete(call())).toMatchObject({
        ok: false,
        error: { code: "network", message: `HTTP ${code}` },
      });
      expect(at.sent).toHaveLength(1);
    },
  );

  it.each([429, 500, 503])("%i is asked again within the call: who said it was not paid", async (code) => {
    const at = await open(status(code, {}, { "retry-after-ms": "1" }), { api, maxRetries: 2 });
    expect(await at.engine.complete(call())).toMatchObject({ ok: false, error: { message: `HTTP ${code}` } });
    expect(at.sent).toHaveLength(3);
  });

  it("nobody listens: a network failure", async () => {
    const at = await open(() => {}, { api });
    at.close();
    expect(await at.engine.complete(call())).toMatchObject({ ok: false, error: { code: "network" } });
  });

  it("a body without an end is read up to its bound", async () => {
    let written = 0;
    const chunk = Buffer.alloc(64 * 1024, 0x20);
    const at = await open(
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const flood = (): void => {
          if (response.destroyed) return;
          written += chunk.length;
          response.write(chunk, flood);
        };
        flood();
      },
      { api },
    );
    expect(await at.engine.complete(call({ timeoutMs: 30_000 }))).toMatchObject({
      ok: false,
      error: { code: "alien" },
    });
    expect(written).toBeGreaterThan(MAX_ANSWER_BYTES);
    // What stands in the sockets' buffers comes on top.
    expect(written).toBeLessThan(2 * MAX_ANSWER_BYTES);
  });

  it.each([301, 302, 307, 308])("a redirect (%i) takes neither key nor prompt to another host", async (code) => {
    let asked = 0;
    const elsewhere = createServer((_, response) => {
      asked += 1;
      json(response, 200, {});
    }).listen(0, "127.0.0.1");
    other = elsewhere;
    await new Promise((done) => elsewhere.once("listening", done));
    const location = `http://localhost:${portOf(elsewhere)}/v1/steal`;
    const at = await open((_, response) => void response.writeHead(code, { location }).end(), { api, maxRetries: 2 });
    expect(await at.engine.complete(call())).toMatchObject({
      ok: false,
      error: { code: "rejected", message: `HTTP ${code}` },
    });
    expect(asked).toBe(0);
    expect(at.sent).toHaveLength(1);
  });
});

it.each(STYLES)("%s: a socket that accepts and says nothing at all", async (api) => {
  const silent = createServer().listen(0, "127.0.0.1");
  other = silent;
  await new Promise((done) => silent.once("listening", done));
  // Taken away from HTTP: what arrives is read by nobody.
  silent.removeAllListeners("request");
  silent.on("connection", (socket) => socket.pause());
  const port = portOf(silent);
  connect(port, "127.0.0.1").destroy();
  const engine = openAiEngine({ apiKey: KEY, baseUrl: `http://127.0.0.1:${port}/v1`, api, maxRetries: 1 });
  expect(await engine.complete(call({ timeoutMs: 300 }))).toMatchObject({ ok: false, error: { code: "timeout" } });
});

it("an endpoint that says in a response that it failed", async () => {
  const failed =
    (code: string): RequestListener =>
    (_, response) =>
      json(response, 200, {
        model: "m",
        status: "failed",
        error: { code, message: "x" },
        output: [],
        usage: { input_tokens: 7, output_tokens: 3 },
      });
  for (const [said, code] of [
    ["server_error", "server"],
    ["rate_limit_exceeded", "rate_limited"],
  ] as const) {
    const at = await open(failed(said), { api: "responses" });
    expect(await at.engine.complete(call())).toMatchObject({ ok: false, error: { code, usage: SPENT } });
    at.close();
  }
});

it("tells an endpoint that was never reached from one that took the request", async () => {
  const gone = await endpoint(says(GOOD));
  gone.close();
  expect(await gone.engine.complete(call())).toMatchObject({ ok: false, error: { code: "network", unsent: true } });
  const dropping = await endpoint((_, response) => response.destroy());
  const dropped = await dropping.engine.complete(call());
  dropping.close();
  expect(dropped).toMatchObject({ ok: false, error: { code: "network" } });
  expect(dropped.ok ? {} : dropped.error).not.toHaveProperty("unsent");
});
