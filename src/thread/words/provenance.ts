// What was found in a head or a merge, in words: which files differ from what was approved, whose commits, and what was merged.
import type { Difference } from "../../provenance/judge.ts";
import type { Judged, Unproven } from "../../provenance/verdict.ts";
import { unreachable } from "../../result.ts";
import { codeSpan } from "../defuse.ts";
import type { DeliveryView, Place } from "../delivery-view.ts";
import { commitLink, pullLink } from "./links.ts";
import { linesWithin } from "./lists.ts";
import { count, joinWords, person, sentences, shortSha } from "./phrase.ts";

const what = ({ what: kind, approved, found }: Difference): string => {
  switch (kind) {
    case "not_approved":
      return found === null ? "removed, which nobody approved" : "changed, which nobody approved";
    case "missing":
      return "approved, and not changed here";
    case "content":
      return found === null ? "removed, approved with other content" : "other content than approved";
    case "mode":
      return `mode ${codeSpan(found?.mode ?? "")}, approved with ${codeSpan(approved?.mode ?? "")}`;
    case "base_changed":
      return "as approved, but the base has other content there now, which this would undo";
    default:
      return unreachable(kind);
  }
};

/** A check run's summary has room for as much beside its other words. */
const LONGEST = 20_000;

export const differenceList = ({ verdict }: Judged): string | null => {
  if (verdict.kind !== "unapproved") return null;
  const lines = verdict.differences.map((each) => `- ${codeSpan(each.path)}: ${what(each)}`);
  const more = verdict.count - verdict.differences.length;
  return linesWithin(more > 0 ? [...lines, `- and ${count(more, "more file")}`] : lines, LONGEST);
};

/** Logins are those of the accounts that the commits' addresses belong to. */
export const commitList = ({ commits, complete }: Judged): string | null => {
  const lines = commits.map(({ sha, author }) => `- ${shortSha(sha)}${author === null ? "" : ` by ${person(author)}`}`);
  const all = complete ? lines : [...lines, "- and more than GitHub lists"];
  return all.length === 0 ? null : linesWithin(all, LONGEST);
};

export const whyUnproven = (why: Unproven): string => {
  switch (why) {
    case "truncated":
      return "GitHub cut a folder's list short, so the comparison is not whole.";
    case "other_tree":
      return "A folder's list is not the one that its commit names, so the comparison cannot be trusted.";
    case "too_large":
      return "It changes more files than can be compared.";
    case "no_common_history":
      return "It has no history in common with the base, or the base is gone.";
    case "gone":
      return "A commit that the comparison needs cannot be read.";
    case "records":
      return "The records of what was approved are not whole.";
    default:
      return unreachable(why);
  }
};

/** Something was merged that is not what was approved, or not known to be. */
export const isMergedAmiss = ({ provenance }: DeliveryView): boolean =>
  provenance.some(({ judged }) => judged.kind === "merge" && judged.verdict.kind !== "approved");

/** What became of the base in each repository where somebody merged. Null where nothing was merged. */
export const mergedWords = (view: DeliveryView, place: Place): string | null => {
  const said = view.provenance.flatMap(({ repoId, judged }) => {
    const repository = view.repositories.find((one) => one.repoId === repoId);
    if (judged.kind !== "merge" || repository?.pullRequest == null) return [];
    const pull = pullLink(place, repository, repository.pullRequest);
    const commit = commitLink(place, repository, judged.commit);
    const { verdict } = judged;
    switch (verdict.kind) {
      case "approved":
        return [`What ${pull} merged (${commit}) is exactly what was approved.`];
      case "unapproved": {
        const names = verdict.differences.slice(0, 5).map(({ path }) => codeSpan(path));
        const more = verdict.count - names.length;
        const files = joinWords(more > 0 ? [...names, `${more} more`] : names, "and");
        return [`What ${pull} merged (${commit}) is not what was approved: it differs in ${files}.`];
      }
      case "unproven":
        return [`What ${pull} merged (${commit}) could not be compared. ${whyUnproven(verdict.why)}`];
      default:
        return unreachable(verdict);
    }
  });
  return said.length === 0 ? null : sentences(...said);
};
