// What the WriteGate asks of the present: the configuration, the roles, the policy and the grammar, joined for it alone.
import { eq } from "drizzle-orm";
import { authorise } from "../commands/authorise.ts";
import { knownLogins } from "../commands/known-logins.ts";
import { parseComment } from "../commands/parse.ts";
import { voiceOf } from "../commands/voice.ts";
import type { Ceiling } from "../config/ceiling.ts";
import { readConfig } from "../config/read.ts";
import type { BlobStoreDeps } from "../context/blob-store.ts";
import { policyBase } from "../context/policy-base.ts";
import { deliveries, deliveryRepos } from "../db/schema.ts";
import { GitHubError } from "../github/errors.ts";
import type { GitHub } from "../github/github.ts";
import { type DeliveryId, InstallationId, RepoId, UserId } from "../ids.ts";
import { instant, olderThan } from "../instant.ts";
import { readOwnedPaths } from "../owners/index.ts";
import { judge } from "../policy/judge.ts";
import { proposalOf } from "../policy/proposal.ts";
import { err, ok } from "../result.ts";
import type { ReadWriteRules } from "../write-gate/index.ts";
import { targetRules } from "./target-rules.ts";

export type RulesDeps = BlobStoreDeps & Readonly<{ github: Pick<GitHub, "reading">; ceiling: Ceiling }>;

async function participants({ db }: RulesDeps, id: DeliveryId) {
  const rows = await db.sql.select().from(deliveryRepos).where(eq(deliveryRepos.deliveryId, id));
  const primary = rows.find(({ role }) => role === "primary");
  const [delivery] = await db.sql.select().from(deliveries).where(eq(deliveries.id, id));
  if (primary === undefined || delivery === undefined) throw new Error(`delivery ${id} has no primary repository`);
  // Nothing is judged by another repository's rules because this one is not known.
  const of = (repo: RepoId) => {
    const found = rows.find(({ repoId }) => repoId === repo);
    if (found === undefined) throw new Error(`repository ${repo} takes no part in delivery ${id}`);
    return found;
  };
  return {
    rows: { primary, of },
    requester: { id: UserId.parse(delivery.requesterId), login: delivery.requesterLogin },
    ownerOf: (repo: RepoId) => of(repo).owner,
    names: rows.map(({ owner, name }) => `${owner}/${name}`),
    primary: {
      repoId: RepoId.parse(primary.repoId),
      installationId: InstallationId.parse(primary.installationId),
      owner: primary.owner,
    },
  };
}

/** Authority is the primary repository's to give; write access is needed where the write goes. */
export const readWriteRules =
  (deps: RulesDeps): ReadWriteRules =>
  async ({ deliveryId, repoId, installationId }) => {
    const { names, primary, requester, ownerOf, rows } = await participants(deps, deliveryId);
    const reading = await deps.github.reading(primary.installationId, [primary.repoId]);
    const today = await readConfig(reading, primary.repoId, deps.ceiling);
    if (today.kind === "gone") return err("the repository, or its default branch, is gone");
    if (today.kind === "problems")
      return err("today's configuration cannot be used, so nobody's authority can be judged");
    const { config } = today;
    const places = { primary: rows.primary, target: rows.of(repoId), reading, config };
    const here = await targetRules(deps, places);
    if (!here.ok) return here;
    const target = repoId === primary.repoId ? reading : await deps.github.reading(installationId, [repoId]);

    const known = await knownLogins(deps.db.sql, deliveryId);
    const people = { primary, readPrimary: reading, target: { repoId }, readTarget: target };

    return ok({
      quorum: config.approvals,
      codeRequired: config.approvals.code === "required",
      tooOld: (given) => {
        const { ttl } = config.approvals;
        return ttl !== null && olderThan(given, ttl, instant(deps.clock()));
      },
      notAlone: config.approvals.requester === "not_alone" ? [requester] : [],
      ownersOf: async ({ changes }) => {
        if (!here.value.requireCodeOwners) return ok([]);
        const owned = await readOwnedPaths(target, { repoId, owner: ownerOf(repoId) }, changes);
        if (owned.ok) return owned;
        const { file, problem } = owned.error;
        return err(`whose approval is needed cannot be told: ${file === null ? "" : `${file} `}${problem}`);
      },
      voiceOf: (person, gate, owned) => voiceOf(people, person, { lists: config, gate, known }, owned),
      isApprover: async (person) => {
        const asker = { ...person, type: "User", viaAppId: null } as const;
        return (await authorise(reading, asker, primary, config, known)).kind === "approver";
      },
      violations: async (content) => {
        const tree = await target.tree(repoId, content.baseTree);
        if (!tree.complete) throw new GitHubError("unexpected_answer", "the base tree was not listed whole");
        const base = await policyBase(deps, target, repoId, tree.items);
        return (await judge(proposalOf(content.changes, base), here.value.policy)).violations;
      },
      commandsIn: (body) => {
        const parsed = parseComment(body, { prefix: config.commands.prefix, repositories: names });
        return parsed.kind === "commands"
          ? parsed.commands.map(({ name, position, code }) => ({ name, position, code }))
          : [];
      },
    });
  };
