// Merges and deploys what was approved: look first, act once, keep the receipt. Each part may have been done by an earlier run.
import type { RepoId, Sha } from "../ids.ts";
import { isApprovedMerge } from "../provenance/store.ts";
import { authorizeShip, type WritePermit } from "./authorize.ts";
import { contentSlot } from "./content-slot.ts";
import { shipStillWanted } from "./fence.ts";
import type { WriteGateDeps } from "./index.ts";
import { orRefuse, refuse } from "./outcome.ts";
import type { DeploymentFacts, MergeFacts, ShipFacts } from "./permit-facts.ts";
import { type ReadingOf, readingsOf } from "./readings.ts";
import { intend, type Receipts, readReceipts, receiveDeployment, receiveMerge } from "./receipts.ts";
import type { ShipCase } from "./ship-case.ts";
import { isRefusal, type MergeClient, openDeployer, openMergeClient } from "./ship-client.ts";
import { writeIdOf } from "./write-id.ts";
import { withWriteTokens } from "./write-token.ts";

const isMerge = (permit: WritePermit<ShipFacts>): permit is WritePermit<MergeFacts> =>
  permit.facts.subjectKind === "merge";
const isDeployment = (permit: WritePermit<ShipFacts>): permit is WritePermit<DeploymentFacts> =>
  permit.facts.subjectKind === "deployment";

export type ShipRun = Readonly<{ deps: WriteGateDeps; wanted: ShipCase; signal: AbortSignal | undefined }>;

/** The pull request is the approved one, and open at the approved head. Merged is fine too: then there is only to be noted what was made. */
const survey = async (readingOf: ReadingOf, { repoId, content }: MergeFacts): Promise<void> => {
  const reading = await orRefuse("not_writable", repoId, readingOf(repoId));
  const repository = await orRefuse("not_writable", repoId, reading.repository(repoId));
  if (repository === null) throw refuse("not_writable", repoId, "the repository is gone, or not ours to see");
  if (repository.archived) throw refuse("not_writable", repoId, "the repository is archived");
  const pull = await orRefuse("not_writable", repoId, reading.pull(repoId, content.pullRequest));
  const no = (note: string) => refuse("merge_refused", repoId, `#${content.pullRequest} ${note}`);
  if (pull === null) throw no("is gone");
  if (pull.headSha !== content.head)
    throw no(`is at ${pull.headSha.slice(0, 7)}, and ${content.head.slice(0, 7)} was approved`);
  if (pull.merged) return;
  if (pull.state === "closed") throw no("is closed");
  if (pull.baseRef !== content.baseBranch) throw no(`leads to ${pull.baseRef}, and ${content.baseBranch} was approved`);
  const head = await orRefuse("not_writable", repoId, reading.commit(repoId, content.head));
  if (head?.tree !== content.tree) throw no("holds another tree than the approved one");
};

/** Merged by whomever: what was made is found by the pull request, never made a second time. */
const mergedAs = async (client: MergeClient, { repoId, content }: MergeFacts): Promise<Sha | null> => {
  const pull = await orRefuse("not_writable", repoId, client.pull());
  if (!pull.merged) return null;
  if (pull.headSha !== content.head || pull.mergeSha === null) {
    throw refuse("merge_refused", repoId, `#${content.pullRequest} was merged with another head`);
  }
  return pull.mergeSha;
};

const mergeOnce = async (client: MergeClient, facts: MergeFacts): Promise<readonly [commit: Sha, "made" | "found"]> => {
  const before = await mergedAs(client, facts);
  if (before !== null) return [before, "found"];
  try {
    return [await client.merge(), "made"];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Somebody was faster, perhaps another run of ours.
    const now = await mergedAs(client, facts);
    if (now !== null) return [now, "found"];
    throw refuse(
      "merge_refused",
      facts.repoId,
      `GitHub refused to merge #${facts.content.pullRequest}: ${error.message}`,
    );
  }
};

const clientDeps = ({ deps, signal }: ShipRun, { installationId }: ShipFacts) => ({
  ...deps,
  stillWanted: (facts: ShipFacts) => shipStillWanted(deps.db.sql, facts),
  slot: () => contentSlot(deps, installationId, signal),
});

/** All parts are authorised, and all pull requests looked at, before the first row is made. */
const prepare = async ({ deps, wanted, signal }: ShipRun): Promise<readonly WritePermit<ShipFacts>[]> => {
  const readingOf = readingsOf(deps.github, wanted, signal);
  const permits = await authorizeShip({ sql: deps.db.sql, readingOf, rules: deps.rules }, wanted);
  for (const permit of permits.filter(isMerge)) {
    const receipts = await readReceipts(deps.db, permit.facts.writeId);
    if (receipts?.commitSha == null) await survey(readingOf, permit.facts);
  }
  return permits;
};

const commitFound = async (run: ShipRun, repoId: RepoId, commit: Sha) => {
  const reading = await readingsOf(run.deps.github, run.wanted, run.signal)(repoId);
  const found = await reading.commit(repoId, commit);
  if (found?.sha !== commit) throw new Error(`GitHub does not show the merge ${commit}`);
  return found;
};

