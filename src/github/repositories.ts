// How a client finds a repository by its number: by the owner and name that GitHub gave with the token.
import type { RepoId } from "../ids.ts";
import { GitHubError } from "./errors.ts";

export type NamedRepository = Readonly<{ id: RepoId; owner: string; name: string }>;

/** What octokit's calls want. */
export type Address = Readonly<{ owner: string; repo: string }>;
export type AddressOf = (repo: RepoId) => Address;

/** The names are the ones of the moment when the token was made, so a renamed repository is found anew with the next. */
export const addressBook = (repos: readonly NamedRepository[]): AddressOf => {
  const byId = new Map(repos.map((repo) => [repo.id, { owner: repo.owner, repo: repo.name }]));
  return (id) => {
    const address = byId.get(id);
    if (address === undefined) throw new GitHubError("forbidden", `this client was not opened for repository ${id}`);
    return address;
  };
};
