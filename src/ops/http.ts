// The HTTP surface besides webhooks: alive, ready, metrics. Answers with facts, never with secrets or stack traces.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Metrics } from "./metrics.ts";

export type Readiness = Readonly<{ database: boolean; queue: boolean }>;

export type OpsDeps = Readonly<{
  /** Asks the database and the queue; must settle in bounded time. */
  readiness: () => Promise<Readiness>;
  metrics: Pick<Metrics, "render">;
}>;

const answer = (response: ServerResponse, status: number, type: string, body: string): void => {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
};

const json = (response: ServerResponse, status: number, body: unknown): void =>
  answer(response, status, "application/json", `${JSON.stringify(body)}\n`);

/** Handles `/health`, `/ready` and `/metrics`; false for every other path. */
export async function answerOps(deps: OpsDeps, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const path = (request.url ?? "/").split("?", 1)[0];
  if (path !== "/health" && path !== "/ready" && path !== "/metrics") return false;
  if (request.method !== "GET" && request.method !== "HEAD") {
    json(response, 405, { error: "only GET" });
    return true;
  }
  switch (path) {
    case "/health":
      json(response, 200, { status: "alive" });
      return true;
    case "/ready": {
      const state = await deps.readiness();
      const ready = state.database && state.queue;
      json(response, ready ? 200 : 503, { status: ready ? "ready" : "not ready", ...state });
      return true;
    }
    case "/metrics": {
      const { type, body } = await deps.metrics.render();
      answer(response, 200, type, body);
      return true;
    }
  }
}
