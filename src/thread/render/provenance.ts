// The check on a pull request's head: green while it holds exactly what people approved, red with names where it does not.

import type { StrayHead, Target } from "../../delivery/delivery.ts";
import { codeIn } from "../../delivery/subjects.ts";
import type { CheckRunDraft } from "../../github/speaking.ts";
import { deliveryName, type Sha } from "../../ids.ts";
import type { ApprovedBy } from "../../provenance/judge.ts";
import type { Judged } from "../../provenance/verdict.ts";
import { unreachable } from "../../result.ts";
import type { DeliveryView, Place, RepositoryView } from "../delivery-view.ts";
import { provenanceKey } from "../key.ts";
import type { PatchSetView } from "../proposal-view.ts";
import { command } from "../words/commands.ts";
import { conversation } from "../words/conversation.ts";
import { commitLink } from "../words/links.ts";
import { blocks, sentences } from "../words/phrase.ts";
import { commitList, differenceList, whyUnproven } from "../words/provenance.ts";
import { siblingsMissing, siblingsOf } from "../words/siblings-of.ts";
import { externalId } from "./check-run.ts";
import { evidenceList } from "./evidence.ts";
import { evidenceBundle } from "./evidence-bundle.ts";
import { PROVENANCE } from "./foreign-check.ts";
import { approvalsOf } from "./gate-life.ts";
import { CHECK_LIMIT, within } from "./layout.ts";
import { approvedBy } from "./life-line.ts";
import { type Warnings, warningsOn } from "./warnings-on.ts";

export type Headed = Readonly<{ key: string; draft: CheckRunDraft }>;

type Case = Readonly<{
  view: DeliveryView;
  place: Place;
  target: Target;
  repository: RepositoryView;
  judged: Judged;
}>;

type Words = Pick<CheckRunDraft, "conclusion" | "title"> &
  Pick<Warnings, "annotations"> &
  Readonly<{ words: string; evidence: string }>;

const patchSetOf = ({ view, repository }: Case, { digest }: ApprovedBy): PatchSetView | null =>
  view.patchSets.findLast((one) => one.repoId === repository.repoId && one.digest === digest) ?? null;

/** What holds what: our own commit is the patch set, another one brings it and nothing else. */
const holds = (one: Case, by: ApprovedBy): Readonly<{ title: string; sentence: string }> => {
  const { view, place, repository, judged } = one;
  const head = commitLink(place, repository, judged.commit);
  const people = approvalsOf(view, by.digest);
  const approved = people.length === 0 ? "" : `, approved by ${approvedBy(people)}`;
  if (by.kind === "head") {
    const countersigned = `${people.length === 0 ? "" : ` by ${approvedBy(people)}`} after it was pushed.`;
    return by.head === judged.commit || by.head === null
      ? { title: "The head was countersigned", sentence: `${head} was approved${countersigned}` }
      : {
          title: "The head holds what was countersigned",
          sentence: `${head} changes exactly what ${commitLink(place, repository, by.head)} does, which was approved${countersigned}`,
        };
  }
  const version = patchSetOf(one, by)?.version;
  const content = `${version === undefined ? "what was approved" : `patch set ${version}`} of ${deliveryName(view.id)}${approved}.`;
  return by.head === judged.commit
    ? { title: "The head is what was approved", sentence: `${head} is exactly ${content}` }
    : { title: "The head holds what was approved, and nothing else", sentence: `${head} changes exactly ${content}` };
};

const green = (one: Case, by: ApprovedBy, tree: Sha): Words => {
  const { view, place, repository } = one;
  const { title, sentence } = holds(one, by);
  const patchSet = patchSetOf(one, by);
  const { annotations, leftOut } = warningsOn(patchSet);
  return {
    conclusion: "success",
    title: [title, siblingsMissing(view, repository)].filter((part) => part !== null).join("; "),
    words: blocks(sentence, siblingsOf(view, place, repository), leftOut),
    evidence: evidenceList([
      ["Tree approved and found", tree],
      [by.kind === "head" ? "Digest of the head" : "Digest of the patch set", by.digest],
      ["Digest of the plan", patchSet?.text.planDigest ?? null],
      ["Ledger entries", String(view.ledgerAtWrite.entries)],
      ["Ledger head", view.ledgerAtWrite.head],
      ["Trace", view.traceId],
    ]),
    annotations,
  };
};

