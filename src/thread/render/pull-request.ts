// Title and text of the pull request, and the commit message: made with the patch set, covered by its digest, approved with it.
import type { TaskSummary } from "../../artifacts/edits.ts";
import type { PlanDocument, PlanTask } from "../../artifacts/plan.ts";
import { type DeliveryId, type Digest, deliveryName, type IssueNumber } from "../../ids.ts";
import type { PolicyViolation } from "../../policy/violation.ts";
import { codeSpan, commitText, headline, inline, listItems } from "../defuse.ts";
import { blocks, count } from "../words/phrase.ts";
import { violationList } from "../words/violations.ts";
import { evidenceList } from "./evidence.ts";
import { fileList, type ListedFile, sizeOfFiles, sizeWords } from "./files.ts";
import { COMMENT_LIMIT, sizeOf } from "./layout.ts";
import { fillTemplate } from "./template.ts";

export type PullRequestFacts = Readonly<{
  deliveryId: DeliveryId;
  repository: string;
  /**
   * Null where the repository is seen by more people than the issue: then nothing of the issue, and nothing that was made of it,
   * stands here. `closes` in the primary repository.
   */
  issue: Readonly<{ repository: string; number: IssueNumber; closes: boolean }> | null;
  plan: PlanDocument;
  planDigest: Digest;
  /** What the proposer says that it did, task by task. */
  summaries: readonly TaskSummary[];
  files: readonly ListedFile[];
  violations: readonly PolicyViolation[];
  /** The repository's own template for pull requests. */
  template: string | null;
  /** Of a commit on top of a pull request that is open: what it mends, where that is known. The commit bears words of its own. */
  onTop?: Readonly<{ cause: string | null }> | null;
  /** What is said of the other pull requests of the delivery; null where there is none, or none may be named. */
  siblings: string | null;
}>;

export type PullRequestText = Readonly<{
  commitHeadline: string;
  commitBody: string;
  pullTitle: string;
  pullBody: string;
}>;

/** Git's habit for first lines is 50 to 72; GitHub wraps a title over 72 into the text. */
const LONGEST_HEADLINE = 72;
const LONGEST_TITLE = 120;

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** What is said of several tasks in the same words is said once, of the first. */
const saidOnce = ({ summaries }: PullRequestFacts): readonly TaskSummary[] =>
  summaries.filter(({ text }, index) => summaries.findIndex((one) => one.text === text) === index);

const ofTask = (task: PlanTask, facts: PullRequestFacts): string => {
  const own = facts.files.filter(({ tasks }) => tasks.includes(task.id)).map(({ path }) => codeSpan(path));
  const said = saidOnce(facts)
    .filter((one) => one.task === task.id)
    .map(({ text }) => `\n  ${inline(text)}`);
  return `- **${task.id}** ${inline(task.title)}${own.length === 0 ? "" : `: ${own.join(", ")}`}${said.join("")}`;
};

/** For a commit: by the titles of their tasks, where there is more than one thing to say. */
const saidInAll = (facts: PullRequestFacts): string => {
  const said = saidOnce(facts);
  if (said.length < 2) return said.map(({ text }) => text).join("");
  const titleOf = (id: string): string => facts.plan.tasks.find((one) => one.id === id)?.title ?? id;
  return said.map(({ task, text }) => `${titleOf(task)}:\n${text}`).join("\n\n");
};

type Sections = Readonly<Record<"why" | "scope" | "changes" | "tests" | "risks", string>>;

const sectionsOf = (facts: PullRequestFacts, files: string): Sections => {
  const { plan } = facts;
  const tasks = plan.tasks.filter(({ repository }) => sameName(repository, facts.repository));
  return {
    why: `${inline(plan.cause)}\n\n${inline(plan.change)}`,
    scope: blocks(
      listItems(plan.scope),
      plan.nonGoals.length === 0 ? null : `Not in scope:\n\n${listItems(plan.nonGoals)}`,
    ),
    changes: blocks(tasks.map((task) => ofTask(task, facts)).join("\n"), files),
    tests: blocks(
      plan.criteria.map(({ id, text, check }) => `- **${id}** ${inline(text)} Checked by: ${inline(check)}`).join("\n"),
      "Nothing was run before this pull request; its checks are the first run.",
    ),
    risks: blocks(
      plan.risks.length === 0 ? "None named in the plan." : listItems(plan.risks),
      facts.violations.length === 0 ? null : `The policy warned:\n\n${violationList(facts.violations)}`,
    ),
  };
};

