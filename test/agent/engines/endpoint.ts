// An endpoint on this machine that answers, or misbehaves, as a test says; and the real engine that talks to it.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { z } from "zod";
import { type Said, type Style, writeAnswer } from "../../../demo/model/wire.ts";
import type { Engine, ModelCall } from "../../../src/agent/engine.ts";
import { type OpenAiOptions, openAiEngine } from "../../../src/agent/engines/openai.ts";
import { portOf } from "../../support/port-of.ts";

export const KEY = "test-key";
export const MODEL = "m-2026-01-01";
export const SPENT = { inputTokens: 7, outputTokens: 3 };

const PATHS: Readonly<Record<string, Style>> = { "/v1/chat/completions": "chat", "/v1/responses": "responses" };
export const styleOf = ({ url }: IncomingMessage): Style | null => PATHS[url ?? ""] ?? null;

export type Endpoint = Readonly<{
  engine: Engine;
  /** Bodies that it was sent, in order, with the path. */
  sent: readonly Readonly<{ path: string; body: Record<string, unknown> }>[];
  close: () => void;
}>;

const Body = z.record(z.string(), z.unknown());

/** `listener` is called when the whole request has arrived. */
export const endpoint = async (listener: RequestListener, over: Partial<OpenAiOptions> = {}): Promise<Endpoint> => {
  const sent: { path: string; body: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      sent.push({ path: request.url ?? "", body: Body.parse(JSON.parse(body)) });
      listener(request, response);
    });
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const baseUrl = `http://127.0.0.1:${portOf(server)}/v1`;
  return {
    engine: openAiEngine({ apiKey: KEY, baseUrl, api: "auto", maxRetries: 0, ...over }),
    sent,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

export const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

export const status =
  (code: number, error: object = {}, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    json(
      response,
      code,
      { error: { message: `status ${code}`, type: "error", param: null, code: null, ...error } },
      headers,
    );

/** In the style in which it was asked. */
export const says =
  (said: Said): RequestListener =>
  (request, response) => {
    const usage = { input: SPENT.inputTokens, output: SPENT.outputTokens };
    json(response, 200, writeAnswer(styleOf(request) ?? "chat", { id: "1", model: MODEL, said, usage, created: 1 }));
  };

export const GOOD: Said = { kind: "text", text: '{"a":1}' };

export const call = (over: Partial<ModelCall> = {}): ModelCall => ({
  model: "m",
  messages: [{ role: "user", content: "hello" }],
  schemaName: "triage",
  schema: z.object({ a: z.number() }),
  tools: [],
  effort: null,
  maxOutputTokens: 50,
  timeoutMs: 2_000,
  signal: new AbortController().signal,
  ...over,
});
