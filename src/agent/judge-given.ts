// What a judge is given of a change: its diffs, or the whole files after it, with what stands around them.
import type { PlanDocument } from "../artifacts/plan.ts";
import { type BriefDeps, briefDelivery } from "../context/brief.ts";
import type { Look } from "../context/look.ts";
import type { ContextPacket, ProposedElsewhere } from "../context/packet.ts";
import { linesOf as linesIn } from "../context/retrieval/index-file.ts";
import { plainFile } from "../context/shown-text.ts";
import type { Database } from "../db/database.ts";
import type { Digest } from "../ids.ts";
import { deliveryName } from "../ids.ts";
import type { Assignment } from "./assignment.ts";
import type { Texts } from "./briefing.ts";
import { proposedHere, standingHere } from "./elsewhere.ts";
import type { Made } from "./make-patch-set.ts";
import { earlierFiles, textsAfter } from "./tasks/earlier.ts";
import { sameName } from "./tasks/order.ts";

export type Judged = Readonly<{
  assignment: Assignment;
  plan: Readonly<{ document: PlanDocument; digest: Digest; version: number }>;
  made: Made;
  elsewhere: readonly ProposedElsewhere[];
  signal: AbortSignal;
}>;

/** `look` null: the diffs alone. `linesOf`: the files after the change, and how many lines they have where that is known. */
export type JudgeGiven = Readonly<{
  packet: ContextPacket;
  texts: Texts;
  look: Look | null;
  linesOf: ReadonlyMap<string, number | null>;
}>;

/** Of a change on top of a pull request: what that changes already. */
async function standingUnder(
  { sql }: Database,
  { assignment, made }: Judged,
): Promise<Pick<ContextPacket, "standing">> {
  if (made.content === null || made.content.parentSha === made.content.baseSha) return {};
  const standing = await standingHere(sql, assignment.delivery.id, made.repo);
  return standing === null ? {} : { standing: [standing] };
}

async function light(db: Database, judged: Judged): Promise<JudgeGiven> {
  const { assignment, plan, made, elsewhere } = judged;
  const packet: ContextPacket = {
    issue: assignment.packet.issue,
    plan: { version: plan.version, digest: plan.digest },
    feedback: assignment.feedback.filter(({ scope }) => scope === made.repo.repoId),
    repositories: [],
    ...(elsewhere.length === 0 ? {} : { elsewhere: [...elsewhere] }),
    ...(await standingUnder(db, judged)),
    proposed: await proposedHere(made),
  };
  return { packet, texts: new Map(), look: null, linesOf: new Map() };
}

/** What the proposers were shown is chosen the same way: the files of all tasks first, then what is about the plan. */
async function full(deps: BriefDeps, judged: Judged): Promise<JudgeGiven> {
  const { assignment, plan, made, signal } = judged;
  const { packet: diffs } = await light(deps.db, judged);
  const { repo, changes } = made;
  const tasks = plan.document.tasks.filter(({ repository }) => sameName(repository, repo.name));
  const after = textsAfter(changes);
  const briefed = await briefDelivery(
    deps,
    assignment,
    {
      repos: [{ ...repo, baseSha: made.content?.parentSha ?? repo.baseSha }],
      feedback: diffs.feedback,
      plan: diffs.plan,
      about: [...tasks.map(({ title }) => title), ...plan.document.criteria.map(({ text }) => text)],
      required: [...new Set([...changes.map(({ path }) => path), ...tasks.flatMap(({ files }) => files)])],
      elsewhere: diffs.elsewhere ?? [],
      instead: after,
    },
    signal,
  );
  if (!briefed.ok) throw new Error(`${deliveryName(assignment.delivery.id)}: ${briefed.error.why}`);
  const { packet, texts, reads, look } = briefed.value;
  const standing = reads.flatMap(({ entries }) => entries.filter(({ type }) => type === "blob"));
  const linesOf = new Map<string, number | null>(standing.map(({ path }) => [path, null]));
  for (const [path, text] of after) {
    if (text === null) linesOf.delete(path);
    else linesOf.set(path, linesIn(plainFile(text)).length);
  }
  const { proposed, standing: under } = diffs;
  const left = await earlierFiles(changes);
  return {
    packet: {
      ...packet,
      ...(under === undefined ? {} : { standing: under }),
      ...(proposed === undefined ? {} : { proposed }),
      left,
    },
    texts,
    look,
    linesOf,
  };
}

/** Throws GitHubError. */
export const judgeGiven = (deps: BriefDeps, judged: Judged): Promise<JudgeGiven> =>
  judged.assignment.judging === "full" ? full(deps, judged) : light(deps.db, judged);
