// The patch set comment, one for each repository: what will be written, whole, and what approving it does.
import { codeIn } from "../../delivery/subjects.ts";
import { deliveryName } from "../../ids.ts";
import { knowsIssue } from "../audience.ts";
import { codeSpan, inline } from "../defuse.ts";
import type { DeliveryView, Place, RepositoryView } from "../delivery-view.ts";
import { patchKey, planKey } from "../key.ts";
import type { PatchSetView } from "../proposal-view.ts";
import { mends } from "../words/analysis.ts";
import { command, mainCommand } from "../words/commands.ts";
import { heldLine } from "../words/holds.ts";
import { judgedLine } from "../words/judged.ts";
import { linkTo, pullLink } from "../words/links.ts";
import { blocks, count, joinWords, sentences } from "../words/phrase.ts";
import { nothingWritten } from "../words/pulls.ts";
import { computedWords, undoesWords } from "../words/rollback.ts";
import { revising } from "../words/ways.ts";
import { type Address, approverLines } from "./approvers.ts";
import { askedAgain } from "./asked-again.ts";
import { approveAll, byCode } from "./by-code.ts";
import { deltaLine } from "./delta.ts";
import { evidenceFold, runEvidence } from "./evidence.ts";
import { sizeOfFiles, sizeWords } from "./files.ts";
import { type GateLife, patchSetLife } from "./gate-life.ts";
import { buttonsOn, goesOn } from "./goes-on.ts";
import { COMMENT_LIMIT, FIRST_CHARACTERS, HEAD_SUMMARY, sizeOf, within } from "./layout.ts";
import { lifeLine } from "./life-line.ts";
import { notUsed } from "./not-used.ts";
import { laidOut } from "./patch-set-sections.ts";
import { ownersWanted, progressOf } from "./progress.ts";

/** Patch sets of this delivery that wait for approval beside this one. */
const openBeside = (view: DeliveryView, patchSet: PatchSetView): number =>
  view.state.targets.filter(
    (target) => target.patchSet !== null && !target.patchSet.approved && target.patchSet.id !== patchSet.id,
  ).length;

/** All that the last approval writes, where it is more than this patch set. */
const writesInAll = (view: DeliveryView): readonly RepositoryView[] =>
  view.state.targets.flatMap(({ repoId, patchSet }) =>
    patchSet === null || patchSet.written ? [] : view.repositories.filter((each) => each.repoId === repoId),
  );

const consequence = (
  view: DeliveryView,
  place: Place,
  patchSet: PatchSetView,
  repository: RepositoryView,
  needsMore: boolean,
): string => {
  const approving = needsMore ? "The last approval that is needed" : "Approving";
  if (view.state.exitPhase === "review")
    return `${approving} ends the delivery: it was asked for patches alone, nothing is pushed.`;
  const branch = codeSpan(patchSet.text.branch);
  const others = openBeside(view, patchSet);
  const all = writesInAll(view);
  if (others === 0 && all.length > 1) {
    const names = joinWords(
      all.map(({ name }) => codeSpan(name)),
      "and",
    );
    return `${approving} pushes branch ${branch} to ${names}, with a pull request in each. Nothing is merged.`;
  }
  const does =
    repository.pullRequest === null
      ? `${approving} pushes branch ${branch} and opens a pull request. It does not merge.`
      : `${approving} adds a commit to ${pullLink(place, repository, repository.pullRequest)}. It does not merge.`;
  return others === 0
    ? does
    : `${does} ${count(others, "other patch set")} must be approved too before anything is pushed.`;
};

const notYet = (view: DeliveryView, place: Place, repository: RepositoryView): string => {
  const { branch, name, pullRequest } = repository;
  if (pullRequest !== null) return `${pullLink(place, repository, pullRequest)} stays as it is until then.`;
  if (branch?.stands === "yes")
    return `Branch ${codeSpan(branch.name)} is pushed already; its pull request is not opened.`;
  return branch === null ? nothingWritten(view) || `Nothing has been written to ${codeSpan(name)}.` : "";
};

/** Rule 13, for the one thing that only a person can see to: what the diff itself gives away. */
const readAlong = (view: DeliveryView, repository: RepositoryView): string | null =>
  knowsIssue(view, repository)
    ? null
    : `**More people see ${codeSpan(repository.name)} than this issue**: it is ${repository.visibility}, this one ${view.issue.visibility}. Its commit, pull request and checks quote nothing of what is said here. Read the diff with that in mind, too.`;

