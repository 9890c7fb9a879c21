// How each job is queued: what makes two of them one, how often it is tried, how long it may take, how many run at once.
import { JOB_DATA, type JobData, type JobName } from "./catalogue.ts";

export type Queueing = Readonly<{
  /** Tries after the first. Between them `retryDelay` seconds, doubled each time with jitter, at most `retryDelayMax`. */
  retryLimit: number;
  retryDelay: number;
  retryDelayMax: number;
  /** Seconds after which a run that still lives is given up and tried again. */
  expireInSeconds: number;
  /** How many one worker runs at once. Every job has its own slots: a command never waits for a model. */
  slots: number;
}>;

/** Only the database and at most a few reads. Tried for 9 minutes. */
const short: Queueing = { retryLimit: 12, retryDelay: 1, retryDelayMax: 60, expireInSeconds: 120, slots: 8 };
/** Talks to GitHub. Tried for 35 minutes, which outlasts a bad quarter of an hour and most secondary limits. */
const github: Queueing = { retryLimit: 12, retryDelay: 2, retryDelayMax: 300, expireInSeconds: 900, slots: 3 };
/** Pays for a model and may run for long. Tried for 15 minutes; what it may spend is the agent's own affair. */
const model: Queueing = { retryLimit: 7, retryDelay: 5, retryDelayMax: 300, expireInSeconds: 3600, slots: 2 };

export const QUEUEING: Readonly<Record<JobName, Queueing>> = {
  intake: { ...github, slots: 4 },
  advance: short,
  publish: github,
  answer: github,
  judge: { ...github, slots: 2 },
  vouch: { ...github, slots: 2 },
  triage: model,
  plan: model,
  propose: model,
  analyse: model,
  revert: { ...github, slots: 2 },
  write: { ...github, slots: 2 },
  watch: { ...github, slots: 4 },
  assess: { ...github, slots: 2 },
  ship: { ...github, slots: 2 },
  observe: { ...github, slots: 2 },
  close: { ...github, slots: 2 },
  rollback: { ...short, slots: 2 },
  control: { ...github, slots: 2 },
  recover: { ...github, slots: 1 },
  reconcile: { ...github, slots: 2 },
  find_labeled: { ...github, slots: 1 },
  sweep: { ...short, slots: 1 },
};

/** A worker that gives no sign of life for so long has lost its job. With the supervision below: run again within a minute. */
export const LEASE_SECONDS = 30;
export const HEARTBEAT_SECONDS = 10;
export const SUPERVISE_SECONDS = 10;

/** Where jobs go that died for good. */
export const DEAD = "dead";

export const JOB_NAMES: readonly JobName[] = Object.keys(JOB_DATA).flatMap((name) => (isJobName(name) ? [name] : []));

export function isJobName(name: string): name is JobName {
  return Object.hasOwn(JOB_DATA, name);
}

/**
 * Of two jobs with one key, at most one waits and never do two run at once. Paid work is keyed by its attempt, so that a new
 * attempt does not wait for a model call that nobody needs any more; what writes or watches is not: two may not overlap.
 */
const KEYS: { readonly [N in JobName]: (data: JobData<N>) => string } = {
  intake: ({ guid }) => guid,
  advance: ({ deliveryId }) => `${deliveryId}`,
  publish: ({ deliveryId }) => `${deliveryId}`,
  answer: ({ commandId }) => `${commandId}`,
  judge: ({ deliveryId }) => `${deliveryId}`,
  vouch: ({ repoId, head, as }) => `${repoId}:${head}:${as}`,
  triage: ({ deliveryId, attempt }) => `${deliveryId}:${attempt}`,
  plan: ({ deliveryId, attempt }) => `${deliveryId}:${attempt}`,
  propose: ({ deliveryId, attempt }) => `${deliveryId}:${attempt}`,
  analyse: ({ deliveryId, attempt }) => `${deliveryId}:${attempt}`,
  revert: ({ deliveryId, attempt }) => `${deliveryId}:${attempt}`,
  write: ({ deliveryId }) => `${deliveryId}`,
  watch: ({ deliveryId }) => `${deliveryId}`,
  assess: ({ deliveryId }) => `${deliveryId}`,
  ship: ({ deliveryId }) => `${deliveryId}`,
  observe: ({ deliveryId }) => `${deliveryId}`,
  close: ({ deliveryId }) => `${deliveryId}`,
  rollback: ({ deliveryId }) => `${deliveryId}`,
  control: ({ repoId }) => `${repoId}`,
  recover: () => "all",
  reconcile: ({ deliveryId }) => `${deliveryId}`,
  find_labeled: ({ repoId }) => `${repoId}`,
  sweep: () => "all",
};

export const keyOf = <N extends JobName>(name: N, data: JobData<N>): string => KEYS[name](data);
