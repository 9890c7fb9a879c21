// What runs a job. It may die at any point and be run again: it looks what is there before it acts.
import type { JobData, JobName } from "./catalogue.ts";

export type JobRun = Readonly<{
  /** This try, from 1. */
  tries: number;
  /** When this one throws, the job is dead. */
  lastTry: boolean;
  /** Aborted when the job was given to somebody else, took too long, or the worker stops: end soon, by throwing. */
  signal: AbortSignal;
}>;

/**
 * Throwing means "try again later", after a pause that grows; `retryAfter` of GitHubError and of EndpointUnavailable
 * stretches it. What trying again cannot mend is reported as an event, and the handler returns.
 */
export type Handler<N extends JobName> = (data: JobData<N>, job: JobRun) => Promise<void>;

/** The jobs that a worker runs; it leaves the others to other workers. */
export type Handlers = { readonly [N in JobName]?: Handler<N> };
