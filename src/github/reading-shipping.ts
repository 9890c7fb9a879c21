// Reads what stands between a pull request and its merge, and what was deployed of a commit.
import { z } from "zod";
import { type PullNumber, type RepoId, Sha } from "../ids.ts";
import type { Instant } from "../instant.ts";
import { answer, listed, orNull } from "./answer.ts";
import type { Client } from "./client.ts";
import { GitHubError } from "./errors.ts";
import { AuthorAnswer, pageOf, Time } from "./facts.ts";
import type { Account, Listed } from "./reading.ts";
import type { AddressOf } from "./repositories.ts";

export type Mergeability = Readonly<{
  draft: boolean;
  /** Null while GitHub is still computing it, which asking sets going. */
  mergeable: boolean | null;
  /** GitHub's own sum of it; a state that is not known is none that lets merge. */
  state: "clean" | "has_hooks" | "unstable" | "behind" | "blocked" | "dirty" | "draft" | "unknown";
}>;

export type MergeRules = Readonly<{
  /** Approving reviews that the branch asks for. */
  reviews: number;
  /** Merging goes through the merge queue. */
  queue: boolean;
}>;

export type DeploymentState = "queued" | "pending" | "in_progress" | "success" | "failure" | "error" | "inactive";

export type DeploymentAt = Readonly<{
  id: number;
  environment: string;
  creator: Account;
  payload: unknown;
  createdAt: Instant;
  /** Of the newest status; `pending` while there is none. */
  state: DeploymentState;
  /** Where it can be looked at. */
  url: string | null;
  updatedAt: Instant;
}>;

/** Every method throws GitHubError. */
export interface ShipReading {
  /** Null where there is no such pull request. */
  mergeability(repo: RepoId, number: PullNumber): Promise<Mergeability | null>;
  /** Null where the branch's rules cannot be read. */
  mergeRules(repo: RepoId, branch: string): Promise<MergeRules | null>;
  /** Newest first. Null where the App may not read them. */
  deployments(repo: RepoId, commit: Sha): Promise<Listed<DeploymentAt> | null>;
}

const MergeabilityAnswer = z
  .object({
    draft: z.boolean().nullish(),
    mergeable: z.boolean().nullish(),
    mergeable_state: z
      .enum(["clean", "has_hooks", "unstable", "behind", "blocked", "dirty", "draft"])
      .or(z.string().transform(() => "unknown" as const))
      .nullish(),
  })
  .transform(
    (pull): Mergeability => ({
      draft: pull.draft === true,
      mergeable: pull.mergeable ?? null,
      state: pull.mergeable_state ?? "unknown",
    }),
  );

const RuleAnswer = z.object({
  type: z.string(),
  parameters: z.object({ required_approving_review_count: z.number().int().nullish() }).nullish(),
});

/** Also the answer to making one. The payload is an object, or the text of one. */
export const DeploymentAnswer = z.object({
  id: z.number().int(),
  sha: Sha,
  environment: z.string(),
  creator: AuthorAnswer,
  payload: z.unknown(),
  created_at: Time,
});

/** GitHub adds states now and then: one that we do not know is not over. */
const State = z
  .enum(["queued", "pending", "in_progress", "success", "failure", "error", "inactive"])
  .catch("in_progress");

const StatusAnswer = z.object({
  state: State,
  environment_url: z.string().nullish(),
  target_url: z.string().nullish(),
  log_url: z.string().nullish(),
  created_at: Time,
});

/** Each costs a request of its own; nobody has more environments for one commit. */
const MOST_DEPLOYMENTS = 30;

const isRefused = (error: unknown): boolean =>
  error instanceof GitHubError && ["forbidden", "not_found", "unprocessable"].includes(error.code);

const address = (text: string | null | undefined): string | null =>
  text === null || text === undefined || !/^https?:\/\//.test(text) ? null : text;

/** `deployments`: with a token of its own, because an owner may have declined that permission. */
export const readShipping = (client: Client, at: AddressOf, deployments: () => Promise<Client>): ShipReading => ({
  mergeability: (repo, number) =>
    orNull(answer(MergeabilityAnswer, client.rest.pulls.get({ ...at(repo), pull_number: number }))),

  mergeRules: async (repo, branch) => {
    try {
      const rules = await listed(pageOf(RuleAnswer), (page) =>
        client.rest.repos.getBranchRules({ ...at(repo), branch, ...page }),
      );
      if (!rules.complete) return null;
      const counts = rules.items
        .filter(({ type }) => type === "pull_request")
        .map(({ parameters }) => parameters?.required_approving_review_count ?? 0);
      return { reviews: Math.max(0, ...counts), queue: rules.items.some(({ type }) => type === "merge_queue") };
    } catch (error) {
      if (isRefused(error)) return null;
      throw error;
    }
  },

  deployments: async (repo, commit) => {
    try {
      const { rest } = await deployments();
      const found = await listed(pageOf(DeploymentAnswer), (page) =>
        rest.repos.listDeployments({ ...at(repo), sha: commit, ...page }),
      );
      const items: DeploymentAt[] = [];
      for (const { id, environment, creator, payload, created_at: createdAt } of found.items.slice(
        0,
        MOST_DEPLOYMENTS,
      )) {
        const newest = { ...at(repo), deployment_id: id, per_page: 1 };
        const [status] = await answer(z.array(StatusAnswer), rest.repos.listDeploymentStatuses(newest));
        items.push({
          id,
          environment,
          creator,
          payload,
          createdAt,
          state: status?.state ?? "pending",
          url: address(status?.environment_url) ?? address(status?.target_url) ?? address(status?.log_url),
          updatedAt: status?.created_at ?? createdAt,
        });
      }
      return { items, complete: found.complete && found.items.length <= MOST_DEPLOYMENTS };
    } catch (error) {
      if (isRefused(error)) return null;
      throw error;
    }
  },
});
