// Reads what a repository is, and the rules that its branches are under.
import { z } from "zod";
import { RepoId } from "../ids.ts";
import { answer, listed, orNull } from "./answer.ts";
import type { Client } from "./client.ts";
import { GitHubError } from "./errors.ts";
import { pageOf } from "./facts.ts";
import type { Listed, Reading, RepositoryFacts } from "./reading.ts";
import type { Address, AddressOf } from "./repositories.ts";

const RepositoryAnswer = z
  .object({
    id: RepoId,
    name: z.string(),
    owner: z.object({ login: z.string() }),
    default_branch: z.string(),
    private: z.boolean(),
    visibility: z.enum(["public", "internal", "private"]).nullish(),
    archived: z.boolean(),
  })
  .transform(
    (repo): RepositoryFacts => ({
      id: repo.id,
      owner: repo.owner.login,
      name: repo.name,
      defaultBranch: repo.default_branch,
      visibility: repo.visibility ?? (repo.private ? "private" : "public"),
      archived: repo.archived,
    }),
  );

const BranchAnswer = z.object({
  protection: z.object({ required_status_checks: z.object({ contexts: z.array(z.string()) }).nullish() }).nullish(),
});

const RuleAnswer = z.object({
  type: z.string(),
  parameters: z.object({ required_status_checks: z.array(z.object({ context: z.string() })).nullish() }).nullish(),
});
type Rule = z.infer<typeof RuleAnswer>;

/** Null where the server has no rules, keeps them from us, or has more than we read. */
const rulesOf = async (client: Client, address: Address, branch: string): Promise<readonly Rule[] | null> => {
  try {
    const rules: Listed<Rule> = await listed(pageOf(RuleAnswer), (page) =>
      client.rest.repos.getBranchRules({ ...address, branch, ...page }),
    );
    return rules.complete ? rules.items : null;
  } catch (error) {
    if (error instanceof GitHubError && (error.code === "not_found" || error.code === "forbidden")) return null;
    throw error;
  }
};

export const readRepository = (
  client: Client,
  at: AddressOf,
): Pick<Reading, "repository" | "requiredChecks" | "requiresSignatures"> => ({
  repository: async (repo) => {
    const facts = await orNull(answer(RepositoryAnswer, client.rest.repos.get(at(repo))));
    // The name may have been taken by another repository since the token was made.
    return facts !== null && facts.id === repo ? facts : null;
  },

  requiredChecks: async (repo, branch) => {
    const rules = await rulesOf(client, at(repo), branch);
    if (rules === null) return null;
    const facts = await orNull(answer(BranchAnswer, client.rest.repos.getBranch({ ...at(repo), branch })));
    if (facts === null) return null;
    const byRule = rules.flatMap((rule) =>
      rule.type === "required_status_checks" ? (rule.parameters?.required_status_checks ?? []) : [],
    );
    const byProtection = facts.protection?.required_status_checks?.contexts ?? [];
    return [...new Set([...byRule.map((check) => check.context), ...byProtection])];
  },

  requiresSignatures: async (repo, branch) => {
    const rules = await rulesOf(client, at(repo), branch);
    return rules === null ? null : rules.some((rule) => rule.type === "required_signatures");
  },
});
