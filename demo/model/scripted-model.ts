// A model on this machine that says what a script tells it to: an OpenAI-compatible endpoint, recorded, with faults.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { z } from "zod";
import { forTask, taskIn } from "./by-task.ts";
import { DEFAULT_ANSWERS } from "./default-answers.ts";
import type { Reply } from "./reply.ts";
import { type ModelRequest, readRequest, type Said, type Style, type Usage, writeAnswer } from "./wire.ts";

/**
 * What a role says: always the same, one after the other (the last one again and again), or as it depends. Where a task is asked
 * for, answers are counted for each task, and of the edits of a whole plan those of the task are said.
 */
export type Script = Reply | readonly Reply[] | ((request: ModelRequest, nth: number) => Reply);

export type RecordedCall = ModelRequest &
  Readonly<{ seq: number; nth: number; reply: Reply["kind"] }> & { usage: Usage | null };

export type ScriptedModel = Readonly<{
  /** What `OPENAI_BASE_URL` is to be: it ends in `/v1`. */
  baseUrl: string;
  requests: readonly RecordedCall[];
  /** Replaces what a role says from now on. */
  say: (role: string, script: Script) => void;
  /** Tokens that answers reported as spent. */
  tokens: () => number;
  close: () => Promise<void>;
}>;

export type ScriptedModelOptions = Readonly<{
  /** Roles that are not among them say what default-answers.ts has for them. */
  answers: Readonly<Record<string, Script>>;
  /** Without it, any key is taken. */
  apiKey?: string;
  /** Instead of a free one: an endpoint that was away comes back where it was. */
  port?: number;
  /** An endpoint that knows only one of the two styles answers 404 to the other. */
  styles?: readonly Style[];
}>;

const CHARACTERS_A_TOKEN = 4;
const PATHS: Readonly<Record<string, Style>> = { "/v1/chat/completions": "chat", "/v1/responses": "responses" };

const tokensOf = (text: string): number => Math.ceil(text.length / CHARACTERS_A_TOKEN);

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
};

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
};

const error = (message: string, type: string, code: string | null = null) => ({
  error: { message, type, param: null, code },
});

const saidBy = (reply: Reply): Said | null => {
  switch (reply.kind) {
    case "answer":
    case "drip":
      return { kind: "text", text: JSON.stringify(reply.value) };
    case "text":
      return { kind: "text", text: reply.text };
    case "empty":
      return { kind: "text", text: "" };
    case "drop":
      return { kind: "text", text: "x".repeat(4096) };
    case "refusal":
      return { kind: "refusal", text: reply.text };
    case "truncated":
      return { kind: "truncated", text: reply.text };
    case "calls":
      return reply;
    case "status":
    case "silence":
    case "alien":
      return null;
  }
};

const textOf = (said: Said): string => {
  switch (said.kind) {
    case "filtered":
      return "";
    case "calls":
      return said.calls.map(({ name, arguments: given }) => name + given).join("");
    default:
      return said.text;
  }
};

const DRIP_BYTES = 16;

const drip = (response: ServerResponse, body: string, everyMs: number): void => {
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.slice(sent, sent + DRIP_BYTES));
    sent += DRIP_BYTES;
    if (sent < body.length) return;
    clearInterval(timer);
    response.end();
  }, everyMs);
  response.on("close", () => clearInterval(timer));
};

const send = (response: ServerResponse, reply: Reply, body: unknown): void => {
  switch (reply.kind) {
    case "answer":
    case "text":
    case "refusal":
    case "truncated":
    case "empty":
    case "calls":
      setTimeout(() => json(response, 200, body), "delayMs" in reply ? (reply.delayMs ?? 0) : 0);
      return;
    case "drip":
      drip(response, JSON.stringify(body), reply.everyMs);
      return;
    case "drop": {
      const text = JSON.stringify(body);
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
      response.write(text.slice(0, text.length / 2), () => response.destroy());
      return;
    }
    case "status": {
      const limited = reply.status === 429;
      const headers = reply.retryAfter === undefined ? {} : { "retry-after": String(reply.retryAfter) };
      const says = limited
        ? error("Rate limit reached", "requests", "rate_limit_exceeded")
        : error("The server had an error", "server_error");
      json(response, reply.status, reply.body ?? says, headers);
      return;
    }
    case "silence":
      return;
    case "alien":
      response.writeHead(200, { "content-type": reply.contentType }).end(reply.body);
      return;
  }
};

const replyOf = (script: Script, request: ModelRequest, nth: number): Reply | null => {
  if (typeof script === "function") return script(request, nth);
  if ("kind" in script) return script;
  return script[Math.min(nth, script.length) - 1] ?? null;
};

/** Starts the endpoint on 127.0.0.1. */
export const startScriptedModel = async (options: ScriptedModelOptions): Promise<ScriptedModel> => {
  const scripts = new Map(Object.entries({ ...DEFAULT_ANSWERS, ...options.answers }));
  const requests: RecordedCall[] = [];
  const styles = options.styles ?? ["chat", "responses"];

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const style = PATHS[new URL(request.url ?? "/", "http://model").pathname];
    if (request.method !== "POST" || style === undefined || !styles.includes(style)) {
      json(
        response,
        404,
        error(`Unknown request URL: ${request.method} ${request.url}`, "invalid_request_error", "unknown_url"),
      );
      return;
    }
    const key = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (key === undefined || (options.apiKey !== undefined && key !== options.apiKey)) {
      json(response, 401, error("Incorrect API key provided", "invalid_request_error", "invalid_api_key"));
      return;
    }
    let asked: ModelRequest;
    try {
      asked = readRequest(style, await bodyOf(request));
    } catch (problem) {
      const what = problem instanceof z.ZodError ? z.prettifyError(problem) : "the body is not JSON";
      json(response, 400, error(what, "invalid_request_error"));
      return;
    }
    const role = asked.role ?? "";
    const task = taskIn(asked.prompt);
    const sameAsked = requests.filter((one) => one.role === asked.role && taskIn(one.prompt) === task);
    const nth = sameAsked.length + 1;
    const script = scripts.get(role);
    const said = script === undefined ? null : replyOf(script, asked, nth);
    const reply = said === null ? null : forTask(said, asked.prompt);
    const seq = requests.length + 1;
    if (reply === null) {
      requests.push({ ...asked, seq, nth, reply: "status", usage: null });
      json(response, 400, error(`the script has no answer for the role ${role}`, "invalid_request_error"));
      return;
    }
    const words = saidBy(reply);
    const usage = words === null ? null : { input: tokensOf(asked.prompt), output: tokensOf(textOf(words)) };
    const body =
      words === null || usage === null
        ? null
        : writeAnswer(style, {
            id: String(seq),
            model: asked.model,
            said: words,
            usage,
            created: Math.floor(Date.now() / 1000),
          });
    // What breaks off on the way was never reported, so nobody can have counted it.
    requests.push({ ...asked, seq, nth, reply: reply.kind, usage: reply.kind === "drop" ? null : usage });
    send(response, reply, body);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((problem: unknown) => {
      if (!response.headersSent) json(response, 500, error(String(problem), "server_error"));
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the scripted model does not listen on a port");

  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    requests,
    say: (role, script) => scripts.set(role, script),
    tokens: () => requests.reduce((sum, one) => sum + (one.usage === null ? 0 : one.usage.input + one.usage.output), 0),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
