// Where the conversation is, said in a repository's check runs; nothing where people who must not know of the issue read along.
import { knowsIssue } from "../audience.ts";
import type { DeliveryView, Place, RepositoryView } from "../delivery-view.ts";
import { issueUrl } from "./links.ts";
import { link } from "./phrase.ts";

/** `acme/shop#12`, linked. Null where more people see the repository than the issue. */
export const issueLink = (
  view: DeliveryView,
  place: Place,
  where: Pick<RepositoryView, "visibility">,
): string | null => {
  const { repository, number } = view.issue;
  return knowsIssue(view, where) ? link(`${repository}#${number}`, issueUrl(place, repository, number)) : null;
};

export const conversation = (
  view: DeliveryView,
  place: Place,
  where: Pick<RepositoryView, "visibility">,
): string | null => {
  const issue = issueLink(view, place, where);
  return issue === null ? null : `The conversation is on ${issue}.`;
};
