// The composition root: the way from a webhook to the WriteGate, in order. Every part is handed what it may use.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BreakerRules } from "./agent/breaker/breaker.ts";
import { openEngines } from "./agent/engines/registry.ts";
import type { Ceiling } from "./config/ceiling.ts";
import type { CrashPoint } from "./crash-points.ts";
import type { Opened } from "./db/open.ts";
import type { AppEnv, Env, ModelEnv } from "./env.ts";
import { connectionTo } from "./github/connection.ts";
import { createGitHub } from "./github/github.ts";
import type { Clock } from "./instant.ts";
import { startWorker } from "./jobs/worker.ts";
import { answerOps } from "./ops/http.ts";
import type { Log } from "./ops/log.ts";
import { createMetrics } from "./ops/metrics.ts";
import type { Redactor } from "./secrets/redactor.ts";
import { webhookListener } from "./webhooks/receive.ts";
import { dueAgain } from "./webhooks/reconcile/due.ts";
import { gaugesOf } from "./wiring/gauges.ts";
import { handlersOf } from "./wiring/handlers.ts";
import { logJob } from "./wiring/job-log.ts";
import { readinessOf } from "./wiring/readiness.ts";
import { spendingOf } from "./wiring/spending.ts";
import { readWriteRules } from "./wiring/write-rules.ts";
import { openWriteGate } from "./write-gate/index.ts";

export type Role = "web" | "worker" | "both";

export type AppOptions = Readonly<{
  env: Env & Readonly<{ app: AppEnv & Readonly<{ model: ModelEnv }> }>;
  opened: Opened;
  role: Role;
  ceiling: Ceiling;
  clock: Clock;
  crash: CrashPoint;
  log: Log;
  redactor: Redactor;
  /** Seconds between looks for due jobs; the worker's own where it is not given. */
  pollSeconds?: number;
  /** Instead of the circuit breaker's own rules. */
  breaker?: Partial<BreakerRules>;
  /** Milliseconds for one model call; five minutes where it is not given. */
  modelTimeoutMs?: number;
}>;

export interface App {
  readonly port: number;
  /** Takes nothing more, finishes or gives back what it holds. The database stays open. */
  readonly stop: (drainSeconds?: number) => Promise<void>;
}

/** Throws when the port is taken, or when GitHub says that the credentials are not the App's. */
export async function startApp(options: AppOptions): Promise<App> {
  const { env, opened, role, ceiling, clock, crash, log, redactor } = options;
  const { db, queue } = opened;
  const metrics = createMetrics(gaugesOf(db, queue));

  // GitHub, read and spoken to with narrow tokens; and the one hand that writes, behind the WriteGate.
  const connection = connectionTo({
    apiUrl: env.GITHUB_API_URL,
    appId: env.app.APP_ID,
    privateKey: env.app.PRIVATE_KEY,
    clock,
    onSecret: redactor.add,
    findsSecret: redactor.finds,
    pace: env.GITHUB_PACE,
  });
  const github = createGitHub(connection);
  const gate = openWriteGate({
    db,
    connection,
    github,
    rules: readWriteRules({ db, clock, crash, github, ceiling }),
    clock,
    crash,
    onLeftOver: (where) => log.error({ ...where }, "a write token could not be revoked"),
  });

  // The model proposes; it is given a key and an address, and nothing else of this process.
  const engines = openEngines(env.app.model, redactor.finds);
  const { OPENAI_MODEL: model } = env.app.model;

  // web: verify, store once, answer.
  const receive = webhookListener({
    secrets: env.app.WEBHOOK_SECRET,
    db,
    clock,
    crash,
    log,
    onReceived: ({ event, action, outcome }) =>
      metrics.webhooks.inc({ event: event ?? "unknown", action: action ?? "", outcome }),
  });
  const readiness = readinessOf(opened);
  const server = createServer((request, response) => {
    const serve = async (): Promise<void> => {
      if (await answerOps({ readiness, metrics }, request, response)) return;
      if (role !== "worker" && (await receive(request, response))) return;
      response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
    };
    serve().catch((error: unknown) => {
      log.error({ reason: error instanceof Error ? error.name : "unknown" }, "request failed");
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(env.PORT, env.HOST, resolve);
  });

  // What GitHub could not hand over while nobody listened is asked for at once.
  // Whatever that cannot bring is found by looking at everything that is open.
  await db.transaction(async (tx) => {
    await tx.enqueue("recover", {});
    await dueAgain(tx);
  });

  // worker: webhook → event → machine → state, ledger and jobs → agent | publisher | WriteGate → result event.
  const handlers = handlersOf({
    ...options,
    github,
    gate,
    engines,
    model,
    spending: spendingOf(env.app.model),
    metrics,
  });
  const worker =
    role === "web"
      ? null
      : await startWorker({
          queue,
          onJobs: opened.onJobs,
          ...handlers,
          crash,
          redact: redactor.apply,
          fault: (message, fields) => log.error(fields, message),
          observe: (ended) => {
            const { name, end, ms } = ended;
            metrics.jobs.inc({ job: name, outcome: end });
            metrics.jobSeconds.observe({ job: name }, ms / 1000);
            void logJob(db, log, ended);
          },
          ...(options.pollSeconds === undefined ? {} : { pollSeconds: options.pollSeconds }),
        });

  return {
    port: portOf(server.address()),
    stop: async (drainSeconds) => {
      const closed = new Promise((resolve) => server.close(resolve));
      await worker?.stop(drainSeconds);
      server.closeAllConnections();
      await closed;
    },
  };
}

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === "object" && address !== null ? address.port : 0;
