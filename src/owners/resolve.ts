// Owners' names become numbers: people by who bears the login now, teams by their members now.
import type { OwnedPaths } from "../delivery/needs.ts";
import { GitHubError } from "../github/errors.ts";
import type { Account, Reading } from "../github/reading.ts";
import type { UserId } from "../ids.ts";
import type { Group } from "./groups.ts";
import { type Owner, ownerName } from "./parse.ts";

export type PeoplePort = Pick<Reading, "accountByLogin" | "teamMembers">;

export type OwnedBy = OwnedPaths & Readonly<{ people: readonly UserId[] }>;

/** Null where GitHub does not tell, and will not the next time either. */
const orUnknown = async (asked: Promise<readonly Account[]>): Promise<readonly Account[] | null> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof GitHubError && ["forbidden", "not_found", "unprocessable"].includes(error.code)) return null;
    throw error;
  }
};

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const accountsOf = async (
  github: PeoplePort,
  owner: Owner,
  organization: string,
): Promise<readonly Account[] | null> => {
  switch (owner.kind) {
    case "mail":
      return null;
    case "user": {
      const account = await github.accountByLogin(owner.login);
      return account === null || account.type !== "User" ? null : [account];
    }
    case "team":
      // A team of another organization owns nothing here, by GitHub's rule too.
      if (!sameName(owner.organization, organization)) return null;
      return orUnknown(github.teamMembers(organization, owner.slug).then(({ items }) => items));
  }
};

/**
 * `organization` owns the repository. Whoever cannot be told is named as unknown and approves nothing; a team that is cut short
 * lets in whom it shows. Throws GitHubError where trying again may tell.
 */
export const resolveOwners = async (
  github: PeoplePort,
  groups: readonly Group[],
  organization: string,
): Promise<readonly OwnedBy[]> => {
  const asked = new Map<string, readonly Account[] | null>();
  for (const owner of groups.flatMap(({ owners }) => owners)) {
    const name = ownerName(owner).toLowerCase();
    if (!asked.has(name)) asked.set(name, await accountsOf(github, owner, organization));
  }
  const found = (owner: Owner): readonly Account[] | null => asked.get(ownerName(owner).toLowerCase()) ?? null;
  return groups.map(({ paths, owners }) => ({
    path: paths[0],
    count: paths.length,
    named: owners.map(ownerName),
    unknown: owners.filter((owner) => found(owner) === null).map(ownerName),
    people: [...new Set(owners.flatMap((owner) => (found(owner) ?? []).map(({ id }) => id)))],
  }));
};
