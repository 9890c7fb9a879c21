import { createServer, type Server } from "node:http";
import { afterEach, expect, it } from "vitest";
import { answerOps, type Readiness } from "../../src/ops/http.ts";
import { createMetrics } from "../../src/ops/metrics.ts";
import { portOf } from "../support/port-of.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const listening = async (ready: Readiness): Promise<string> => {
  const metrics = createMetrics({
    deliveries: async () => [{ phase: "plan", runStatus: "succeeded", count: 2 }],
    waitingJobs: async () => [{ job: "advance", state: "created", count: 1 }],
    commands: async () => [{ command: "approve", verdict: "accepted", count: 3 }],
    endpoints: async () => [{ endpoint: "model.example/v1 m", state: "open" }],
    stays: async () => [{ phase: "plan", endedAs: "succeeded", count: 2, seconds: 90 }],
  });
  metrics.webhooks.inc({ event: "issues", action: "labeled", outcome: "stored" });
  const opened = createServer((request, response) => {
    void answerOps({ readiness: async () => ready, metrics }, request, response).then((answered) => {
      if (!answered) response.writeHead(404).end();
    });
  }).listen(0, "127.0.0.1");
  server = opened;
  await new Promise((done) => opened.once("listening", done));
  return `http://127.0.0.1:${portOf(opened)}`;
};

it("is alive even when nothing else works, and ready only when database and queue answer", async () => {
  const url = await listening({ database: true, queue: false });
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const ready = await fetch(`${url}/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({ status: "not ready", database: true, queue: false });
});

it("is ready when both answer", async () => {
  const url = await listening({ database: true, queue: true });
  expect((await fetch(`${url}/ready`)).status).toBe(200);
});

it("tells Prometheus what the database and this process count", async () => {
  const url = await listening({ database: true, queue: true });
  const text = await (await fetch(`${url}/metrics`)).text();
  for (const line of [
    'countersign_webhooks_total{event="issues",action="labeled",outcome="stored"} 1',
    'countersign_deliveries{phase="plan",run_status="succeeded"} 2',
    'countersign_jobs_waiting{job="advance",state="created"} 1',
    'countersign_commands{command="approve",verdict="accepted"} 3',
    'countersign_phase_stays{phase="plan",ended_as="succeeded"} 2',
    'countersign_phase_seconds{phase="plan",ended_as="succeeded"} 90',
  ]) {
    expect(text).toContain(line);
  }
});

it("takes no other method and answers no other path", async () => {
  const url = await listening({ database: true, queue: true });
  expect((await fetch(`${url}/metrics`, { method: "POST" })).status).toBe(405);
  expect((await fetch(`${url}/secrets`)).status).toBe(404);
});
