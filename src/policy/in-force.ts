// Which policy a constraint snapshot puts in force for a repository: its own part where it has one, else that of the issue's. Pure.
import { z } from "zod";
import { RepoId } from "../ids.ts";
import { PolicySettings } from "./settings.ts";

/** The part of a constraint snapshot that says so; `secondaries` have the union with the first one's already. */
export const PolicyInForce = z.object({
  config: z.object({ policy: PolicySettings }),
  secondaries: z.array(z.object({ repoId: RepoId, policy: PolicySettings })).default([]),
});
export type PolicyInForce = z.infer<typeof PolicyInForce>;

export const policyFor = ({ config, secondaries }: PolicyInForce, repoId: RepoId): PolicySettings =>
  secondaries.find((one) => one.repoId === repoId)?.policy ?? config.policy;
