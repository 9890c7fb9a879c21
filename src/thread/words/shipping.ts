// Merges, deployments, previews, and what stands between a green pull request and its merge, in words.

import { unreachable } from "../../result.ts";
import type { MergeMethod } from "../../shipping/content.ts";
import type { Missing, Preview, PullReadiness } from "../../shipping/readiness.ts";
import { codeSpan } from "../defuse.ts";
import type { BrokenView, DeliveryView, Place } from "../delivery-view.ts";
import { checksWords, ENDED } from "./checks.ts";
import { commitLink, pullLink } from "./links.ts";
import { linesWithin } from "./lists.ts";
import { count, joinWords, link, moment, person, sentences, span } from "./phrase.ts";

export const METHOD_WORDS: Readonly<Record<MergeMethod, string>> = {
  merge: "as a merge commit",
  squash: "squashed into one commit",
  rebase: "rebased",
};

/** What people have to do, or what is waited for. */
const missingWords = (missing: Missing): string => {
  switch (missing.kind) {
    case "draft":
      return "it is a draft; somebody must mark it as ready";
    case "conflicts":
      return "it conflicts with its base branch";
    case "computing":
      return "GitHub has not said yet whether it can be merged";
    case "behind":
      return "its branch must be brought up to date with its base";
    case "reviews":
      return `it has ${missing.have} of the ${count(missing.need, "approving review")} that its base branch asks for`;
    case "changes_requested":
      return `${joinWords(missing.by.map(person), "and")} requested changes in a review`;
    case "checks":
      return missing.names.length === 0
        ? "its checks are not green"
        : `${joinWords(missing.names.slice(0, 5).map(codeSpan), "and")} ${missing.names.length === 1 ? "is" : "are"} not green`;
    case "blocked":
      return "a rule of its base branch blocks it, which GitHub does not show the app";
    case "queue":
      return "its base branch has a merge queue, so merging it is yours";
    case "left_to_people":
      return "its repository leaves merging to people (`exit_phase`), so merging it is yours";
    case "configuration":
      return "its repository's configuration cannot be read";
    default:
      return unreachable(missing);
  }
};

const pullOf = (
  view: DeliveryView,
  place: Place,
  { repoId, pullRequest }: Pick<PullReadiness, "repoId" | "pullRequest">,
) => {
  const repository = view.repositories.find((one) => one.repoId === repoId);
  return repository === undefined ? `#${pullRequest}` : pullLink(place, repository, pullRequest);
};

/** "Not yet: acme/shop#57: it is a draft." Null where nothing is known to be missing. */
export const notReadyWords = (view: DeliveryView, place: Place): string | null => {
  const open = view.readiness?.pulls.filter(({ missing }) => missing.length > 0) ?? [];
  if (open.length === 0) return null;
  return `Not ready to merge yet: ${open
    .map((pull) => `${pullOf(view, place, pull)}: ${joinWords(pull.missing.map(missingWords), "and")}`)
    .join("; ")}.`;
};

const MOST_REVIEWERS = 10;

/** What was found before it was put to people: "Checks: 4 passed. Reviews: `mona` approves." */
export const readyWords = (view: DeliveryView, place: Place): string | null => {
  const looked = (view.readiness?.pulls ?? []).flatMap((pull) =>
    pull.approvedBy === undefined ? [] : [{ pull, by: pull.approvedBy }],
  );
  const reviews = looked.map(({ pull, by }) => {
    const of = looked.length < 2 ? "" : ` ${pullOf(view, place, pull)}`;
    if (by.length === 0) return `none approves${of}`;
    const first = by.slice(0, MOST_REVIEWERS).map(person);
    const all = by.length > first.length ? [...first, `${by.length - first.length} more`] : first;
    return `${joinWords(all, "and")} ${by.length === 1 ? "approves" : "approve"}${of}`;
  });
  const checks = checksWords(view);
  if (checks === null && reviews.length === 0) return null;
  return sentences(
    checks === null ? null : `Checks: ${checks}`,
    reviews.length === 0 ? null : `Reviews: ${reviews.join("; ")}.`,
  );
};

const STATES: Readonly<Record<string, string>> = {
  queued: "queued",
  pending: "not started",
  in_progress: "under way",
  success: "ready",
  failure: "failed",
  error: "failed",
  inactive: "replaced by a newer one",
};

