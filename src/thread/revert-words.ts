// The words of a patch set that undoes a merge, for whoever makes one: commit message and pull request. Pure.
import { deliveryName, IssueNumber } from "../ids.ts";
import type { RevertWordsInput } from "../rollback/words-input.ts";
import { mayShow } from "./audience.ts";
import type { Place } from "./delivery-view.ts";
import { patchSetWords } from "./patch-set-words.ts";
import type { PullRequestText } from "./render/pull-request.ts";
import { type RevertFacts, revertText } from "./render/revert-text.ts";

const render = (place: Place, input: RevertWordsInput): PullRequestText => {
  const { assignment, parent, here, title, all, order, changes, violations } = input;
  const { repo, pullRequest, merge } = here;
  const home = assignment.repos.find(({ role }) => role === "primary");
  if (home === undefined) throw new Error(`${deliveryName(assignment.delivery.id)} has no primary repository`);
  const known = mayShow(home, repo);
  const issue: RevertFacts["issue"] = known
    ? { repository: home.name, number: IssueNumber.parse(assignment.issueNumber) }
    : null;
  return revertText({
    deliveryId: assignment.delivery.id,
    undoes: parent,
    repository: repo.name,
    pullRequest,
    title,
    merge,
    issue,
    order,
    files: changes,
    violations,
    // In the order in which they are to be merged, as far as they may be named here.
    siblings: all.filter((one) => one.repo.name === repo.name || mayShow(one.repo, repo)).map((one) => one.repo.name),
    place,
  });
};

export const revertWords = (place: Place) =>
  ({ render: (input: RevertWordsInput) => render(place, input), fits: patchSetWords(place).fits }) as const;
