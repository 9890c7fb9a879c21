// As what somebody's approval counts today: as an approver's, as an owner's of some of the paths, or not at all.
import type { Gate } from "../config/gate-approvers.ts";
import type { OwnedBy } from "../owners/index.ts";
import {
  authorise,
  type KnownLogins,
  type Lists,
  mayWrite,
  type PeoplePort,
  type Person,
  type Place,
} from "./authorise.ts";

export type Voice = "approver" | "owner";

/** The repository of the issue, whose lists count, and the one that is approved for. */
export type Places = Readonly<{
  primary: Place;
  readPrimary: PeoplePort;
  target: Pick<Place, "repoId">;
  readTarget: PeoplePort;
}>;

export type VoiceRules = Readonly<{ lists: Lists; gate: Gate; known: KnownLogins }>;

/**
 * Of somebody who spoke before: that it was no app is told by what they said then. Owners need write access as everybody does, and
 * no place on a list. Throws GitHubError where trying again may tell.
 */
export const voiceOf = async (
  { primary, readPrimary, target, readTarget }: Places,
  person: Person,
  { lists, gate, known }: VoiceRules,
  owned: readonly OwnedBy[],
): Promise<Voice | null> => {
  const standing = await authorise(readPrimary, { ...person, type: "User", viaAppId: null }, primary, lists, known);
  if (standing.kind === "stranger") return null;
  if (target.repoId !== primary.repoId && !(await mayWrite(readTarget, person, target.repoId))) return null;
  if (standing.kind === "approver" && standing.gates.includes(gate)) return "approver";
  return owned.some(({ people }) => people.includes(person.id)) ? "owner" : null;
};
