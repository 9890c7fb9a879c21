// Computes what undoes a merge, repository by repository, and puts it up as patch sets; no model is asked. Where later commits are in the way, the agent plans it.
import { type Assignment, loadAssignment } from "../agent/assignment.ts";
import type { OwnedPathsOf } from "../agent/make-patch-set.ts";
import { recordArtifact } from "../agent/record.ts";
import { tell } from "../agent/settle.ts";
import type { ReadWorkRules, WorkRules } from "../agent/work-rules.ts";
import type { BlobStoreDeps } from "../context/blob-store.ts";
import { lockDelivery } from "../delivery/store.ts";
import type { GitHub } from "../github/github.ts";
import { deliveryName, IssueNumber } from "../ids.ts";
import { digestOf } from "../ledger/canonical.ts";
import type { JudgePull } from "../provenance/judge-pull.ts";
import { ok, type Result } from "../result.ts";
import { type Found, find, orderOf, toMake } from "../rollback/find.ts";
import { conflictsOf, isTold, keepReverts, type RevertIn, type Reverting, takeBases } from "../rollback/keep.ts";
import { loadUndoing, type Undoing } from "../rollback/load.ts";
import { loadOrder } from "../rollback/load-order.ts";
import { makeRevert, type RevertWords } from "../rollback/make.ts";
import type { Handler } from "./handler.ts";

export type RevertJobDeps = BlobStoreDeps &
  Readonly<{
    github: Pick<GitHub, "reading" | "speaking">;
    judgePull: JudgePull;
    workRules: ReadWorkRules;
    ownedPaths: OwnedPathsOf;
    words: RevertWords;
  }>;

const whyNothing = (found: readonly Found[], parent: string): string | null => {
  if (found.length === 0) return `What undoes ${parent} stands on its pull requests already.`;
  return found.some(({ read }) => read.undone.length + read.conflicts.length > 0)
    ? null
    : `Nothing is left to undo: everything that ${parent} changed is as it was before.`;
};

/** The work is taken up again, so the issue is; a person who closes it after that holds the delivery as always. */
async function reopen(deps: RevertJobDeps, { issueNumber, repos }: Assignment, signal: AbortSignal): Promise<void> {
  const home = repos.find(({ role }) => role === "primary");
  if (home === undefined) return;
  const { repoId, installationId } = home;
  const issue = IssueNumber.parse(issueNumber);
  const reading = await deps.github.reading(installationId, [repoId], signal);
  if ((await reading.issue(repoId, issue))?.state !== "closed") return;
  await deps.crash("revert.before.reopen");
  const speaking = await deps.github.speaking(installationId, [repoId], signal);
  await speaking.reopenIssue(repoId, issue);
  await deps.crash("revert.after.reopen");
}

/** The error is a sentence for people. */
async function makeAll(
  deps: RevertJobDeps,
  { assignment, order }: Pick<Reverting, "assignment" | "order">,
  { undoing, found, rules }: Readonly<{ undoing: Undoing; found: readonly Found[]; rules: WorkRules }>,
  signal: AbortSignal,
): Promise<Result<readonly RevertIn[], string>> {
  // Also those whose pull requests are open already: people are told in which order to merge them.
  const all = order.repositories.flatMap(({ repoId, pullRequest, merge, undone }) => {
    const repo = assignment.repos.find((each) => each.repoId === repoId);
    return repo === undefined || undone.length === 0 ? [] : [{ repo, pullRequest, merge }];
  });
  const made: RevertIn[] = [];
  for (const { repo, target, read } of found.filter(({ read: { undone } }) => undone.length > 0)) {
    const reading = await deps.github.reading(repo.installationId, [repo.repoId], signal);
    const { parent, titles } = undoing;
    const title = titles.get(repo.repoId) ?? null;
    const here = { repo, pullRequest: target.written.pullRequest, merge: read.merge };
    const about = { assignment, parent, title, here, all, order: digestOf(order) };
    const policy = rules.policyFor(repo.repoId);
    const one = await makeRevert({ blobs: deps, reading, words: deps.words }, { ...about, read, policy });
    if (!one.ok) return one;
    const { changes, content } = one.value;
    const owned = content === null ? [] : await deps.ownedPaths(assignment, repo, changes, signal);
    made.push({ ...one.value, repo, owned });
  }
  return ok(made);
}

export const revertJob =
  (deps: RevertJobDeps): Handler<"revert"> =>
  async ({ deliveryId, attempt }, { signal }) => {
    const { db, clock, crash } = deps;
    const wanted = await loadAssignment(db.sql, deliveryId, attempt, "implement");
    if (wanted === null) return;
    const undoing = await loadUndoing(db.sql, wanted.delivery);
    const started = { type: "effect_started", attempt } as const;
    await crash("revert.before.start");
    await db.transaction((tx) => tell(tx, clock, deliveryId, "revert", started));
    await crash("revert.after.start");
    const giveUp = (note: string) =>
      db.transaction((tx) => tell(tx, clock, deliveryId, "revert", { type: "effect_dead", attempt, note }));

    await reopen(deps, wanted, signal);
    const rules = await deps.workRules(wanted, signal);
    const out = rules.whyOut(undoing.merged.map(({ repoId }) => repoId));
    if (out !== null) return giveUp(out);
    // Who sees the repositories may be others by now.
    const assignment = await loadAssignment(db.sql, deliveryId, attempt, "implement");
    if (assignment === null) return;

    await crash("revert.before.read");
    const found = await find(deps, assignment, undoing, toMake(assignment, undoing), signal);
    if (!found.ok) return giveUp(found.error);
    const nothing = whyNothing(found.value, deliveryName(undoing.parent));
    if (nothing !== null) return giveUp(nothing);
    const order = orderOf(undoing, found.value, await loadOrder(db.sql, deliveryId));
    const clashes = found.value.some(({ read }) => read.conflicts.length > 0);
    const made = clashes
      ? ok([])
      : await makeAll(deps, { assignment, order }, { undoing, found: found.value, rules }, signal);
    if (!made.ok) return giveUp(made.error);

    await crash("revert.before.commit");
    await db.transaction(async (tx) => {
      await lockDelivery(tx, deliveryId);
      if (await isTold(tx, assignment)) return;
      const reverting = { assignment, order, at: clock() };
      await takeBases(tx, reverting);
      const { traceId } = assignment;
      const content = order;
      const artifact = { deliveryId, traceId, runId: null, kind: "scope", content, at: reverting.at } as const;
      const saved = await recordArtifact(tx, artifact);
      const event = clashes ? conflictsOf(reverting) : await keepReverts(tx, reverting, saved, made.value);
      await tell(tx, clock, deliveryId, "revert", event);
    });
    await crash("revert.after.commit");
  };