const evidence = (facts: PullRequestFacts): string =>
  blocks(
    evidenceList([
      ["Delivery", deliveryName(facts.deliveryId)],
      ["Digest of the plan", facts.planDigest],
    ]),
    "The last lines of the commit message name the delivery, the write, and who approved which digest.",
  );

const closing = (facts: PullRequestFacts): string | null => {
  if (facts.issue === null) return null;
  const { repository, number, closes } = facts.issue;
  const name = sameName(repository, facts.repository) ? `#${number}` : `${repository}#${number}`;
  return closes ? `Closes ${name}` : `Part of ${name}`;
};

const ending = (facts: PullRequestFacts): readonly (string | null)[] => [
  facts.siblings === null ? null : `## Other repositories\n\n${facts.siblings}`,
  `## Evidence\n\n${evidence(facts)}`,
];

const bodyWith = (facts: PullRequestFacts, files: string): string => {
  const sections = sectionsOf(facts, files);
  if (facts.template !== null) {
    const { text, unused } = fillTemplate(facts.template, sections);
    return blocks(closing(facts), text, ...named(unused), ...ending(facts));
  }
  return blocks(closing(facts), ...named(sections), ...ending(facts));
};

const TITLES: Readonly<Record<keyof Sections, string>> = {
  why: "What and why",
  scope: "Scope",
  changes: "Changes",
  tests: "How it is tested",
  risks: "Risks",
};

const named = (sections: Partial<Sections>): readonly string[] =>
  (["why", "scope", "changes", "tests", "risks"] as const).flatMap((key) => {
    const content = sections[key];
    return content === undefined ? [] : [`## ${TITLES[key]}\n\n${content}`];
  });

/** A third of the limit is left for what GitHub and people add. */
const LONGEST_BODY = Math.floor((COMMENT_LIMIT * 2) / 3);

const bodyOf = (facts: PullRequestFacts): string => {
  const size = sizeWords(sizeOfFiles(facts.files));
  const whole = bodyWith(facts, fileList(facts.files));
  if (sizeOf(whole) <= LONGEST_BODY) return whole;
  const shorter = bodyWith({ ...facts, template: null }, `${size}; the list is in *Files changed*.`);
  if (sizeOf(shorter) <= LONGEST_BODY) return shorter;
  return blocks(
    closing(facts),
    `${size}. The plan is too long for this text; it stands on the issue.`,
    ...ending(facts),
  );
};

/** Where there are no words of its own. */
const plainTitle = ({ deliveryId }: PullRequestFacts): string => `Changes of Countersign ${deliveryName(deliveryId)}`;

/** For a repository that more people see than the issue: names the delivery and nothing else of it. */
const silent = (facts: PullRequestFacts): PullRequestText => {
  const title = plainTitle(facts);
  const files = count(facts.files.length, "file");
  return {
    commitHeadline: title,
    commitBody: "",
    pullTitle: title,
    pullBody: blocks(
      `${files} changed. The reasons stand where this was asked for, which not everybody here can see.`,
      ...ending(facts),
    ),
  };
};

export const pullRequestText = (facts: PullRequestFacts): PullRequestText => {
  if (facts.issue === null) return silent(facts);
  const { onTop = null, summaries, plan } = facts;
  const title = onTop === null ? plan.title : (summaries[0]?.text ?? "");
  const said = saidInAll(facts);
  const body = commitText(
    onTop === null
      ? `${plan.cause}\n\n${plan.change}\n\n${said}`
      : [said, onTop.cause === null ? null : `Checks were red: ${onTop.cause}`]
          .filter((part) => part !== null)
          .join("\n\n"),
  );
  return {
    commitHeadline: headline(title, LONGEST_HEADLINE) || plainTitle(facts),
    commitBody: body,
    pullTitle: headline(facts.plan.title, LONGEST_TITLE) || plainTitle(facts),
    pullBody: bodyOf(facts),
  };
};
