// What of a delivery stands in repositories, in words: its pull requests, and whether anything was written at all.
import { codeSpan } from "../defuse.ts";
import type { DeliveryView, Place, RepositoryView } from "../delivery-view.ts";
import { pullLink } from "./links.ts";
import { joinWords, link, sentences } from "./phrase.ts";

const opened = (view: DeliveryView) =>
  view.repositories.flatMap((repository) =>
    repository.pullRequest === null ? [] : [{ repository, pullRequest: repository.pullRequest }],
  );

/** The pull requests that stand, linked: "acme/shop#57 and acme/api#8". `which`: only those of some repositories. */
export const pulls = (
  view: DeliveryView,
  place: Place,
  which: (repository: RepositoryView) => boolean = () => true,
): string =>
  joinWords(
    opened(view)
      .filter(({ repository }) => which(repository))
      .map(({ repository, pullRequest }) => pullLink(place, repository, pullRequest)),
    "and",
  );

/** Those whose head somebody pushed to; where none is known, one of all. */
export const strayPulls = (view: DeliveryView, place: Place): string =>
  pulls(view, place, ({ repoId }) =>
    view.state.targets.some((target) => target.repoId === repoId && target.strayHead?.approved === false),
  ) || onePull(view, place);

/** Those with a failed check; where none is known, all. */
export const redPulls = (view: DeliveryView, place: Place): string =>
  pulls(view, place, ({ repoId }) =>
    (view.checks ?? []).some((check) => check.repoId === repoId && check.meaning === "failed"),
  ) || pulls(view, place);

/** The state does not say which of several it is. */
export const onePull = (view: DeliveryView, place: Place): string => {
  const all = pulls(view, place);
  if (all === "") return "The pull request";
  return opened(view).length === 1 ? all : `One of ${all}`;
};

export const stayOpen = (view: DeliveryView): string => {
  const { length } = opened(view);
  if (length === 0) return "";
  return length === 1 ? "The pull request stays open and is yours." : "The pull requests stay open and are yours.";
};

export const checkPages = (view: DeliveryView, { webUrl }: Place): string => {
  const pages = opened(view).map(({ repository: { name }, pullRequest }) =>
    link(`checks of ${name}#${pullRequest}`, `${webUrl}/${name}/pull/${pullRequest}/checks`),
  );
  return pages.length === 0 ? "" : `See the ${joinWords(pages, "and")}.`;
};

/** A branch that only may stand is reason enough not to say that nothing was written. */
export const isWritten = (view: DeliveryView): boolean =>
  view.state.targets.some((target) => target.written !== null) ||
  view.repositories.some(({ branch }) => branch !== null);

/** Everything that was written has been merged. */
export const isMerged = (view: DeliveryView): boolean => {
  const written = view.state.targets.filter((target) => target.written !== null);
  return written.length > 0 && written.every(({ landed }) => landed === "merged");
};

/** Rule 5: said as long as it is true. */
export const nothingWritten = (view: DeliveryView): string => {
  if (isWritten(view)) return "";
  return view.repositories.length > 1
    ? "Nothing has been written to any repository."
    : "Nothing has been written to the repository.";
};

/** What of a write that was stopped stands, and what does not. Null where nothing stands. */
export const writtenInPart = (view: DeliveryView, place: Place): string | null => {
  const unwritten = view.repositories.filter(({ repoId }) =>
    view.state.targets.some(({ repoId: id, patchSet }) => id === repoId && patchSet !== null && !patchSet.written),
  );
  const open = pulls(view, place, (one) => !unwritten.includes(one));
  const pushed = unwritten.filter(({ branch, pullRequest }) => branch?.stands === "yes" && pullRequest === null);
  if (unwritten.length === 0 || (open === "" && pushed.length === 0)) return null;
  const missing = unwritten.map((one) =>
    pushed.includes(one)
      ? `${codeSpan(one.name)} (branch ${codeSpan(one.branch?.name ?? "")} is pushed)`
      : codeSpan(one.name),
  );
  return sentences(open === "" ? null : `Opened: ${open}.`, `Not opened: ${joinWords(missing, "and")}.`);
};

/** GitHub holds workflows back until somebody lets them run. */
export const checksHeld = (view: DeliveryView, place: Place): string =>
  `**Checks have not started.** GitHub waits for a maintainer to press *Approve and run* on ${pulls(view, place)}.`;

/** Null where the words of all that are not merged are those that were approved. */
export const rewordedWords = (view: DeliveryView, place: Place): string | null => {
  const changed = (view.reworded ?? []).filter(({ repoId }) =>
    view.state.targets.some((target) => target.repoId === repoId && target.landed === "no"),
  );
  const sentencesOf = changed.map(({ repoId, what }) => {
    const which = pulls(view, place, (repository) => repository.repoId === repoId);
    const [words, are] = what.length === 2 ? ["title and the text", "are"] : [what[0] ?? "text", "is"];
    return `The ${words} of ${which} ${are} not what was approved: somebody edited ${are === "are" ? "them" : "it"} on GitHub. Its commits are untouched.`;
  });
  return sentencesOf.length === 0 ? null : sentencesOf.join(" ");
};

/** Null where none of those that are to be merged is a draft. */
export const draftWords = (view: DeliveryView, place: Place): string | null => {
  const drafts = view.drafts ?? [];
  const open = view.state.targets.filter(({ repoId, landed }) => landed === "no" && drafts.includes(repoId));
  if (open.length === 0) return null;
  const which = pulls(view, place, ({ repoId }) => open.some((target) => target.repoId === repoId));
  return `${which} ${open.length === 1 ? "is a draft" : "are drafts"}: somebody must mark ${open.length === 1 ? "it" : "them"} as ready before ${open.length === 1 ? "it" : "they"} can be merged.`;
};
