// One queue in one worker: takes what is due into its slots, runs it under a lease, and settles it.

import { z } from "zod";
import type { CrashPoint } from "../crash-points.ts";
import { plainMessage } from "../db/errors.ts";
import { batched } from "./batched.ts";
import type { Claim, Fault, Queue, QueueName } from "./queue.ts";

/** A job that was taken: how to run it, and what a log may say of it. */
export type Runnable = Readonly<{
  claim: Claim;
  tries: number;
  run: (signal: AbortSignal) => Promise<void>;
  fields: Readonly<Record<string, unknown>>;
}>;

export type JobEnd = Readonly<{
  name: QueueName;
  end: "done" | "failed" | "lost";
  ms: number;
  /** What a log may say of it. */
  fields: Runnable["fields"];
}>;

export type LaneDeps = Readonly<{
  queue: Pick<Queue, "complete" | "fail">;
  crash: CrashPoint;
  fault: Fault;
  observe: (end: JobEnd) => void;
  /** Takes secrets out of what the queue keeps of an error; a dead job's error is shown to people. Nothing unless given. */
  redact?: (text: string) => string;
}>;

export type LaneOptions = Readonly<{
  name: QueueName;
  slots: number;
  /** A run that takes longer is aborted; the queue gives it to somebody by then. */
  expireInSeconds: number;
  take: (limit: number) => Promise<readonly Runnable[]>;
}>;

export interface Lane {
  readonly name: QueueName;
  /** Something may be due. */
  readonly wake: () => void;
  /** What runs here now. */
  readonly claims: () => readonly Claim[];
  /** These are no longer ours. */
  readonly lose: (ids: readonly string[]) => void;
  /** Takes nothing more. */
  readonly close: () => void;
  readonly abort: (why: string) => void;
  /** Resolves when nothing runs. */
  readonly idle: () => Promise<void>;
}

/** A handler that does not end this long after its signal is left behind, so that its slot is not lost. */
const GRACE_MS = 30_000;

type Run = Readonly<{ claim: Claim; control: AbortController; ended: Promise<void> }>;

export function openLane(deps: LaneDeps, { name, slots, expireInSeconds, take }: LaneOptions): Lane {
  const running = new Map<string, Run>();
  const complete = batched((claims: readonly Claim[]) => deps.queue.complete(name, claims));
  let closed = false;
  let taking = false;
  let again = false;

  const wake = () => {
    if (closed) return;
    if (taking) again = true;
    else void fill();
  };

  /** Takes until every slot is busy or nothing is left. A wake while it asks makes it ask again: none is missed. */
  const fill = async () => {
    taking = true;
    try {
      do {
        again = false;
        const free = slots - running.size;
        if (free <= 0) break;
        const jobs = await take(free);
        for (const job of jobs) start(job);
        if (jobs.length === free) again = true;
      } while (again && !closed);
    } catch (error) {
      // The next poll asks again.
      deps.fault("taking jobs failed", { queue: name, error: messageOf(error) });
    } finally {
      taking = false;
    }
  };

  const start = (job: Runnable) => {
    const control = new AbortController();
    const ended = runJob({ ...deps, complete }, name, expireInSeconds, job, control).finally(() => {
      running.delete(job.claim.id);
      wake();
    });
    running.set(job.claim.id, { claim: job.claim, control, ended });
  };

  return {
    name,
    wake,
    claims: () => [...running.values()].map(({ claim }) => claim),
    lose: (ids) => {
      for (const id of ids) running.get(id)?.control.abort(new Error("the job was given to somebody else"));
    },
    close: () => {
      closed = true;
    },
    abort: (why) => {
      for (const { control } of running.values()) control.abort(new Error(why));
    },
    idle: async () => {
      while (running.size > 0) await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}

/** Never rejects: what went wrong is in the queue, or comes to light when the lease runs out. */
async function runJob(
  deps: LaneDeps & Readonly<{ complete: (claim: Claim) => Promise<boolean> }>,
  name: QueueName,
  expireInSeconds: number,
  { claim, tries, run, fields }: Runnable,
  control: AbortController,
): Promise<void> {
  const began = performance.now();
  const tooLong = new Error(`took longer than ${expireInSeconds} s`);
  const timer = setTimeout(() => control.abort(tooLong), expireInSeconds * 1000);
  let end: JobEnd["end"] = "failed";
  try {
    await deps.crash(`worker.before.${name}`);
    await Promise.race([run(control.signal), leftBehind(control.signal)]);
    // Done, but the queue does not know yet: from here on the job is run again by somebody.
    await deps.crash(`worker.after.${name}`);
    end = (await deps.complete(claim)) ? "done" : "lost";
  } catch (error) {
    deps.fault("job failed", { queue: name, jobId: claim.id, tries, ...fields, error: messageOf(error) });
    try {
      const words = (deps.redact ?? String)(messageOf(error));
      if (!(await deps.queue.fail(name, claim, words, pauseOf(error)))) end = "lost";
    } catch (failure) {
      deps.fault("a failed job could not be put back", { queue: name, jobId: claim.id, error: messageOf(failure) });
    }
  } finally {
    clearTimeout(timer);
    deps.observe({ name, end, ms: performance.now() - began, fields });
  }
}

const Waits = z.object({ retryAfter: z.number().nonnegative() });

const leftBehind = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => setTimeout(() => reject(signal.reason), GRACE_MS).unref(), { once: true });
  });

/** Those whom we called name in `retryAfter` how many seconds they asked us to wait. */
const pauseOf = (error: unknown): number | undefined => Waits.safeParse(error).data?.retryAfter;

/** For logs, the queue and, when a job dies for good, the thread. */
export const messageOf = (error: unknown): string => plainMessage(error);
