// How far an open gate is: who approved it, and whose approval is still missing.

import { type Owners, voicesOf } from "../../delivery/needs.ts";
import { subjectsIn } from "../../delivery/subjects.ts";
import type { Digest } from "../../ids.ts";
import { codeSpan } from "../defuse.ts";
import type { DeliveryView } from "../delivery-view.ts";
import { linesWithin } from "../words/lists.ts";
import { count, joinWords, people, person, sentences } from "../words/phrase.ts";
import type { GateLife } from "./gate-life.ts";

/** Of a comment that has more to say. */
const LONGEST_LIST = 2_000;

type OwnedPaths = Owners["paths"][number];

const subjectOf = (view: DeliveryView, digest: Digest) =>
  subjectsIn(view.state).find(({ subject }) => subject.digest === digest)?.subject ?? null;

/** "`src/slug.ts` and 2 other paths" */
const paths = ({ path, count: all }: OwnedPaths): string =>
  all === 1 ? codeSpan(path) : `${codeSpan(path)} and ${count(all - 1, "other path")}`;

const ownersLine = (owned: OwnedPaths): string => {
  const known = owned.named.filter((name) => !owned.unknown.includes(name)).map(codeSpan);
  const hidden = owned.unknown.map(codeSpan);
  const untold =
    hidden.length === 0 ? "" : `${joinWords(hidden, "and")} is no account or team that GitHub shows the app`;
  return `- ${paths(owned)}: ${[joinWords(known, "or"), untold].filter((part) => part !== "").join("; ")}`;
};

const missingOwners = (view: DeliveryView, digest: Digest): readonly OwnedPaths[] =>
  (subjectOf(view, digest)?.owners?.paths ?? []).filter(({ approvedBy }) => approvedBy.length === 0);

/** Null where no owner is missing. */
export const ownersWanted = (view: DeliveryView, digest: Digest): string | null => {
  const missing = missingOwners(view, digest);
  if (missing.length === 0) return null;
  const lines = linesWithin(missing.map(ownersLine), LONGEST_LIST);
  return `An owner of these paths must approve too (CODEOWNERS of the default branch):\n\n${lines}`;
};

/** Rule 5: what is missing is said while it is missing, also before anybody approved. */
const someoneElse = (view: DeliveryView, digest: Digest): string | null => {
  if (view.settings.requester === "counts") return null;
  const subject = subjectOf(view, digest);
  const voices = subject === null ? [] : voicesOf(subject);
  if (voices.some((id) => id !== view.requesterId)) return null;
  return voices.length === 0
    ? `${person(view.requester)} asked for this, so somebody else must approve it too.`
    : `The approval of ${person(view.requester)}, who asked for this, is not enough: somebody else must approve it too.`;
};

/** Empty where one approval is all that is needed. */
export const progressOf = (view: DeliveryView, digest: Digest, life: GateLife & { kind: "open" }): string => {
  const { have, quorum } = life;
  const subject = subjectOf(view, digest);
  const voices = subject === null ? 0 : voicesOf(subject).length;
  const names = people(have.map(({ login }) => login));
  const pathsOnly = have.length > voices ? "Owners who are not approvers count for their paths alone." : null;
  return sentences(
    have.length === 0
      ? quorum === 1
        ? null
        : `${quorum} approvals are needed.`
      : quorum === 1 && voices === have.length
        ? `Approved by ${names}.`
        : `Approved by ${names}: ${voices} of ${quorum}.`,
    pathsOnly,
    someoneElse(view, digest),
  );
};

/** For the status comment, in one sentence or two; null where only the number is missing. */
export const missingWords = (view: DeliveryView, digests: readonly Digest[]): string | null => {
  const parts = digests.flatMap((digest) => {
    const owned = missingOwners(view, digest);
    const [first] = owned;
    const more = owned.length > 1 ? `, and of ${count(owned.length - 1, "other group")} of paths` : "";
    const owner = first === undefined ? null : `An owner of ${paths(first)} must approve too${more}.`;
    return [someoneElse(view, digest), owner].filter((part) => part !== null);
  });
  return parts.length === 0 ? null : [...new Set(parts)].join(" ");
};
