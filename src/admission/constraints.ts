// The operating envelope that a delivery was admitted under. What a run was given is recorded; authority is judged anew each time.

import type { Tightened } from "../config/ceiling.ts";
import { CONFIG_PATH, type Config } from "../config/schema.ts";
import type { RepoId, Sha } from "../ids.ts";
import { policyVersion } from "../policy/judge.ts";
import { type PolicySettings, stricter } from "../policy/settings.ts";
import type { Secondary, UsableConfig } from "./admit.ts";
import type { ApproversInForce, PeopleInForce } from "./approvers-in-force.ts";

type From = Readonly<{ repoId: RepoId; path: string; commit: Sha; blob: Sha | null }>;

/** What is in force in a repository beside the issue's. */
export type SecondaryConstraints = Readonly<{
  repoId: RepoId;
  from: From;
  /** As it let this delivery in. */
  acceptFrom: Config["accept_from"];
  /** Whether it asks for its owners itself, whatever the repository says. */
  requireCodeOwners: boolean;
  /** The stricter of its own policy and that of the repository. */
  policy: PolicySettings;
  policyVersion: string;
}>;

/** Content of a row of `constraint_snapshots`. */
export type Constraints = Readonly<{
  config: Config;
  /** Where the operator's ceiling held the repository's file. */
  tightened: readonly Tightened[];
  /** `blob` is null where there was no file and the defaults are in force. */
  from: From;
  policyVersion: string;
  approvers: ApproversInForce;
  /** Of the gates that have people of their own. */
  gateApprovers: PeopleInForce["gates"];
  /** In the declared order; none where the repository is alone. */
  secondaries: readonly SecondaryConstraints[];
}>;

export const constraintsOf = (
  repoId: RepoId,
  used: UsableConfig,
  people: PeopleInForce,
  secondaries: readonly Secondary[],
): Constraints => ({
  config: used.config,
  tightened: used.tightened,
  from: { repoId, path: CONFIG_PATH, commit: used.commit, blob: used.blob },
  policyVersion: policyVersion(used.config.policy),
  approvers: people.approvers,
  gateApprovers: people.gates,
  secondaries: secondaries.map(({ facts, config }) => secondaryConstraints(facts.id, config, used.config.policy)),
});

const secondaryConstraints = (repoId: RepoId, used: UsableConfig, primary: PolicySettings): SecondaryConstraints => {
  const policy = stricter(primary, used.config.policy);
  return {
    repoId,
    from: { repoId, path: CONFIG_PATH, commit: used.commit, blob: used.blob },
    acceptFrom: used.config.accept_from,
    requireCodeOwners: used.config.require_code_owners,
    policy,
    policyVersion: policyVersion(policy),
  };
};

type Sourced = Readonly<{ from: unknown; policyVersion: string }>;

/** For the ledger: which files, at which commits, and under which policies. */
export const sourcesOf = ({
  from,
  policyVersion,
  secondaries,
}: Sourced & Readonly<{ secondaries: readonly Sourced[] }>) => ({
  from,
  policyVersion,
  ...(secondaries.length === 0
    ? {}
    : { secondaries: secondaries.map((one) => ({ from: one.from, policyVersion: one.policyVersion })) }),
});
