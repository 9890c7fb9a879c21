// Links to what we published, and to what is on GitHub anyway. Their words and addresses are ours.
import type { IssueNumber, PullNumber, ReviewId, Sha } from "../../ids.ts";
import type { DeliveryView, Place, RepositoryView } from "../delivery-view.ts";
import { link, shortSha } from "./phrase.ts";

export const urlOf = (view: DeliveryView, key: string): string | null =>
  view.published.find((one) => one.key === key)?.url ?? null;

/** Plain words while the publication has no address yet. */
export const linkTo = (view: DeliveryView, key: string, words: string): string => link(words, urlOf(view, key));

export const issueUrl = ({ webUrl }: Place, repository: string, number: IssueNumber): string =>
  `${webUrl}/${repository}/issues/${number}`;

/** `acme/shop#57`, linked. */
export const pullLink = ({ webUrl }: Place, { name }: Pick<RepositoryView, "name">, pull: PullNumber): string =>
  `[${name}#${pull}](${webUrl}/${name}/pull/${pull})`;

export const reviewUrl = (
  { webUrl }: Place,
  { name }: Pick<RepositoryView, "name">,
  pull: IssueNumber,
  review: ReviewId,
): string => `${webUrl}/${name}/pull/${pull}#pullrequestreview-${review}`;

/** GitHub's search for what was opened from a branch: for texts that are written before a pull request has its number. */
export const pullsOfBranch = ({ webUrl }: Place, name: string, branch: string): string =>
  `${webUrl}/${name}/pulls?q=${encodeURIComponent(`is:pr head:${branch}`)}`;

export const commitLink = ({ webUrl }: Place, { name }: Pick<RepositoryView, "name">, sha: Sha): string =>
  `[${shortSha(sha)}](${webUrl}/${name}/commit/${sha})`;

/** GitHub's search for the issues of an owner whose deliveries wait for people; a merge may have closed one of them. */
export const waitingUrl = ({ webUrl }: Place, view: DeliveryView): string | null => {
  const { labels } = view.settings;
  if (labels === null) return null;
  const owner = view.issue.repository.split("/")[0] ?? "";
  const names = [labels.plan, labels.review, labels.needsHuman].map((name) => `"${name}"`).join(",");
  return `${webUrl}/issues?q=${encodeURIComponent(`is:issue user:${owner} label:${names}`)}`;
};