const notAlone = ({ pushedUnseen = [] }: StrayHead): string =>
  pushedUnseen.length === 0
    ? "Whoever made or pushed it does not count alone."
    : `GitHub has not said which person pushed it, so ${pushedUnseen.length + 1} approvers beside the requester and its authors must countersign it.`;

/** The code stands there only while the machine waits for it: what is over takes no approval. */
const wayOn = ({ view, target, judged }: Case): string => {
  const { strayHead } = target;
  if (strayHead?.head !== judged.commit || strayHead.approved || view.state.runStatus === "canceled") {
    return "It cannot be countersigned now. The check is green again when the head holds what was approved.";
  }
  const alone = view.settings.requester === "not_alone" ? notAlone(strayHead) : null;
  const code = command(view.settings.prefix, `approve ${codeIn(view.state, strayHead.digest)}`);
  return sentences(`An approver countersigns it with ${code} on the pull request, or it is taken out again.`, alone);
};

const red = (one: Case): Words => {
  const { view, place, target, repository, judged } = one;
  const head = commitLink(place, repository, judged.commit);
  const { verdict } = judged;
  const isUnproven = verdict.kind === "unproven";
  const [files, commits] = [differenceList(judged), commitList(judged)];
  return {
    conclusion: "failure",
    title: isUnproven ? "The head could not be compared with what was approved" : "The head is not what was approved",
    words: blocks(
      isUnproven
        ? `Whether ${head} holds what was approved in ${deliveryName(view.id)} could not be told. ${whyUnproven(verdict.why)}`
        : `${head} does not hold exactly what was approved in ${deliveryName(view.id)}.`,
      wayOn(one),
      files === null ? null : `**Files**\n\n${files}`,
      commits === null ? null : `**Commits that are not Countersign's**\n\n${commits}`,
    ),
    evidence: evidenceList([
      ["Head", judged.commit],
      ["Head that was approved", target.written?.head ?? null],
      ["Compared with", verdict.kind === "unapproved" ? verdict.base : null],
      ["Digest of the head", target.strayHead?.head === judged.commit ? target.strayHead.digest : null],
      ["Trace", view.traceId],
    ]),
    annotations: [],
  };
};

const wordsOf = (one: Case): Words => {
  const { verdict } = one.judged;
  switch (verdict.kind) {
    case "approved":
      return green(one, verdict.by, verdict.tree);
    case "unapproved":
    case "unproven":
      return red(one);
    default:
      return unreachable(verdict);
  }
};

/** One check for every head that was judged, each by its newest verdict. */
export const provenanceChecks = (
  view: DeliveryView,
  place: Place,
  target: Target,
  repository: RepositoryView,
): readonly Headed[] =>
  view.provenance
    .filter(({ repoId, judged }) => repoId === target.repoId && judged.kind === "head")
    .map(({ judged }) => {
      const key = `${provenanceKey(repository.name)}:${judged.commit.slice(0, 12)}`;
      const { conclusion, title, words, evidence, annotations } = wordsOf({ view, place, target, repository, judged });
      return {
        key,
        draft: {
          name: PROVENANCE,
          externalId: externalId(view, key),
          status: "completed",
          headSha: judged.commit,
          conclusion,
          title,
          summary: within(CHECK_LIMIT, blocks(words, conversation(view, place, repository), evidence)),
          text: judged.commit === target.written?.head ? evidenceBundle(view, repository) : null,
          actions: [],
          detailsUrl: null,
          annotations,
        },
      };
    });
