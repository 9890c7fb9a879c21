// What an operator can graph and alert on, in Prometheus' format. One registry for one app, handed around.
import { Counter, Gauge, Histogram, Registry } from "prom-client";

export type Metrics = Readonly<{
  webhooks: Counter<"event" | "action" | "outcome">;
  runs: Counter<"role" | "outcome">;
  tokens: Counter<"role" | "direction">;
  calls: Counter<"role" | "cost">;
  /** US dollars. */
  spent: Counter<"role">;
  refused: Counter<"scope" | "unit">;
  jobs: Counter<"job" | "outcome">;
  jobSeconds: Histogram<"job">;
  render: () => Promise<Readonly<{ type: string; body: string }>>;
}>;

/** Gauges are read from the database when they are asked for, so that every process tells the same. */
export type Gauges = Readonly<{
  deliveries: () => Promise<readonly Readonly<{ phase: string; runStatus: string; count: number }>[]>;
  waitingJobs: () => Promise<readonly Readonly<{ job: string; state: string; count: number }>[]>;
  commands: () => Promise<readonly Readonly<{ command: string; verdict: string; count: number }>[]>;
  /** Of each endpoint, whether calls go through. */
  endpoints: () => Promise<readonly Readonly<{ endpoint: string; state: string }>[]>;
  /** Stays in a phase that are over. */
  stays: () => Promise<readonly Stay[]>;
}>;

const LETS_THROUGH: Readonly<Record<string, number>> = { closed: 1, half_open: 0.5, open: 0 };

type Stay = Readonly<{ phase: string; endedAs: string; count: number; seconds: number }>;

export function createMetrics(gauges: Gauges): Metrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: "countersign_deliveries",
    help: "Deliveries that are not over, by phase and run status.",
    labelNames: ["phase", "run_status"] as const,
    registers,
    async collect() {
      this.reset();
      for (const row of await gauges.deliveries()) this.set({ phase: row.phase, run_status: row.runStatus }, row.count);
    },
  });
  new Gauge({
    name: "countersign_commands",
    help: "Slash-commands and clicks so far, by name and verdict (waiting, accepted, refused).",
    labelNames: ["command", "verdict"] as const,
    registers,
    async collect() {
      this.reset();
      for (const { count, ...labels } of await gauges.commands()) this.set(labels, count);
    },
  });
  new Gauge({
    name: "countersign_endpoint_closed",
    help: "Whether the circuit breaker of a model endpoint lets calls through (1), is open (0), or probes (0.5).",
    labelNames: ["endpoint"] as const,
    registers,
    async collect() {
      this.reset();
      for (const { endpoint, state } of await gauges.endpoints()) this.set({ endpoint }, LETS_THROUGH[state] ?? 0);
    },
  });
  const aboutStays = (name: string, help: string, value: (stay: Stay) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ["phase", "ended_as"] as const,
      registers,
      async collect() {
        this.reset();
        for (const stay of await gauges.stays()) this.set({ phase: stay.phase, ended_as: stay.endedAs }, value(stay));
      },
    });
  aboutStays("countersign_phase_stays", "Stays in a phase that are over, by phase and how they ended.", (s) => s.count);
  aboutStays("countersign_phase_seconds", "Seconds of these stays, summed.", (s) => s.seconds);
  new Gauge({
    name: "countersign_jobs_waiting",
    help: "Jobs in the queue, by name and state.",
    labelNames: ["job", "state"] as const,
    registers,
    async collect() {
      this.reset();
      for (const row of await gauges.waitingJobs()) this.set({ job: row.job, state: row.state }, row.count);
    },
  });
  return {
    webhooks: new Counter({
      name: "countersign_webhooks_total",
      help: "Webhooks received, by event, action and outcome (stored, duplicate, refused).",
      labelNames: ["event", "action", "outcome"],
      registers,
    }),
    runs: new Counter({
      name: "countersign_runs_total",
      help: "Runs of agent roles, by role and outcome.",
      labelNames: ["role", "outcome"],
      registers,
    }),
    tokens: new Counter({
      name: "countersign_tokens_total",
      help: "Tokens of model calls, by role and direction (input, output).",
      labelNames: ["role", "direction"],
      registers,
    }),
    calls: new Counter({
      name: "countersign_model_calls_total",
      help: "Model calls that ended, by role and whether their cost is known (known, unpriced, lost).",
      labelNames: ["role", "cost"],
      registers,
    }),
    spent: new Counter({
      name: "countersign_spent_dollars_total",
      help: "US dollars of model calls, as far as prices are known, by role.",
      labelNames: ["role"],
      registers,
    }),
    refused: new Counter({
      name: "countersign_calls_refused_total",
      help: "Model calls that a budget refused, by scope (run, delivery, day) and unit (tokens, money, time, price).",
      labelNames: ["scope", "unit"],
      registers,
    }),
    jobs: new Counter({
      name: "countersign_jobs_total",
      help: "Jobs done, by name and outcome (done, failed, dead).",
      labelNames: ["job", "outcome"],
      registers,
    }),
    jobSeconds: new Histogram({
      name: "countersign_job_seconds",
      help: "How long a job took, in seconds.",
      labelNames: ["job"],
      buckets: [0.01, 0.05, 0.2, 1, 5, 20, 60, 300, 900],
      registers,
    }),
    render: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  };
}
