// The clients that merge and deploy: each sends what its permit holds, and can do nothing else.
import { z } from "zod";
import type { CrashPoint } from "../crash-points.ts";
import { answer } from "../github/answer.ts";
import { type Client, openClient } from "../github/client.ts";
import type { Connection } from "../github/connection.ts";
import { GitHubError } from "../github/errors.ts";
import type { PullFacts } from "../github/reading.ts";
import { PullAnswer } from "../github/reading-pulls.ts";
import { type Address, addressBook } from "../github/repositories.ts";
import type { Token } from "../github/tokens.ts";
import { Sha } from "../ids.ts";
import { redeem, type WritePermit } from "./authorize.ts";
import { signedBody } from "./commit-message.ts";
import { type Deployer, gitHubDeployments } from "./deployer.ts";
import type { DeploymentFacts, MergeFacts, ShipFacts } from "./permit-facts.ts";
import type { Receipts } from "./receipts.ts";

export type ShipClientDeps = Readonly<{
  connection: Connection;
  crash: CrashPoint;
  /** Asked after all waiting, right before each call that changes something; throws to stop. */
  stillWanted: (facts: ShipFacts) => Promise<void>;
  /** Waits until something may be created that GitHub counts against the installation. */
  slot: () => Promise<void>;
}>;

export interface MergeClient {
  pull(): Promise<PullFacts>;
  /** Of the approved head and no other: GitHub refuses when it has moved. Throws GitHubError. */
  merge(): Promise<Sha>;
}

const MergeAnswer = z.object({ sha: Sha, merged: z.literal(true) });

/** Throws when permit, row and token are not all three of the same write. */
const open = (
  { connection, stillWanted }: ShipClientDeps,
  facts: ShipFacts,
  token: Token,
  signal: AbortSignal | undefined,
): Readonly<{ rest: Client["rest"]; address: Address }> => {
  if (token.repos.length !== 1 || token.installation !== facts.installationId)
    throw new Error("this token is another's");
  const { rest } = openClient(connection, {
    auth: token.value,
    paceId: String(facts.installationId),
    redirects: "refuse",
    beforeChange: () => stillWanted(facts),
    ...(signal === undefined ? {} : { signal }),
  });
  return { rest, address: addressBook(token.repos)(facts.repoId) };
};

/** The approved words, signed as the commits are: a squash leaves none of those. */
const messageOf = (facts: MergeFacts): Readonly<{ commit_title?: string; commit_message?: string }> => {
  const { writeId, deliveryId, ship, approvals, content } = facts;
  if (content.message === null) return {};
  const { title, body } = content.message;
  const signatories = approvals.map(({ by }) => by);
  return {
    commit_title: title,
    commit_message: signedBody({ body, deliveryId, writeId, digest: ship.digest, signatories }),
  };
};

export const openMergeClient = (
  deps: ShipClientDeps,
  permit: WritePermit<MergeFacts>,
  row: Receipts,
  token: Token,
  signal: AbortSignal | undefined,
): MergeClient => {
  const facts = redeem(permit, row);
  const { pullRequest: pull_number, head: sha, method: merge_method } = facts.content;
  const { rest, address } = open(deps, facts, token, signal);
  return {
    pull: () => answer(PullAnswer, rest.pulls.get({ ...address, pull_number })),
    merge: async () => {
      await deps.crash("ship.before.merge");
      redeem(permit, row);
      await deps.slot();
      const how = { pull_number, sha, merge_method, ...messageOf(facts) };
      const made = await answer(MergeAnswer, rest.pulls.merge({ ...address, ...how }));
      await deps.crash("ship.after.merge");
      return made.sha;
    },
  };
};

export const openDeployer = (
  deps: ShipClientDeps & Readonly<{ botId: number }>,
  permit: WritePermit<DeploymentFacts>,
  row: Receipts,
  token: Token,
  signal: AbortSignal | undefined,
): Deployer => {
  const facts = redeem(permit, row);
  const { rest, address } = open(deps, facts, token, signal);
  const deployer = gitHubDeployments(rest, address, facts, deps.botId);
  return {
    find: deployer.find,
    make: async (commit) => {
      await deps.crash("ship.before.deploy");
      redeem(permit, row);
      await deps.slot();
      const made = await deployer.make(commit);
      await deps.crash("ship.after.deploy");
      return made;
    },
  };
};

/** GitHub says no to this for good: 405 and 409 are its words for a merge that it does not make. */
export const isRefusal = (error: unknown): error is GitHubError =>
  error instanceof GitHubError && !error.transient && [403, 404, 405, 409, 422].includes(error.status ?? 0);