/** An address of somebody else's: linked only where it holds nothing that Markdown would take for its own. */
const LINKABLE = /^https:\/\/([a-z0-9.-]+(?::\d+)?)(?:\/[\w\-./~%?=&#+:@]*)?$/i;

const addressWords = (url: string | null): string => {
  if (url === null || url.length > 300) return "";
  const host = LINKABLE.exec(url)?.[1];
  return host === undefined ? `: ${codeSpan(url)}` : `: ${link(host, url)}`;
};

const LONGEST_LIST = 4_000;
const MOST_BROKEN = 10;

const deployed = ({ environment, state, url }: Pick<Preview, "environment" | "state" | "url">): string =>
  `${codeSpan(environment)} ${STATES[state] ?? "under way"}${addressWords(url)}`;

/** A list of what providers deployed of the heads; null where there is nothing. */
export const previewList = (view: DeliveryView, place: Place): string | null => {
  const lines = (view.readiness?.pulls ?? []).flatMap((pull) =>
    (pull.previews ?? []).map(
      (preview) =>
        `- ${pullOf(view, place, pull)}, ${deployed(preview)} (${person(preview.by)}, ${moment(preview.at)})`,
    ),
  );
  return lines.length === 0 ? null : `**Previews**\n\n${linesWithin(lines, LONGEST_LIST)}`;
};

/** "acme/shop#57 was merged as `4be1c02`": each that was watched, with what its merge made. Null before a look. */
export const mergedAs = (view: DeliveryView, place: Place): string | null => {
  const merged = (view.observed?.merges ?? []).flatMap(({ repoId, commit }, index) => {
    const repository = view.repositories.find((one) => one.repoId === repoId);
    if (repository?.pullRequest == null) return [];
    const made = commit === null ? "" : ` as ${commitLink(place, repository, commit)}`;
    return [`${pullLink(place, repository, repository.pullRequest)}${index === 0 ? " was merged" : ""}${made}`];
  });
  return merged.length === 0 ? null : joinWords(merged, "and");
};

const brokenWords = ({ what, name, said, url }: BrokenView): string => {
  const how = what === "check" ? ENDED[said] : undefined;
  const which = what === "check" ? "check" : "the deployment to";
  return `${which} ${codeSpan(name)} failed${how === undefined ? "" : ` (${how})`}${addressWords(url)}`;
};

/** What broke on which merge. Null where nothing is known of it but what the event said. */
export const regressionWords = (view: DeliveryView, place: Place): string | null => {
  const found = (view.observed?.merges ?? []).flatMap(({ repoId, commit, broken }) => {
    const repository = view.repositories.find((one) => one.repoId === repoId);
    if (repository?.pullRequest == null || broken.length === 0) return [];
    const pull = pullLink(place, repository, repository.pullRequest);
    const where =
      commit === null
        ? `After the merge of ${pull}`
        : `On ${commitLink(place, repository, commit)}, which merged ${pull}`;
    const named = broken.slice(0, MOST_BROKEN).map(brokenWords);
    const more = broken.length - named.length;
    return [`${where}: ${[...named, ...(more > 0 ? [`${more} more`] : [])].join("; ")}.`];
  });
  return found.length === 0 ? null : sentences(...found);
};

/** What is watched after the merge, by the newest look; null before one. */
export const observedWords = (view: DeliveryView): string | null => {
  const { observed } = view;
  if (observed == null) return null;
  const deployments = observed.deployments.map(deployed);
  const { passed, failed, waiting } = observed.checks;
  const checks = [
    failed > 0 ? `${count(failed, "check")} red` : "",
    waiting > 0 ? `${count(waiting, "check")} under way` : "",
    passed > 0 ? `${count(passed, "check")} green` : "",
  ].filter((part) => part !== "");
  return sentences(
    checks.length === 0 ? "No check has run on what was merged." : `On what was merged: ${checks.join(", ")}.`,
    deployments.length === 0 ? null : `Deployments: ${deployments.join("; ")}.`,
  );
};

/** How long, and from when. */
export const windowWords = (view: DeliveryView): string | null => {
  const { observed } = view;
  if (observed == null) return null;
  return observed.windowSeconds === 0
    ? "It is over as soon as all of it is finished."
    : `It is watched for ${span(observed.windowSeconds * 1000)} from ${moment(observed.since)}.`;
};
