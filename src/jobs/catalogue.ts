// Every job there is: its name and the data it carries. How each is queued is in queue.ts, what it does in its own file.
import { z } from "zod";
import { CommandId, DeliveryId, InstallationId, RepoId, Sha, WebhookGuid } from "../ids.ts";

const ofDelivery = z.object({ deliveryId: DeliveryId });
/** Work is fenced: a job of an older attempt finds that out and ends. */
const ofAttempt = ofDelivery.extend({ attempt: z.number().int().nonnegative() });

export const JOB_DATA = {
  /** Understand one stored webhook. */
  intake: z.object({ guid: WebhookGuid }),
  /** Rule M6: drain one delivery's inbox. */
  advance: ofDelivery,
  /** Make GitHub show what is. */
  publish: ofDelivery,
  /** React to a command, in words where they are due. */
  answer: z.object({ commandId: CommandId }),
  /** Look again at what a delivery's pull requests hold. */
  judge: ofDelivery,
  /** Put the provenance check on a head that no delivery brought. */
  vouch: z.object({
    installationId: InstallationId,
    repoId: RepoId,
    defaultBranch: z.string(),
    head: Sha,
    branch: z.string(),
    as: z.enum(["pull", "imitation", "queue"]),
  }),
  triage: ofAttempt,
  plan: ofAttempt,
  propose: ofAttempt,
  /** Say why the checks of its pull requests are red. */
  analyse: ofAttempt,
  revert: ofAttempt,
  write: ofAttempt,
  watch: ofAttempt,
  assess: ofAttempt,
  ship: ofAttempt,
  observe: ofAttempt,
  close: ofAttempt,
  /** Begin the delivery that undoes this one's merge. */
  rollback: ofDelivery.extend({ commandId: CommandId }),
  /** Keep the control issue of a repository. */
  control: z.object({ repoId: RepoId }),
  /** Find webhooks that never arrived, and have GitHub send them again. */
  recover: z.object({}),
  /** Compare a delivery with how things stand on GitHub, whatever webhooks said. */
  reconcile: ofDelivery,
  /** Find issues whose label never came in as a webhook. */
  find_labeled: z.object({ repoId: RepoId }),
  /** Deadlines, reminders, and what a lost job left lying: once a minute. */
  sweep: z.object({}),
} as const;

export type JobName = keyof typeof JOB_DATA;
export type JobData<N extends JobName> = z.infer<(typeof JOB_DATA)[N]>;
