// One look at a pull request as GitHub has it now (M7): what its head or its merge holds, what became of it, what its checks say.
import type { Sql } from "../db/database.ts";
import { type G4, g4 } from "../delivery/gates/g4.ts";
import type { Ours } from "../delivery/gates/newest-checks.ts";
import type { PullFacts, Reading } from "../github/reading.ts";
import type { Sha } from "../ids.ts";
import type { JudgePull, ProvenancePort } from "../provenance/judge-pull.ts";
import { approvedSince } from "../provenance/store.ts";
import { isApproved, type Judged } from "../provenance/verdict.ts";
import { approvedWords } from "./approved-words.ts";
import type { Opened, OpenedPull } from "./opened.ts";
import { type Reworded, rewordedOf } from "./reworded.ts";

export type LookDeps = Readonly<{ sql: Sql; judgePull: JudgePull }>;

export type LookPort = ProvenancePort & Pick<Reading, "pull" | "checks" | "requiredChecks">;

export type Seen = Readonly<{
  pull: OpenedPull;
  found: PullFacts | null;
  /** Of the head while it is open, of the merge once it is merged. */
  provenance: Judged | null;
  /** What of the pull request's words is not as it was approved. */
  reworded: readonly Reworded[];
  /** The commit whose checks were judged. */
  checked: Sha;
  judged: G4;
  /** What its checks reported in words, by the check's name. */
  reports: readonly Readonly<{ name: string; words: string }>[];
}>;

/** Checks speak for what was approved: those of the head while it holds nothing else, and else of the commit that we wrote. */
const headToCheck = ({ written }: OpenedPull, found: PullFacts | null, provenance: Judged | null): Sha =>
  found !== null && (found.merged || isApproved(provenance)) ? found.headSha : written.head;

/** Throws GitHubError. */
export async function look(
  { sql, judgePull }: LookDeps,
  reading: LookPort,
  opened: Opened,
  pull: OpenedPull,
  ours: Ours,
  now: Date,
): Promise<Seen> {
  const { repoId, baseBranch, target, written, writtenAt } = pull;
  const found = await reading.pull(repoId, written.pullRequest);
  const about = { deliveryId: opened.delivery.id, repoId, target };
  const provenance = found === null ? null : await judgePull(reading, { ...about, baseRef: found.baseRef }, found);
  const checked = headToCheck(pull, found, provenance);
  const checks = await reading.checks(repoId, checked);
  const byRules = await reading.requiredChecks(repoId, baseBranch);
  const configured = opened.requiredChecks.length === 0 ? null : opened.requiredChecks;
  // Nobody can have checked a head before it was there.
  const since =
    checked === written.head
      ? writtenAt
      : ((await approvedSince(sql, { deliveryId: opened.delivery.id, repoId }, checked)) ?? now);
  const judged = g4({
    checks: checks.items,
    complete: checks.complete,
    required: byRules ?? configured,
    ours,
    secondsWaited: Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000)),
    noChecksAfterSeconds: opened.noChecksAfterSeconds,
  });
  const reports = checks.items.flatMap(({ name, report }) => (report === undefined ? [] : [{ name, words: report }]));
  const reworded = rewordedOf(await approvedWords(sql, opened.delivery.id, repoId), found);
  return { pull, found, provenance, reworded, checked, judged, reports };
}