const openHead = (
  view: DeliveryView,
  place: Place,
  patchSet: PatchSetView,
  repository: RepositoryView,
  life: GateLife & { kind: "open" },
  address: Address,
): string => {
  const { prefix } = view.settings;
  const { second, rest } = approverLines(view, address);
  const size = sizeWords(sizeOfFiles(patchSet.files));
  const title = `**Patches ready, please review**: ${size} in ${codeSpan(repository.name)} (patch set ${patchSet.version} of ${deliveryName(view.id)}).`;
  if (life.held) {
    return blocks(`${title}\n${second}`, heldLine(view), notYet(view, place, repository));
  }
  const several = openBeside(view, patchSet) > 0;
  const one = several ? ` ${repository.name}` : "";
  const all = several ? approveAll(view) : null;
  const coded = byCode(view, patchSet);
  const progress = progressOf(view, patchSet.digest, life);
  const owners = ownersWanted(view, patchSet.digest);
  const needsMore = progress !== "" || owners !== null;
  const before = blocks(
    `${title}\n${second}`,
    askedAgain(view, patchSet.digest),
    sentences(consequence(view, place, patchSet, repository, needsMore), notYet(view, place, repository)),
  );
  const code = codeIn(view.state, patchSet.digest);
  // The code alone says all; with the name beside it, others on the thread can follow what was approved.
  const named = blocks(before, mainCommand(prefix, `approve${one} ${code}`));
  return blocks(
    named.length <= FIRST_CHARACTERS ? named : blocks(before, mainCommand(prefix, `approve ${code}`)),
    sentences(
      `or ${revising(view, `revise${one}`)}, or ${command(prefix, `reject${one}`)} to turn it down, or ${command(prefix, "cancel")} to end it.`,
      all,
      progress,
      buttonsOn(view, patchKey(repository.name, patchSet), patchSet.digest),
    ),
    judgedLine(patchSet.judged),
    owners,
    coded,
    readAlong(view, repository),
    rest,
  );
};

/** The versions are oldest first. */
const nextOf = (view: DeliveryView, { repoId, version }: PatchSetView): PatchSetView | undefined =>
  view.patchSets.find((each) => each.repoId === repoId && each.version > version);

const follows = (view: DeliveryView, place: Place, patchSet: PatchSetView, repository: RepositoryView): string => {
  if (view.state.exitPhase === "review") return "The delivery ends here, as it was asked to. Nothing was pushed.";
  const pull = repository.pullRequest === null ? null : pullLink(place, repository, repository.pullRequest);
  if (patchSet.written && pull !== null) {
    const next = nextOf(view, patchSet);
    const after =
      next === undefined ? null : linkTo(view, patchKey(repository.name, next), `patch set ${next.version}`);
    return sentences(`It is in ${pull}.`, after === null ? null : `Followed by ${after}.`);
  }
  const waiting = view.state.targets.filter(({ patchSet }) => patchSet !== null && !patchSet.approved).length;
  if (waiting > 0 && view.state.phase === "review")
    return `${count(waiting, "other patch set")} must be approved before anything is pushed.`;
  return pull === null ? "The branch and the pull request follow." : `The commit on ${pull} follows.`;
};

const closedHead = (
  view: DeliveryView,
  place: Place,
  patchSet: PatchSetView,
  repository: RepositoryView,
  life: Exclude<GateLife, { kind: "open" }>,
): string =>
  blocks(
    lifeLine(life, {
      replacement:
        life.kind === "replaced" ? linkTo(view, patchKey(repository.name, life), `patch set ${life.version}`) : "",
      follows: follows(view, place, patchSet, repository),
      again: "A new version follows in a new comment.",
    }),
    `This was patch set ${patchSet.version} of ${deliveryName(view.id)}: ${sizeWords(sizeOfFiles(patchSet.files))} in ${codeSpan(repository.name)}.`,
  );

/** For whoever was not there when the plan was decided. */
const carriesOut = (view: DeliveryView, { text }: PatchSetView): string | null => {
  const plan = view.plans.find(({ digest }) => digest === text.planDigest);
  if (plan === undefined) return null;
  const change = inline(plan.document.change);
  const words = `Carries out ${linkTo(view, planKey(plan), `plan ${plan.version}`)}`;
  return sizeOf(change) <= HEAD_SUMMARY ? `${words}: ${change}` : `${words}.`;
};

const evidence = (view: DeliveryView, patchSet: PatchSetView): string =>
  evidenceFold([
    ["Digest of the patch set", patchSet.digest],
    ["Code", codeIn(view.state, patchSet.digest)],
    ["Base commit", patchSet.text.baseSha],
    ["Parent commit", patchSet.text.parentSha],
    ["Tree", patchSet.text.tree],
    ["Digest of the plan", patchSet.text.planDigest],
    ["Policy version", patchSet.text.policyVersion],
    ...runEvidence(view, "proposer"),
    ["Trace", view.traceId],
  ]);

export const patchSetComment = (
  view: DeliveryView,
  place: Place,
  patchSet: PatchSetView,
  repository: RepositoryView,
  address: Address,
): string => {
  const life = patchSetLife(view, patchSet);
  const { pages, left } = laidOut(view, patchSet);
  const head =
    life.kind === "open"
      ? openHead(view, place, patchSet, repository, life, address)
      : closedHead(view, place, patchSet, repository, life);
  return within(
    COMMENT_LIMIT,
    blocks(
      head,
      mends(view, patchSet),
      carriesOut(view, patchSet),
      sentences(undoesWords(view, place), computedWords(view)),
      deltaLine(patchSet, left),
      ...pages.comment,
      goesOn(view, patchKey(repository.name, patchSet), pages, (sections) => count(sections.length, "more part")),
      life.kind === "open" ? notUsed(view, patchSet.commentsUnused, "the plan") : null,
      evidence(view, patchSet),
    ),
  );
};
