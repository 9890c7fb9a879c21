// Who brings a merged commit into an environment: one small interface, and the one that is built in, GitHub Deployments.
import { z } from "zod";
import { answer, listed } from "../github/answer.ts";
import type { Client } from "../github/client.ts";
import { GitHubError } from "../github/errors.ts";
import { pageOf } from "../github/facts.ts";
import { DeploymentAnswer } from "../github/reading-shipping.ts";
import type { Address } from "../github/repositories.ts";
import { deliveryName, type Sha } from "../ids.ts";
import type { DeploymentFacts } from "./permit-facts.ts";

/** Opened for one approved deployment; knows nothing of another. Both throw GitHubError. */
export interface Deployer {
  /** What an earlier run made for this very write; null where there is none. */
  readonly find: (commit: Sha) => Promise<number | null>;
  /** Only ever called after `find` found nothing. */
  readonly make: (commit: Sha) => Promise<number>;
}

const Marked = z.object({ countersign: z.object({ write: z.string() }) });

/** GitHub gives a payload back as it was sent, or as text. */
const writeIn = (payload: unknown): string | null => {
  let value = payload;
  if (typeof payload === "string") {
    try {
      value = JSON.parse(payload);
    } catch {
      return null;
    }
  }
  return Marked.safeParse(value).data?.countersign.write ?? null;
};

/** `auto_merge` would merge the default branch into what is deployed unless it is said to be off. */
export const gitHubDeployments = (
  { repos }: Client["rest"],
  address: Address,
  facts: DeploymentFacts,
  botId: number,
): Deployer => ({
  find: async (commit) => {
    const { environment } = facts.content;
    const found = await listed(pageOf(DeploymentAnswer), (page) =>
      repos.listDeployments({ ...address, sha: commit, environment, ...page }),
    );
    if (!found.complete) throw new GitHubError("unexpected_answer", "GitHub listed only some of the deployments");
    const ours = found.items.find(({ creator, payload }) => creator.id === botId && writeIn(payload) === facts.writeId);
    return ours?.id ?? null;
  },

  make: async (commit) => {
    const { environment, requiredContexts } = facts.content;
    const name = deliveryName(facts.deliveryId);
    const made = await answer(
      DeploymentAnswer,
      repos.createDeployment({
        ...address,
        ref: commit,
        auto_merge: false,
        required_contexts: [...requiredContexts],
        environment,
        payload: { countersign: { delivery: name, write: facts.writeId } },
        description: `Approved in ${name}`,
      }),
    );
    if (made.sha !== commit) throw new GitHubError("unexpected_answer", "GitHub deploys another commit");
    return made.id;
  },
});
