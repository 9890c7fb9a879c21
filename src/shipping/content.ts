// What the deploy gate asks people for, as data with one digest: each merge and each deployment, and nothing else. Pure.
import { z } from "zod";
import { type Digest, PullNumber, RepoId, Sha } from "../ids.ts";
import { digestOf } from "../ledger/canonical.ts";

const MERGE_METHODS = ["merge", "squash", "rebase"] as const;
export const MergeMethod = z.enum(MERGE_METHODS);
export type MergeMethod = z.infer<typeof MergeMethod>;

/** Rule M4. The head's name is sent with the merge, so that GitHub refuses another one. */
export const MergeContent = z
  .object({
    repoId: RepoId,
    pullRequest: PullNumber,
    head: Sha,
    /** Of the head, which was found to be what people approved. */
    tree: Sha,
    baseBranch: z.string().min(1),
    method: MergeMethod,
    /** Of the commit that the merge makes; trailers follow it. Null where the commits come as they are. */
    message: z
      .object({ title: z.string().min(1), body: z.string() })
      .readonly()
      .nullable(),
  })
  .refine(({ method, message }) => (method === "rebase") === (message === null), "only a rebase has no message")
  .readonly();
export type MergeContent = z.infer<typeof MergeContent>;

export const DeploymentContent = z
  .object({
    repoId: RepoId,
    /** Which commit, by a rule: its name is not known before the merge. */
    commit: z.literal("merge_commit"),
    baseBranch: z.string().min(1),
    environment: z.string().min(1),
    /** Checks that GitHub itself waits for. Always named: without a list it would ask for all that there are. */
    requiredContexts: z.array(z.string()).readonly(),
  })
  .readonly();
export type DeploymentContent = z.infer<typeof DeploymentContent>;

export const ShipContent = z
  .object({
    /** Readiness that was lost and came back is another thing to approve. */
    version: z.number().int().positive(),
    /** In the declared order, in which they are made. */
    merges: z.array(MergeContent).min(1).readonly(),
    deployments: z.array(DeploymentContent).readonly(),
  })
  .readonly();
export type ShipContent = z.infer<typeof ShipContent>;

export const shipDigest = (content: ShipContent): Digest => digestOf({ subject: "ship", ...content });

export type ShipPart =
  | Readonly<{ kind: "merge"; content: MergeContent }>
  | Readonly<{ kind: "deployment"; content: DeploymentContent }>;

/** What a write of the WriteGate names as its subject. */
export const partDigest = ({ kind, content }: ShipPart): Digest => digestOf({ subject: kind, ...content });

/** First all merges, then the deployments of what they made. */
export const partsOf = ({ merges, deployments }: ShipContent): readonly ShipPart[] => [
  ...merges.map((content) => ({ kind: "merge", content }) as const),
  ...deployments.map((content) => ({ kind: "deployment", content }) as const),
];
