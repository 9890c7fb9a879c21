// The rules that work starts under, for the agent's jobs: from the configurations of all repositories of the delivery.
import { eq } from "drizzle-orm";
import { type RenewDeps, renewConstraints } from "../admission/renew-constraints.ts";
import type { ReadWorkRules } from "../agent/work-rules.ts";
import { deliveryRepos } from "../db/schema.ts";
import { outWords } from "../thread/words/repositories.ts";

export const readWorkRules =
  (deps: RenewDeps): ReadWorkRules =>
  async ({ delivery: { id }, traceId }, signal, github = deps.github) => {
    const { policyFor, out } = await renewConstraints({ ...deps, github }, { id, traceId }, signal);
    const rows = await deps.db.sql.select().from(deliveryRepos).where(eq(deliveryRepos.deliveryId, id));
    const primary = rows.find(({ role }) => role === "primary");
    const home = primary === undefined ? "" : `${primary.owner}/${primary.name}`;
    return {
      policyFor,
      whyOut: (repos) => {
        const words = out.filter(({ repoId }) => repos.includes(repoId)).map((one) => outWords(one, home));
        return words.length === 0 ? null : words.join(" ");
      },
    };
  };
