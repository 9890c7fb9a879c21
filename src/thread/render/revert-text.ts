// Title and text of a pull request that undoes a merge, and its commit message: covered by the digest, approved with it.
import {
  branchOf,
  type DeliveryId,
  type Digest,
  deliveryName,
  type IssueNumber,
  type PullNumber,
  type Sha,
} from "../../ids.ts";
import type { PolicyViolation } from "../../policy/violation.ts";
import { codeSpan, headline } from "../defuse.ts";
import type { Place } from "../delivery-view.ts";
import { pullsOfBranch } from "../words/links.ts";
import { blocks, count, link, sentences } from "../words/phrase.ts";
import { violationList } from "../words/violations.ts";
import { evidenceList } from "./evidence.ts";
import { fileList, type ListedFile, sizeOfFiles, sizeWords } from "./files.ts";
import { COMMENT_LIMIT, sizeOf } from "./layout.ts";
import type { PullRequestText } from "./pull-request.ts";

export type RevertFacts = Readonly<{
  deliveryId: DeliveryId;
  undoes: DeliveryId;
  repository: string;
  /** What is undone here. */
  pullRequest: PullNumber;
  /** Its title as it was approved; null where that is not known. */
  title: string | null;
  merge: Sha;
  /** Null where the repository is seen by more people than the issue: then nothing of the issue stands here. */
  issue: Readonly<{ repository: string; number: IssueNumber }> | null;
  /** Of what was found to be undone. */
  order: Digest;
  files: readonly ListedFile[];
  violations: readonly PolicyViolation[];
  /** All that may be named here, this one among them, in the order in which they are to be merged. */
  siblings: readonly string[];
  place: Place;
}>;

/** Git's habit for first lines is 50 to 72. */
const LONGEST_HEADLINE = 72;
const LONGEST_TITLE = 120;

const titleOf = ({ pullRequest, title, issue }: RevertFacts, longest: number): string => {
  const plain = `Undo #${pullRequest}`;
  // The number is ours; the title is somebody's.
  const named = issue === null || title === null ? "" : headline(title, longest - plain.length - 2);
  return named === "" ? plain : `${plain}: ${named}`;
};

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const partOf = ({ issue, repository }: RevertFacts): string | null => {
  if (issue === null) return null;
  const { repository: home, number } = issue;
  return `Part of ${sameName(home, repository) ? "" : home}#${number}`;
};

const HOW =
  "Computed from the history, without a model: files that nobody changed since are as they were before the merge, in the others the later changes stay.";

const order = ({ siblings, repository, deliveryId, place }: RevertFacts): string | null => {
  if (siblings.length < 2) return null;
  const items = siblings.map((name, index) => {
    const where = `${index + 1}. ${codeSpan(name)}`;
    return name === repository
      ? `${where}: this one`
      : `${where}: ${link("its pull request", pullsOfBranch(place, name, branchOf(deliveryId)))}`;
  });
  return blocks(
    "## Other repositories",
    "What was merged last is undone first. Merge these in this order:",
    items.join("\n"),
  );
};

const evidence = ({ deliveryId, undoes, order: digest }: RevertFacts): string =>
  blocks(
    "## Evidence",
    evidenceList([
      ["Delivery", deliveryName(deliveryId)],
      ["Undoes", deliveryName(undoes)],
      ["Digest of what is undone", digest],
    ]),
    "The last lines of the commit message name the delivery, the write, and who approved which digest.",
  );

const LONGEST_BODY = Math.floor((COMMENT_LIMIT * 2) / 3);

const bodyOf = (facts: RevertFacts): string => {
  const { pullRequest, merge, undoes, files, violations } = facts;
  const size = sizeWords(sizeOfFiles(files));
  const whole = (list: string) =>
    blocks(
      partOf(facts),
      `## What and why\n\n${sentences(`Undoes #${pullRequest} of ${deliveryName(undoes)}, merged as ${merge}.`, HOW)}`,
      `## Changes\n\n${list}`,
      "## How it is tested\n\nNothing was run before this pull request; its checks are the first run.",
      violations.length === 0 ? null : `## Risks\n\nThe policy warned:\n\n${violationList(violations)}`,
      order(facts),
      evidence(facts),
    );
  const body = whole(fileList(files));
  return sizeOf(body) <= LONGEST_BODY ? body : whole(`${size}; the list is in *Files changed*.`);
};

/** For a repository that more people see than the issue: names the merge, which stands there, and nothing else. */
const silentBody = (facts: RevertFacts): string =>
  blocks(
    `Undoes #${facts.pullRequest}, merged as ${facts.merge}: ${count(facts.files.length, "file")} changed. The reasons stand where this was asked for, which not everybody here can see.`,
    order(facts),
    evidence(facts),
  );

export const revertText = (facts: RevertFacts): PullRequestText => ({
  commitHeadline: titleOf(facts, LONGEST_HEADLINE),
  commitBody: `Undoes what commit ${facts.merge} changed (#${facts.pullRequest}, ${deliveryName(facts.undoes)}).`,
  pullTitle: titleOf(facts, LONGEST_TITLE),
  pullBody: facts.issue === null ? silentBody(facts) : bodyOf(facts),
});