/** In the declared order; one that GitHub refuses stops the rest, and what was merged before stays. */
export const mergeAll = async (run: ShipRun): Promise<"all"> => {
  const { deps, signal } = run;
  const { db, clock, crash } = deps;
  const permits = await prepare(run);
  await crash("ship.before.intend");
  const rows = await intend(
    db,
    clock,
    permits.map(({ facts }) => facts),
  );
  await crash("ship.after.intend");
  const open = permits.filter(isMerge).flatMap((permit) => {
    const row = rows.find(({ id }) => id === permit.facts.writeId);
    return row === undefined || row.commitSha !== null ? [] : [{ permit, row }];
  });
  if (open.length === 0) return "all";
  const facts = open.map(({ permit }) => permit.facts);
  return withWriteTokens(deps, facts, signal, async (tokens) => {
    for (const [index, { permit, row }] of open.entries()) {
      const token = tokens[index];
      if (token === undefined) throw new Error(`write ${permit.facts.writeId} has no token`);
      const client = openMergeClient(clientDeps(run, permit.facts), permit, row, token, signal);
      const [commit, how] = await mergeOnce(client, permit.facts);
      const { tree } = await commitFound(run, permit.facts.repoId, commit);
      await crash("ship.before.record_merge");
      await receiveMerge(db, clock, permit.facts, { commit, tree }, how);
      await crash("ship.after.record_merge");
    }
    return "all" as const;
  });
};

/** The commit that a deployment names by its rule. */
const mergeOf = async ({ deps, wanted }: ShipRun, repoId: RepoId): Promise<Sha | null> => {
  const part = wanted.ship.parts.find((one) => one.kind === "merge" && one.content.repoId === repoId);
  if (part === undefined) return null;
  return (await readReceipts(deps.db, writeIdOf("merge", part.id, part.digest)))?.commitSha ?? null;
};

type Waiting = Readonly<{ row: Receipts; commit: Sha }>;

/** Each deployment that is still to be made, of a merge that was found to be what was approved. */
const waitingOf = async (run: ShipRun): Promise<readonly Waiting[]> => {
  const { db } = run.deps;
  const waiting: Waiting[] = [];
  for (const part of run.wanted.ship.parts) {
    if (part.kind !== "deployment") continue;
    const row = await readReceipts(db, writeIdOf(part.kind, part.id, part.digest));
    if (row !== null && row.deploymentId !== null) continue;
    const commit = await mergeOf(run, part.content.repoId);
    if (row === null || commit === null) {
      throw refuse("deployment_refused", part.content.repoId, "there is no merge to deploy");
    }
    const of = { deliveryId: run.wanted.delivery.id, repoId: part.content.repoId };
    if (!(await isApprovedMerge(db.sql, of, commit))) {
      throw refuse("deployment_refused", part.content.repoId, "what was merged was not found to be what was approved");
    }
    waiting.push({ row, commit });
  }
  return waiting;
};

/** `later`: GitHub waits for checks of the merge commit that the deployment names. */
export const deployAll = async (run: ShipRun): Promise<"all" | "later"> => {
  const { deps, signal } = run;
  const { db, clock, crash } = deps;
  const waiting = await waitingOf(run);
  if (waiting.length === 0) return "all";
  const permits = (await prepare(run)).filter(isDeployment);
  const open = waiting.map(({ row, commit }) => {
    const permit = permits.find(({ facts }) => facts.writeId === row.id);
    if (permit === undefined) throw new Error(`write ${row.id} has no permit`);
    return { permit, row, commit };
  });
  const { botId } = await deps.github.self();
  const facts = open.map(({ permit }) => permit.facts);
  return withWriteTokens(deps, facts, signal, async (tokens) => {
    for (const [index, { permit, row, commit }] of open.entries()) {
      const token = tokens[index];
      if (token === undefined) throw new Error(`write ${row.id} has no token`);
      const deployer = openDeployer({ ...clientDeps(run, permit.facts), botId }, permit, row, token, signal);
      const { repoId, content } = permit.facts;
      const before = await orRefuse("deployment_refused", repoId, deployer.find(commit));
      let id = before;
      try {
        id ??= await deployer.make(commit);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        if (error.code === "conflict" && content.requiredContexts.length > 0) return "later";
        const note = `GitHub refused the deployment to ${content.environment}: ${error.message}`;
        throw refuse("deployment_refused", repoId, note);
      }
      await crash("ship.before.record_deployment");
      await receiveDeployment(db, clock, permit.facts, { id, commit }, before === null ? "made" : "found");
      await crash("ship.after.record_deployment");
    }
    return "all";
  });
};

export type Shipped = Readonly<{
  repoId: RepoId;
  /** owner/name#57 */
  pull: string;
  merged: Readonly<{ commit: Sha; tree: Sha }> | null;
  environment: string | null;
  deploymentId: number | null;
}>;

/** By the receipts, in the declared order. */
export const shippedSoFar = async ({ db }: Pick<WriteGateDeps, "db">, { ship, places }: ShipCase) => {
  const all: Shipped[] = [];
  for (const part of ship.parts) {
    if (part.kind !== "merge") continue;
    const { repoId, pullRequest } = part.content;
    const merge = await readReceipts(db, writeIdOf("merge", part.id, part.digest));
    const deployment = ship.parts.find((one) => one.kind === "deployment" && one.content.repoId === repoId);
    const made =
      deployment === undefined
        ? null
        : await readReceipts(db, writeIdOf(deployment.kind, deployment.id, deployment.digest));
    const merged =
      merge === null || merge.commitSha === null || merge.treeSha === null
        ? null
        : { commit: merge.commitSha, tree: merge.treeSha };
    const environment = deployment?.kind === "deployment" ? deployment.content.environment : null;
    const pull = `${places.get(repoId)?.name ?? repoId}#${pullRequest}`;
    all.push({ repoId, pull, merged, environment, deploymentId: made?.deploymentId ?? null });
  }
  return all;
};
