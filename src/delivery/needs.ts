// What an approval needs beside a number: somebody else than the requester, and owners of the paths. Pure.
import { z } from "zod";
import { Digest, UserId } from "../ids.ts";
import type { GateSubject } from "./delivery.ts";

/** Paths of a patch set that the same people own. */
export const OwnedPaths = z
  .object({
    /** The first of them, and how many there are. */
    path: z.string(),
    count: z.number().int().positive(),
    /** The owners as CODEOWNERS names them, and those of them that nobody can be told from: a mail address, a hidden team. */
    named: z.array(z.string()).readonly(),
    unknown: z.array(z.string()).readonly(),
  })
  .readonly();
export type OwnedPaths = z.infer<typeof OwnedPaths>;

/** Remembered with a patch set: of whom each group of paths has an approval, and who speaks for paths alone. */
export const Owners = z
  .object({
    paths: z
      .array(
        OwnedPaths.unwrap()
          .extend({ approvedBy: z.array(UserId).readonly() })
          .readonly(),
      )
      .readonly(),
    /** Owners who are no approvers: their approval counts for their paths, and not for the quorum. */
    pathsOnly: z.array(UserId).readonly(),
  })
  .readonly();
export type Owners = z.infer<typeof Owners>;

/** By today's configuration and roles, as far as they were read when the command was heard. */
export const Needs = z
  .object({
    /** As what the asker is heard: as an approver, or as an owner of paths who is none. */
    voice: z.enum(["approver", "owner"]),
    /** Somebody beside these people must approve too. */
    notAlone: z.array(UserId).readonly(),
    /** Approvals that were given earlier by people who may not give them any more. */
    lost: z.array(z.object({ digest: Digest, person: UserId }).readonly()).readonly(),
    /** Of each patch set that was there; null where nobody's ownership is asked for. */
    owners: z
      .array(
        z
          .object({
            digest: Digest,
            paths: z
              .array(
                OwnedPaths.unwrap()
                  .extend({ people: z.array(UserId).readonly() })
                  .readonly(),
              )
              .readonly(),
          })
          .readonly(),
      )
      .readonly()
      .nullable(),
  })
  .readonly();
export type Needs = z.infer<typeof Needs>;

/** Approvers alone, in the number that is asked for. */
export const ONLY_A_NUMBER: Needs = { voice: "approver", notAlone: [], lost: [], owners: null };

type Approved = Pick<GateSubject, "digest" | "approvals" | "owners" | "madeBy" | "pushedUnseen">;

/** People whose approvals count for the quorum. */
export const voicesOf = ({ approvals, owners }: Pick<GateSubject, "approvals" | "owners">): readonly UserId[] =>
  approvals.filter((person) => owners?.pathsOnly.includes(person) !== true);

export const isEnough = (subject: Approved, quorum: number, notAlone: readonly UserId[]): boolean => {
  const voices = voicesOf(subject);
  // Where two people are asked for, whoever made a commit is no second one.
  const alone = notAlone.length === 0 ? notAlone : [...notAlone, ...(subject.madeBy ?? [])];
  // Each push that nobody saw may be that of one of them: one more person, and one is left who did not push.
  const others = notAlone.length === 0 ? 1 : 1 + (subject.pushedUnseen ?? []).length;
  const isOwned = (subject.owners?.paths ?? []).every(({ approvedBy }) => approvedBy.length > 0);
  return voices.length >= quorum && voices.filter((person) => !alone.includes(person)).length >= others && isOwned;
};

/** Whether this person's approval, in this voice, would say nothing new. */
export const hasSpoken = (subject: Approved, person: UserId, voice: Needs["voice"]): boolean =>
  voice === "owner" ? subject.approvals.includes(person) : voicesOf(subject).includes(person);

export const lostOf = ({ digest, approvals }: Approved, { lost }: Needs): readonly UserId[] =>
  approvals.filter((person) => lost.some((each) => each.digest === digest && each.person === person));

/** Without the approvals that count no more. */
export const withoutLost = <S extends Approved>(subject: S, needs: Needs): S => {
  const gone = lostOf(subject, needs);
  if (gone.length === 0) return subject;
  const stays = (person: UserId): boolean => !gone.includes(person);
  const approvals = subject.approvals.filter(stays);
  if (subject.owners === undefined) return { ...subject, approvals };
  const paths = subject.owners.paths.map((each) => ({ ...each, approvedBy: each.approvedBy.filter(stays) }));
  return { ...subject, approvals, owners: { paths, pathsOnly: subject.owners.pathsOnly.filter(stays) } };
};

/** As it was before anybody approved it. */
export const unapproved = <S extends Approved>(subject: S): S & Readonly<{ approved: false }> => {
  const blank = { ...subject, approvals: [], approved: false as const };
  if (subject.owners === undefined) return blank;
  const paths = subject.owners.paths.map((each) => ({ ...each, approvedBy: [] }));
  return { ...blank, owners: { paths, pathsOnly: [] } };
};

/** With one approval more, and its owners as they are today. */
export const withApproval = <S extends Approved>(subject: S, person: UserId, { voice, owners }: Needs): S => {
  const approvals = [...new Set([...subject.approvals, person])];
  const before = (subject.owners?.pathsOnly ?? []).filter((each) => each !== person);
  const pathsOnly = voice === "owner" ? [...before, person] : before;
  const today = owners?.find(({ digest }) => digest === subject.digest)?.paths ?? [];
  const paths = today.map(({ people, ...each }) => ({
    ...each,
    approvedBy: approvals.filter((approver) => people.includes(approver)),
  }));
  const hasOwners = subject.owners !== undefined || paths.length > 0 || pathsOnly.length > 0;
  return hasOwners ? { ...subject, approvals, owners: { paths, pathsOnly } } : { ...subject, approvals };
};

/** Whether the person owns paths of what is to be approved. */
export const isOwner = (digest: Digest, person: UserId, { owners }: Needs): boolean =>
  owners?.some((each) => each.digest === digest && each.paths.some(({ people }) => people.includes(person))) === true;
