// How words and clicks come to the machine here: once each, from people who may, as they were posted, by the rules of now.

import type { Ask } from "../../../src/delivery/event.ts";
import type { Needs } from "../../../src/delivery/needs.ts";
import { subjectsIn } from "../../../src/delivery/subjects.ts";
import { CheckRunId, CommandId, CommentId, type Digest, type RepoId, type UserId } from "../../../src/ids.ts";
import { tell } from "./books.ts";
import { at, isApprover, mayWriteTo, OWNER, REQUESTER, type Said, type Town } from "./town.ts";

const repositoryOf = (town: Town, digest: Digest): RepoId | null => town.contents.get(digest)?.repoId ?? null;

/** Whether an earlier approval would still be heard. */
export const mayStill = (town: Town, person: UserId, digest: Digest): boolean => {
  const repoId = repositoryOf(town, digest);
  if (repoId !== null && !mayWriteTo(town, repoId, person)) return false;
  return town.today.approvers.has(person) || (isOwnerHere(town, digest) && person === OWNER.id);
};

const isOwnerHere = ({ today, contents }: Town, digest: Digest): boolean =>
  today.ownersCount && contents.get(digest)?.isOwned === true;

const OWNED = { path: "docs/guide.md", count: 1, named: ["@dana"], unknown: [] } as const;

export const ownedPaths = (town: Town, digest: Digest) => (isOwnerHere(town, digest) ? [OWNED] : []);

const needsOf = (town: Town, said: Said): Needs => ({
  voice: isApprover(town, said.by) ? "approver" : "owner",
  notAlone: town.today.notAlone ? [REQUESTER.id] : [],
  lost: town.rows
    .filter(({ voided, person, digest }) => !voided && !mayStill(town, person, digest))
    .map(({ person, digest }) => ({ person, digest })),
  owners: town.today.ownersCount
    ? subjectsIn(town.d)
        .filter(({ ref }) => ref.kind === "patchset")
        .map(({ ref: { digest } }) => ({
          digest,
          paths: ownedPaths(town, digest).map((each) => ({ ...each, people: [OWNER.id] })),
        }))
    : null,
});

const askOf = (town: Town, said: Said): Ask => {
  const { verb, target, code } = said;
  const repository = target === "all" || target === "plan" ? null : target;
  switch (verb) {
    case "approve": {
      const { quorum, codeRequired, ttl } = town.today;
      return {
        name: "approve",
        target: target === "plan" ? null : target,
        code,
        quorum,
        codeRequired,
        needs: needsOf(town, said),
        ...(ttl === undefined ? {} : { ttl }),
      };
    }
    case "reject":
      return { name: "reject", target: repository, why: null };
    case "revise":
      return { name: "revise", target: target === "all" ? null : target, feedback: "smaller" };
    case "retry":
      return { name: "retry", causeGone: null };
    case "cancel":
    case "hold":
    case "resume":
    case "plan":
      return { name: verb };
  }
};

/** Repositories that the words are about. */
const meant = (town: Town, { target, verb }: Said): readonly RepoId[] => {
  if (target !== null && target !== "all" && target !== "plan") return [target];
  return verb === "approve" ? town.d.targets.map(({ repoId }) => repoId) : [];
};

const hasVoice = (town: Town, said: Said): boolean => {
  if (isApprover(town, said.by)) return true;
  const owns = subjectsIn(town.d).some(({ ref }) => isOwnerHere(town, ref.digest));
  return said.by.id === OWNER.id && said.verb === "approve" && owns;
};

/** A panel of the open gate that no longer says what we wrote. */
export const tampered = (town: Town): readonly Digest[] =>
  subjectsIn(town.d)
    .map(({ ref }) => ref.digest)
    .filter((digest) => town.panels.get(digest)?.isOurs === false);

export const reportTampering = (town: Town, digest: Digest): void => {
  tell(town, { type: "gate_tampered", repoId: repositoryOf(town, digest), note: "edited" });
};

/** GitHub tells us of a comment or a click. */
export const hear = (town: Town, said: Said): void => {
  if (said.isHeard) return;
  said.isHeard = true;
  if (said.state !== "as posted" && said.kind === "comment" && town.sabotage !== "edited") return;
  if (town.sabotage !== "authority") {
    if (!hasVoice(town, said)) return;
    if (meant(town, said).some((repoId) => !mayWriteTo(town, repoId, said.by.id))) return;
  }
  if (said.verb === "approve" && town.sabotage !== "tampered") {
    const hit = tampered(town);
    if (hit.length > 0) {
      for (const digest of hit) reportTampering(town, digest);
      return;
    }
  }
  const origin =
    said.kind === "comment"
      ? { kind: "comment" as const, commentId: CommentId.parse(said.id), writtenAt: at(said.at) }
      : { kind: "button" as const, checkRunId: CheckRunId.parse(said.id), clickedAt: at(said.at) };
  tell(town, { type: "command", commandId: CommandId.parse(said.id), ask: askOf(town, said), origin }, said);
};
