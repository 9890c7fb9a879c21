// Commits what a run came to: the run, what it left, and the event that tells the machine, in one transaction.
import type { CrashPoint } from "../crash-points.ts";
import type { Database, Tx } from "../db/database.ts";
import type { MachineEvent } from "../delivery/event.ts";
import { report } from "../delivery/inbox.ts";
import type { DeliveryId, RunId } from "../ids.ts";
import { type Clock, instant } from "../instant.ts";
import { unreachable } from "../result.ts";
import type { Stop } from "./ask.ts";
import { waitFor } from "./budget/waits.ts";
import type { CostOf } from "./prices.ts";
import { type RunFacts, recordRun, wordsOf } from "./record.ts";
import type { RoleRun } from "./run-role.ts";

/** Told of each run, for the metrics. */
export type OnRun = (
  run: Readonly<{ role: string; outcome: string; inputTokens: number; outputTokens: number }>,
) => void;

export type SettleDeps = Readonly<{
  db: Database;
  clock: Clock;
  crash: CrashPoint;
  costOf: CostOf;
  onRun: OnRun;
}>;

/** The endpoint is away. The queue tries again, not before `retryAfter` seconds have passed where it named some. */
export class EndpointUnavailable extends Error {
  override readonly name = "EndpointUnavailable";
  readonly retryAfter: number | null;
  constructor(why: string, retryAfter: number | null) {
    super(`the model endpoint is unavailable: ${why}`);
    this.retryAfter = retryAfter;
  }
}

const ACTOR = { kind: "system", id: "agent" } as const;

/** Puts a result of an attempt into the inbox; the same result of the same attempt counts once. */
export async function tell(
  tx: Tx,
  clock: Clock,
  deliveryId: DeliveryId,
  work: string,
  event: Extract<MachineEvent, { attempt: number }>,
  suffix = "",
): Promise<void> {
  await report(tx, deliveryId, {
    event,
    actor: ACTOR,
    at: instant(clock()),
    dedupeKey: `work:${work}:${event.attempt}:${event.type}${suffix}`,
  });
}

const stopEvent = (stop: Stop, attempt: number): Extract<MachineEvent, { attempt: number }> => {
  const note = wordsOf(stop);
  switch (stop.kind) {
    case "unusable":
      return { type: "model_unusable", attempt, note };
    case "over_budget":
      return { type: "resource_refused", attempt, resource: "budget", note, shortage: stop.shortage };
    case "endpoint_away":
      return { type: "resource_refused", attempt, resource: "endpoint", note, until: stop.until };
    case "unavailable":
      return { type: "effect_failed", attempt, note };
    case "injected":
      return { type: "injection_found", attempt, note };
    default:
      return unreachable(stop);
  }
};

/** What comes back by itself is told by the sweep; a limit of a run or a delivery waits for people. */
const noteWait = async (tx: Tx, { deliveryId, attempt, endedAt }: RunFacts, stop: Stop): Promise<void> => {
  const since = { deliveryId, attempt, since: endedAt };
  if (stop.kind === "endpoint_away") {
    await waitFor(tx, { ...since, resource: "endpoint", endpoint: stop.endpoint, dueAt: null });
  }
  if (stop.kind !== "over_budget" || stop.shortage.until === null) return;
  await waitFor(tx, { ...since, resource: "budget", endpoint: null, dueAt: new Date(stop.shortage.until) });
};

/** Which ends of a run the delivery goes on with, and what is kept then. */
export type Without = Readonly<{
  stops: readonly Stop["kind"][];
  keep: (tx: Tx, runId: RunId, stop: Stop) => Promise<void>;
}>;

/**
 * Records the run. A usable answer goes to `keep`, whose event is reported; anything else is reported as what it is.
 * Throws EndpointUnavailable after the commit, so that the queue tries again.
 */
export async function settle<T>(
  deps: SettleDeps,
  work: string,
  run: RoleRun<T>,
  tries: number,
  keep: (tx: Tx, runId: RunId, output: T) => Promise<Extract<MachineEvent, { attempt: number }> | null>,
  /** Of a role that the delivery goes on without. */
  without?: Without,
): Promise<void> {
  const { asked, facts } = run;
  const eventOf = async (tx: Tx, runId: RunId) => {
    if (asked.result.ok) return keep(tx, runId, asked.result.value);
    const stop = asked.result.error;
    if (without === undefined || !without.stops.includes(stop.kind)) return stopEvent(stop, facts.attempt);
    await without.keep(tx, runId, stop);
    return null;
  };
  const isWithout = !asked.result.ok && without?.stops.includes(asked.result.error.kind) === true;
  await deps.crash(`${work}.before.commit`);
  await deps.db.transaction(async (tx) => {
    const runId = await recordRun(tx, facts, asked, deps.costOf);
    const event = await eventOf(tx, runId);
    if (!asked.result.ok && !isWithout) await noteWait(tx, facts, asked.result.error);
    if (event !== null)
      await tell(tx, deps.clock, facts.deliveryId, work, event, event.type === "effect_failed" ? `:${tries}` : "");
  });
  deps.onRun({
    role: facts.role,
    outcome: asked.result.ok ? "succeeded" : asked.result.error.kind,
    inputTokens: asked.usage.inputTokens,
    outputTokens: asked.usage.outputTokens,
  });
  await deps.crash(`${work}.after.commit`);
  if (!asked.result.ok && !isWithout && asked.result.error.kind === "unavailable") {
    const { message, retryAfter } = asked.result.error.failure;
    throw new EndpointUnavailable(message, retryAfter);
  }
}
