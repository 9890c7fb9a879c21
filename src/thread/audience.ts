// Who reads along: what of a delivery may stand in each repository's check runs and pull requests, and in the issue's thread. Pure.
import { haveOutgrown, isMoreVisible, type Visibility } from "../visibility.ts";
import type { DeliveryView, RepositoryView } from "./delivery-view.ts";
import type { PatchSetView } from "./proposal-view.ts";

type Seen = Readonly<{ visibility: Visibility }>;

/** Whether what lives in `home` may be shown in `place`. */
export const mayShow = (home: Seen, place: Seen): boolean => !isMoreVisible(place.visibility, home.visibility);

/** Whether the issue, its plan and its thread may be spoken of in this repository. */
export const knowsIssue = ({ issue }: Pick<DeliveryView, "issue">, repository: Seen): boolean =>
  mayShow(issue, repository);

/** Whether more people see the repository of a patch set now than those for whom its words were chosen. */
export const saysTooMuch = ({ repositories }: Pick<DeliveryView, "repositories">, patchSet: PatchSetView): boolean =>
  haveOutgrown(
    patchSet.repoId,
    patchSet.visibilities,
    new Map(repositories.map((one) => [one.repoId, one.visibility])),
  );

/** The other repositories of the delivery that may be named in this one. */
export const namedIn = <R extends Pick<RepositoryView, "name" | "visibility">>(
  repositories: readonly R[],
  repository: Pick<R, "name" | "visibility">,
): readonly R[] => repositories.filter((one) => one.name !== repository.name && mayShow(one, repository));

/**
 * Whether the issue is seen by more people than some repository that takes part. Admission refuses that, so somebody changed
 * it since: then nothing of the delivery is shown on the issue.
 */
export const isTooVisible = ({ issue, repositories }: Pick<DeliveryView, "issue" | "repositories">): boolean =>
  repositories.some((repository) => !mayShow(repository, issue));

/** Whether nothing is asked of anybody now: a hold stands, or more people see the issue than may. */
export const isPaused = (view: Pick<DeliveryView, "state" | "issue" | "repositories">): boolean =>
  view.state.holds.length > 0 || isTooVisible(view);
