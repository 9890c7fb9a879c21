// What happened, line by line: each stay in a phase and each decision of a person, in order of time.

import { codeIn } from "../../delivery/subjects.ts";
import { deliveryName, type RepoId } from "../../ids.ts";
import type { Instant } from "../../instant.ts";
import { codeSpan } from "../defuse.ts";
import type { DecisionView, DeliveryView, Place, StayView } from "../delivery-view.ts";
import { patchKey, planKey, shipKey } from "../key.ts";
import { command } from "../words/commands.ts";
import { commitLink, linkTo, pullLink } from "../words/links.ts";
import { between, joinWords, link, moment, person, span } from "../words/phrase.ts";
import { subjectName } from "../words/subject-name.ts";

type Line = Readonly<{ at: Instant; text: string }>;

const mergeCommits = (view: DeliveryView, place: Place): readonly string[] =>
  (view.observed?.merges ?? []).flatMap(({ repoId, commit }) => {
    const repository = view.repositories.find((one) => one.repoId === repoId);
    return repository === undefined || commit === null ? [] : [`merged as ${commitLink(place, repository, commit)}`];
  });

const rollbackOf = ({ undoneBy }: DeliveryView): readonly string[] =>
  undoneBy === undefined ? [] : [`rollback ${link(deliveryName(undoneBy.id), undoneBy.url)}`];

/** Each with its code. */
const approvedBy = (view: DeliveryView, { approved = [] }: DecisionView): string =>
  approved.length === 0
    ? ""
    : `: ${joinWords(
        approved.map(
          ({ kind, digest }) => `${subjectName(view, kind, digest)} (${codeSpan(codeIn(view.state, digest))})`,
        ),
        "and",
      )}`;

/** What a stay left, where people can look at it. */
const links = (view: DeliveryView, place: Place, { phase, enteredAt, leftAt }: StayView): readonly string[] => {
  const within = (at: Instant) => at >= enteredAt && (leftAt === null || at <= leftAt);
  const named = (repoId: RepoId) => view.repositories.find((one) => one.repoId === repoId)?.name ?? "";
  switch (phase) {
    case "plan":
      return view.plans
        .filter(({ madeAt }) => within(madeAt))
        .map((plan) => linkTo(view, planKey(plan), `plan ${plan.version}`));
    case "implement":
      return view.patchSets
        .filter(({ madeAt }) => within(madeAt))
        .map((made) => linkTo(view, patchKey(named(made.repoId), made), `patch set ${made.version}`));
    case "verify":
      return view.repositories.flatMap((one) =>
        one.pullRequest === null ? [] : [pullLink(place, one, one.pullRequest)],
      );
    case "deploy":
      return (view.ships ?? [])
        .filter(({ madeAt }) => within(madeAt))
        .map((ship) => linkTo(view, shipKey(ship), `merge ${ship.version}`));
    case "observe":
      return [...mergeCommits(view, place), ...rollbackOf(view)];
    default:
      return [];
  }
};

const stayText = (view: DeliveryView, place: Place, stay: StayView): string => {
  const { phase, enteredAt, leftAt, endedAs, reason } = stay;
  const how =
    endedAs === null || endedAs === "succeeded"
      ? ""
      : `, ${endedAs}${reason === null ? "" : ` (${reason.replaceAll("_", " ")})`}`;
  const left = links(view, place, stay);
  const time = leftAt === null ? "" : `, ${span(between(enteredAt, leftAt))}`;
  return `${phase}${time}${how}${left.length === 0 ? "" : `: ${left.join(", ")}`}`;
};

/** Lines of a very long delivery that are kept; the rest is in the ledger, and said to be. */
const MOST_LINES = 60;

export const historyLines = (view: DeliveryView, place: Place): readonly string[] => {
  const lines: Line[] = [
    {
      at: view.createdAt,
      text:
        view.undoes === undefined
          ? `label put on by ${person(view.requester)}`
          : `${command(view.settings.prefix, "rollback")} by ${person(view.requester)}`,
    },
    // A decision comes before the phase that it leads to.
    ...view.decisions.map((one) => ({
      at: one.at,
      text: `${command(view.settings.prefix, one.command)} by ${person(one.login)}${approvedBy(view, one)}`,
    })),
    ...view.stays.map((stay) => ({ at: stay.enteredAt, text: stayText(view, place, stay) })),
  ];
  const sorted = lines
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ at, text }) => `- ${moment(at)}: ${text}`);
  if (sorted.length <= MOST_LINES) return sorted;
  const left = sorted.length - MOST_LINES;
  return [`- ${left} earlier steps are in the ledger`, ...sorted.slice(left)];
};
