// Whose approval a change needs beside the approvers': the owners of its paths, by today's CODEOWNERS.
import type { RepoId } from "../ids.ts";
import { err, ok, type Result } from "../result.ts";
import { groupsOf, pathsOf } from "./groups.ts";
import { type OwnersPort, readCodeOwners } from "./read.ts";
import { type OwnedBy, type PeoplePort, resolveOwners } from "./resolve.ts";

export type { OwnedBy } from "./resolve.ts";
export type OwnershipPort = OwnersPort & PeoplePort;

/** `file` null: the repository itself could not be read. */
export type OwnersProblem = Readonly<{ file: string | null; problem: string }>;

type Changes = Parameters<typeof pathsOf>[0];

/** The error: whose approval is needed cannot be told, so nobody's is enough. Throws GitHubError where trying again may tell. */
export const readOwnedPaths = async (
  github: OwnershipPort,
  { repoId, owner }: Readonly<{ repoId: RepoId; owner: string }>,
  changes: Changes,
): Promise<Result<readonly OwnedBy[], OwnersProblem>> => {
  const read = await readCodeOwners(github, repoId);
  if (read.kind === "unusable") return err({ file: read.file, problem: read.problem });
  return ok(await resolveOwners(github, groupsOf(read.rules, pathsOf(changes)), owner));
};
