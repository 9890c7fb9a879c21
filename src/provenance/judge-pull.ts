// Judges one pull request of a delivery as GitHub has it: its head while it is open, and what became of the base once it is merged.
import type { Sql } from "../db/database.ts";
import type { CommitFacts, PullFacts, Reading } from "../github/reading.ts";
import type { PullNumber, RepoId, Sha } from "../ids.ts";
import { err, ok, type Result } from "../result.ts";
import { type About, type ApprovedPort, type Compared, changesOfHead, loadApproved } from "./approved.ts";
import { compareTrees } from "./compare-trees.ts";
import { type Approved, judge } from "./judge.ts";
import type { Judged, Person, Unproven, Verdict } from "./verdict.ts";

export type ProvenancePort = ApprovedPort & Pick<Reading, "pullCommits">;

/** Of a pull request that somebody filled with files or commits the first are named. */
const NAMED = 200;

type Found = Result<Compared, Unproven>;

const verdictOf = (approved: readonly Approved[], found: Compared): Verdict => {
  const { base, tree, changes } = found;
  const judged = judge(approved, changes);
  if (judged.kind === "approved") return { kind: "approved", by: judged.by, base, tree };
  const { differences } = judged;
  return { kind: "unapproved", base, tree, differences: differences.slice(0, NAMED), count: differences.length };
};

const verdictOn = (approved: readonly Approved[], found: Found): Verdict =>
  found.ok ? verdictOf(approved, found.value) : { kind: "unproven", why: found.error };

const peopleOf = (commits: readonly CommitFacts[]): readonly Person[] => {
  const people = new Map<number, Person>();
  for (const { author, committer } of commits) {
    for (const account of [author, committer]) {
      if (account?.type === "User") people.set(account.id, { id: account.id, login: account.login });
    }
  }
  return [...people.values()];
};

/** Everything on the branch that is neither ours nor countersigned. */
async function strangers(port: ProvenancePort, about: About, number: PullNumber, known: readonly Sha[]) {
  const { items, complete } = await port.pullCommits(about.repoId, number);
  const strange = items.filter(({ sha }) => !known.includes(sha));
  return {
    commits: strange.slice(-NAMED).map(({ sha, author }) => ({ sha, author: author?.login ?? null })),
    complete: complete && strange.length <= NAMED,
    people: peopleOf(strange),
  };
}

const NOBODY = { commits: [], complete: true, people: [] } as const;

/** Throws GitHubError. */
async function judgeHead(sql: Sql, port: ProvenancePort, about: About, pull: PullFacts): Promise<Judged> {
  const { headSha: head } = pull;
  const approved = await loadApproved(sql, port, about);
  const found = await changesOfHead(port, about, head);
  const verdict: Verdict = approved.ok ? verdictOn(approved.value, found) : { kind: "unproven", why: approved.error };
  const said = { kind: "head", commit: head, verdict } as const;
  if (verdict.kind === "approved") return { ...said, ...NOBODY };
  const ours = approved.ok ? approved.value.flatMap(({ by }) => by.head ?? []) : [];
  return { ...said, ...(await strangers(port, about, pull.number, ours)) };
}

/** The commits that can have been the base right before the merge: a squash has it as parent, a rebase as many commits ago. */
async function basesBefore(
  port: ProvenancePort,
  repoId: RepoId,
  merge: Sha,
  commits: number,
): Promise<Result<readonly Sha[], Unproven>> {
  const made = await port.commit(repoId, merge);
  const [first, ...others] = made?.parents ?? [];
  if (made?.sha !== merge || first === undefined) return err("gone");
  if (others.length > 0 || commits <= 1) return ok([first]);
  let base = first;
  for (let back = 1; back < commits; back += 1) {
    const parent: Sha | undefined = (await port.commit(repoId, base))?.parents[0];
    if (parent === undefined) return ok([first]);
    base = parent;
  }
  return ok([first, base]);
}

async function changesBetween(port: ProvenancePort, repoId: RepoId, base: Sha, merge: Sha): Promise<Found> {
  const [before, after] = [await port.commit(repoId, base), await port.commit(repoId, merge)];
  if (before?.sha !== base || after?.sha !== merge) return err("gone");
  const changes = await compareTrees(port, repoId, before.tree, after.tree);
  return changes.ok ? ok({ base, tree: after.tree, changes: changes.value }) : changes;
}

/** What the merge changed on the base, whoever made it and however. Throws GitHubError. */
async function judgeMerge(
  sql: Sql,
  port: ProvenancePort,
  about: About,
  { number, headSha, mergeSha }: Pick<PullFacts, "number" | "headSha" | "mergeSha">,
): Promise<Judged> {
  const { repoId } = about;
  const commit = mergeSha ?? headSha;
  const said = { kind: "merge", commit, ...NOBODY } as const;
  const unproven = (why: Unproven): Judged => ({ ...said, verdict: { kind: "unproven", why } });
  if (mergeSha === null) return unproven("gone");
  const { items } = await port.pullCommits(repoId, number);
  const bases = await basesBefore(port, repoId, mergeSha, items.length);
  if (!bases.ok) return unproven(bases.error);
  const verdicts: Verdict[] = [];
  for (const base of bases.value) {
    // Once merged, the base has every head in it: what was approved is told by the base as it was before.
    const approved = await loadApproved(sql, port, { ...about, baseRef: base });
    if (!approved.ok) return unproven(approved.error);
    verdicts.push(verdictOn(approved.value, await changesBetween(port, repoId, base, mergeSha)));
  }
  // One of several ways in which it can have come about is enough; what differs is told of the first.
  const verdict = verdicts.find(({ kind }) => kind === "approved") ?? verdicts[0];
  return verdict === undefined ? unproven("gone") : { ...said, verdict };
}

/** Null where there is nothing to judge: it was closed, and its commits stay where they are. Throws GitHubError. */
export type JudgePull = (port: ProvenancePort, about: About, pull: PullFacts) => Promise<Judged | null>;

export const judgePull =
  (sql: Sql): JudgePull =>
  async (port, about, pull) => {
    if (pull.merged) return judgeMerge(sql, port, about, pull);
    return pull.state === "open" ? judgeHead(sql, port, about, pull) : null;
  };
