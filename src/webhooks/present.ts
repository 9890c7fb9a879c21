// Whether a repository can be read at this moment, and what it is: the answer to events that come in the wrong order.
import { GitHubError } from "../github/errors.ts";
import type { Reading, RepositoryFacts } from "../github/reading.ts";
import type { InstallationId, RepoId } from "../ids.ts";
import { type IntakeDeps, readingOf } from "./intake.ts";

export type NotReadable =
  /** GitHub gives no token for it: the installation is suspended, or lacks a permission. */
  | Readonly<{ kind: "refused" }>
  /** The installation, or the repository in it, is not there. */
  | Readonly<{ kind: "unreachable" }>;

export type Present = Readonly<{ kind: "readable"; facts: RepositoryFacts }> | NotReadable;

/** Throws GitHubError where the answer says nothing about the repository, and trying again may help. */
export async function readRepository<T>(
  deps: Pick<IntakeDeps, "github">,
  installationId: InstallationId,
  repoId: RepoId,
  read: (reading: Reading) => Promise<T>,
): Promise<Readonly<{ kind: "read"; value: T }> | NotReadable> {
  try {
    return { kind: "read", value: await read(await readingOf(deps, installationId, repoId)) };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    if (error.code === "forbidden") return { kind: "refused" };
    if (error.code === "not_found" || error.code === "unprocessable") return { kind: "unreachable" };
    throw error;
  }
}

/** Throws GitHubError as `readRepository` does. */
export async function presentOf(
  deps: Pick<IntakeDeps, "github">,
  installationId: InstallationId,
  repoId: RepoId,
): Promise<Present> {
  const read = await readRepository(deps, installationId, repoId, (reading) => reading.repository(repoId));
  if (read.kind !== "read") return read;
  return read.value === null ? { kind: "unreachable" } : { kind: "readable", facts: read.value };
}
