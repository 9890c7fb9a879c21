// The WriteGate's one door: writes what a delivery has approved and not yet written, in every repository, or nothing more.
import type { CrashPoint } from "../crash-points.ts";
import type { Database } from "../db/database.ts";
import type { Connection } from "../github/connection.ts";
import type { GitHub } from "../github/github.ts";
import type { DeliveryId, RepoId } from "../ids.ts";
import type { Clock } from "../instant.ts";
import { checkAudience, visibilitiesNow } from "./audience.ts";
import { authorize, type WritePermit } from "./authorize.ts";
import { contentSlot } from "./content-slot.ts";
import { stillWanted } from "./fence.ts";
import { leftStanding } from "./left-standing.ts";
import { refuseSecrets } from "./no-secrets.ts";
import { orRefuse, type WriteEnd, type WriteOutcome, WriteStop, type WrittenRepo } from "./outcome.ts";
import type { PatchSetFacts } from "./permit-facts.ts";
import { readingsOf } from "./readings.ts";
import { intend, readReceipts } from "./receipts.ts";
import { deployAll, mergeAll } from "./ship.ts";
import { type ShipUse, shipUse } from "./ship-use.ts";
import { finishedOf, makeCommit, openPullRequest, publishBranch, type Writing } from "./steps.ts";
import { type Survey, survey } from "./survey.ts";
import { loadCase, type WriteCase, type WriteTarget } from "./write-case.ts";
import { openWriteClient } from "./write-client.ts";
import { writeIdOf } from "./write-id.ts";
import type { ReadWriteRules } from "./write-rules.ts";
import { withWriteTokens } from "./write-token.ts";

export type { WriteOutcome } from "./outcome.ts";
export type { ShipOutcome } from "./ship-use.ts";
export type { ReadWriteRules } from "./write-rules.ts";

export type WriteGateDeps = Readonly<{
  db: Database;
  /** For the write token, and for the client that uses it. */
  connection: Connection;
  github: Pick<GitHub, "reading" | "self">;
  rules: ReadWriteRules;
  clock: Clock;
  crash: CrashPoint;
  /** A write token could not be revoked; it ends within the hour by itself. */
  onLeftOver: (where: Readonly<{ deliveryId: DeliveryId; repoId: RepoId }>, error: unknown) => void;
}>;

export interface WriteGate {
  /**
   * Throws GitHubError and database errors that may pass: run it again, and it goes on from its receipts. Everything
   * that a person must know is an end.
   */
  readonly write: (deliveryId: DeliveryId, attempt: number, signal?: AbortSignal) => Promise<WriteOutcome>;
  /** All merges of the approved ship, in its order. Throws as `write` does, and goes on in the same way. */
  readonly merge: ShipUse;
  /** All deployments of what was merged. To be asked for once the merges were found to hold what was approved. */
  readonly deploy: ShipUse;
}

/** One repository that is authorised and was looked at. */
type Ready = Readonly<{ permit: WritePermit; facts: PatchSetFacts; survey: Survey }>;

/** Every target is authorised and looked at before the first intent: one that cannot be written stops all. */
const prepare = async (
  deps: WriteGateDeps,
  wanted: WriteCase,
  targets: readonly WriteTarget[],
  signal: AbortSignal | undefined,
): Promise<readonly Ready[]> => {
  const { db, rules } = deps;
  const readingOf = readingsOf(deps.github, wanted, signal);
  const visibilities = await visibilitiesNow(wanted.places.keys(), readingOf);
  const ready: Ready[] = [];
  for (const target of targets) {
    const { repoId, name } = target.place;
    await checkAudience(db.sql, { repoId, name, patchSetId: target.patchSet.id }, visibilities);
    const permit = await authorize({ sql: db.sql, readingOf, rules }, wanted, target);
    const { facts } = permit;
    refuseSecrets(deps.connection.findsSecret, facts);
    const reading = await orRefuse("not_writable", repoId, readingOf(repoId));
    ready.push({ permit, facts, survey: await survey(reading, facts, await readReceipts(db, facts.writeId)) });
  }
  return ready;
};

/** Nothing is visible anywhere before every tree was compared, and no pull request is opened before every branch stands. */
const perform = async (
  deps: WriteGateDeps,
  ready: readonly Ready[],
  signal: AbortSignal | undefined,
): Promise<void> => {
  const { db, clock, crash } = deps;
  const facts = ready.map((one) => one.facts);
  const { botId } = await deps.github.self();
  await crash("write.before.intend");
  const rows = await intend(db, clock, facts);
  await crash("write.after.intend");
  await withWriteTokens(deps, facts, signal, async (tokens) => {
    let writings: readonly Writing[] = ready.map(({ permit, facts, survey }, index) => {
      const receipts = rows[index];
      const token = tokens[index];
      if (receipts === undefined || token === undefined) throw new Error(`write ${facts.writeId} has no row or token`);
      const client = openWriteClient(
        {
          ...deps,
          stillWanted: (facts) => stillWanted(db.sql, facts),
          slot: () => contentSlot(deps, facts.installationId, signal),
        },
        permit,
        receipts,
        token,
        signal,
      );
      return { facts, survey, receipts, client };
    });
    for (const step of [makeCommit, publishBranch, openPullRequest]) {
      const after: Writing[] = [];
      for (const writing of writings) after.push(await step({ db, clock, crash, botId }, writing));
      writings = after;
    }
  });
};

const finishedTargets = async (db: Database, targets: readonly WriteTarget[]): Promise<readonly WrittenRepo[]> => {
  const finished: WrittenRepo[] = [];
  for (const { patchSet } of targets) {
    const receipts = await readReceipts(db, writeIdOf("patchset", patchSet.id, patchSet.digest));
    const done = receipts === null ? null : finishedOf(receipts);
    if (done !== null) finished.push(done);
  }
  return finished;
};

export const openWriteGate = (deps: WriteGateDeps): WriteGate => ({
  merge: shipUse(deps, mergeAll),
  deploy: shipUse(deps, deployAll),
  write: async (deliveryId, attempt, signal) => {
    const wanted = await loadCase(deps.db.sql, deliveryId, attempt);
    if (typeof wanted === "string") return { end: { kind: "not_wanted", why: wanted }, finished: [], standing: [] };
    const { targets } = wanted;
    const ended = async (end: WriteEnd): Promise<WriteOutcome> => ({
      end,
      finished: await finishedTargets(deps.db, targets),
      standing: await leftStanding(deps.db, wanted),
    });
    const done = new Set((await finishedTargets(deps.db, targets)).map(({ repoId }) => repoId));
    try {
      const left = targets.filter(({ place }) => !done.has(place.repoId));
      if (left.length > 0) await perform(deps, await prepare(deps, wanted, left, signal), signal);
      return await ended({ kind: "written" });
    } catch (error) {
      if (error instanceof WriteStop) return ended(error.end);
      throw error;
    }
  },
});
