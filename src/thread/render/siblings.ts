// The part of a pull request's text that names the others of its delivery: by repository and branch, since they have no number yet.
import type { PlanDocument } from "../../artifacts/plan.ts";
import { codeSpan } from "../defuse.ts";
import type { Place } from "../delivery-view.ts";
import { pullsOfBranch } from "../words/links.ts";
import { orderOf } from "../words/order.ts";
import { joinWords, link, sentences } from "../words/phrase.ts";

export type SiblingFacts = Readonly<{
  place: Place;
  /** owner/name of the repository whose pull request it is. */
  repository: string;
  /** All that get a pull request and may be named here, this one among them, in the order in which they are opened. */
  all: readonly string[];
  branch: string;
  /** Empty tasks tell no order. */
  plan: Pick<PlanDocument, "tasks">;
}>;

const names = (all: readonly string[]): string => joinWords(all.map(codeSpan), "and");

const order = ({ plan, repository, all }: SiblingFacts): string => {
  const { after, before, together } = orderOf(plan, repository, all);
  const rest = after.length + before.length + together.length;
  return sentences(
    after.length === 0 ? null : `Merge this one after ${names(after)}: it stands on what is done there.`,
    before.length === 0 ? null : `Merge this one before ${names(before)}: what is done there stands on it.`,
    together.length === 0 ? null : `Merge this one together with ${names(together)}: each stands on the other.`,
    rest === 0 ? "None stands on another, as far as the plan says." : null,
  );
};

/** Null where it is the only one that may be named. */
export const siblings = (facts: SiblingFacts): string | null => {
  const { place, repository, all, branch } = facts;
  if (all.length < 2) return null;
  const items = all.map((name, index) => {
    const where = `${index + 1}. ${codeSpan(name)}`;
    return name === repository
      ? `${where}: this one`
      : `${where}: ${link("its pull request", pullsOfBranch(place, name, branch))}, from branch ${codeSpan(branch)}`;
  });
  return [
    "One delivery changes these repositories. Their pull requests are opened in this order, once all of them are approved:",
    items.join("\n"),
    order(facts),
  ].join("\n\n");
};
