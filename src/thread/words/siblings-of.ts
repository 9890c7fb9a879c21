// What became of the other repositories of a delivery, said beside a pull request of it: which stand, and which do not yet.
import { isTerminal } from "../../delivery/delivery.ts";
import { deliveryName } from "../../ids.ts";
import { namedIn } from "../audience.ts";
import { codeSpan } from "../defuse.ts";
import type { DeliveryView, Place, RepositoryView } from "../delivery-view.ts";
import { pullLink } from "./links.ts";
import { joinWords, sentences } from "./phrase.ts";

/** Those that may be named beside this pull request and have a part in what is written. */
const others = (view: DeliveryView, repository: RepositoryView): readonly RepositoryView[] =>
  namedIn(view.repositories, repository).filter(({ repoId }) =>
    view.state.targets.some((target) => target.repoId === repoId && (target.patchSet ?? target.written) !== null),
  );

const notOpen = (view: DeliveryView, repository: RepositoryView): readonly RepositoryView[] =>
  others(view, repository).filter(({ pullRequest }) => pullRequest === null);

/** For a title. Null where all of them stand. */
export const siblingsMissing = (view: DeliveryView, repository: RepositoryView): string | null =>
  notOpen(view, repository).length === 0
    ? null
    : `others of this delivery ${isTerminal(view.state) ? "were not opened" : "are not open yet"}`;

/** Null where no other may be named, or none has anything to write. */
export const siblingsOf = (view: DeliveryView, place: Place, repository: RepositoryView): string | null => {
  const opened = others(view, repository).flatMap((one) =>
    one.pullRequest === null ? [] : [pullLink(place, one, one.pullRequest)],
  );
  const missing = notOpen(view, repository).map(({ name }) => codeSpan(name));
  if (opened.length + missing.length === 0) return null;
  return sentences(
    opened.length === 0 ? null : `It belongs together with ${joinWords(opened, "and")}.`,
    missing.length === 0
      ? null
      : isTerminal(view.state)
        ? `Never opened: the pull request in ${joinWords(missing, "and")}. ${deliveryName(view.id)} ended before it.`
        : `Not open yet: the pull request in ${joinWords(missing, "and")}. Hold this one until it is.`,
  );
};
