// Runs jobs in this process: a lane for each queue, woken by notifications and by a slow poll, under leases that it renews.
import type { CrashPoint } from "../crash-points.ts";
import type { JobName } from "./catalogue.ts";
import type { Handlers } from "./handler.ts";
import { type JobEnd, type Lane, messageOf, openLane, type Runnable } from "./lane.ts";
import type { DeadLetter, Fault, Queue } from "./queue.ts";
import { DEAD, HEARTBEAT_SECONDS, JOB_NAMES, QUEUEING, SUPERVISE_SECONDS } from "./queueing.ts";

export type WorkerDeps = Readonly<{
  queue: Queue;
  /** Of `openDatabase`. */
  onJobs: (heard: (name: string | null) => void) => Promise<() => Promise<void>>;
  handlers: Handlers;
  /** Throwing tries again later. */
  deadLetter: (letter: DeadLetter) => Promise<void>;
  crash: CrashPoint;
  fault: Fault;
  observe: (end: JobEnd) => void;
  /** Takes secrets out of what the queue keeps of an error. */
  redact?: (text: string) => string;
  /** Instead of the slots in queueing.ts. */
  slots?: Partial<Record<JobName, number>>;
  pollSeconds?: number;
  heartbeatSeconds?: number;
}>;

export interface Worker {
  /** Takes nothing more, waits for what runs, aborts it after `drainSeconds`, and gives back what even then does not end. */
  readonly stop: (drainSeconds?: number) => Promise<void>;
}

/** Finds retries and deferred jobs that have become due, and whatever a lost notification would have told. */
const POLL_SECONDS = 2;
/** sweepOnce answers once a minute, over all processes; asking more often keeps it near the minute when a worker dies. */
const SWEEP_ASK_SECONDS = 15;
const DRAIN_SECONDS = 20;
/** After the abort: long enough for a handler to end cleanly, short enough for the platform's own kill. */
const ABORTED_SECONDS = 5;
const DEAD_SLOTS = 2;
const DEAD_SECONDS = 120;

export async function startWorker(deps: WorkerDeps): Promise<Worker> {
  const { queue, fault } = deps;
  const lanes = [...JOB_NAMES.flatMap((name) => jobLane(deps, name)), deadLane(deps)];
  const names = lanes.map(({ name }) => name);
  const wake = (name: string | null) => {
    for (const lane of lanes) if (name === null || lane.name === name) lane.wake();
  };
  const unlisten = await deps.onJobs(wake);

  const poll = async () => {
    for (const name of await queue.due(names)) wake(name);
  };
  const renew = async () => {
    for (const lane of lanes) {
      const claims = lane.claims();
      if (claims.length === 0) continue;
      const held = new Set(await queue.touch(lane.name, claims));
      lane.lose(claims.map(({ id }) => id).filter((id) => !held.has(id)));
    }
  };
  const timers = [
    every(deps.pollSeconds ?? POLL_SECONDS, "polling failed", poll, fault),
    every(deps.heartbeatSeconds ?? HEARTBEAT_SECONDS, "renewing leases failed", renew, fault),
    every(SUPERVISE_SECONDS, "supervising failed", queue.supervise, fault),
    ...(deps.handlers.sweep === undefined ? [] : [every(SWEEP_ASK_SECONDS, "sweeping failed", queue.sweepOnce, fault)]),
  ];

  return {
    stop: async (drainSeconds = DRAIN_SECONDS) => {
      for (const lane of lanes) lane.close();
      await unlisten();
      const idle = Promise.all(lanes.map((lane) => lane.idle()));
      if (!(await within(idle, drainSeconds))) {
        for (const lane of lanes) lane.abort("the worker stops");
        await within(idle, ABORTED_SECONDS);
      }
      await Promise.all(timers.map((stop) => stop()));
      for (const lane of lanes) {
        for (const claim of lane.claims()) await queue.fail(lane.name, claim, "the worker stopped");
      }
    },
  };
}

function jobLane<N extends JobName>(deps: WorkerDeps, name: N): Lane[] {
  const handler = deps.handlers[name];
  if (handler === undefined) return [];
  const { expireInSeconds, slots } = QUEUEING[name];
  const take = async (limit: number): Promise<readonly Runnable[]> =>
    (await deps.queue.take(name, limit)).map(({ claim, data, tries, lastTry }) => ({
      claim,
      tries,
      run: (signal) => handler(data, { tries, lastTry, signal }),
      fields: { ...data },
    }));
  return [openLane(deps, { name, slots: deps.slots?.[name] ?? slots, expireInSeconds, take })];
}

function deadLane(deps: WorkerDeps): Lane {
  const take = async (limit: number): Promise<readonly Runnable[]> =>
    (await deps.queue.takeDead(limit)).map((letter) => ({
      claim: letter.claim,
      tries: letter.tries,
      run: () => deps.deadLetter(letter),
      fields: { job: letter.job },
    }));
  return openLane(deps, { name: DEAD, slots: DEAD_SLOTS, expireInSeconds: DEAD_SECONDS, take });
}

/** Calls again and again, never twice at once; answers how to stop, which waits for a call that runs. */
function every(seconds: number, failed: string, call: () => Promise<void>, fault: Fault): () => Promise<void> {
  let running = Promise.resolve();
  let busy = false;
  const turn = async () => {
    busy = true;
    try {
      await call();
    } catch (error) {
      fault(failed, { error: messageOf(error) });
    } finally {
      busy = false;
    }
  };
  const next = () => {
    if (!busy) running = turn();
  };
  next();
  const timer = setInterval(next, seconds * 1000);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/** Whether it ended in time. */
async function within(work: Promise<unknown>, seconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), seconds * 1000);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
