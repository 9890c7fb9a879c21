// What can happen to repositories and installations as a whole: renamed, archived, suspended, chosen, removed.

import type { Account, Actor, Installation, Permissions, Repo } from "../records.ts";
import { fullName } from "../records.ts";
import { installationShape } from "../render/people.ts";
import { repositoryName } from "../render/repository.ts";
import type { World } from "../world.ts";

const tellOfRepo = (
  world: World,
  repo: Repo,
  actor: Actor,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
) => world.emit({ name: "repository", action, repo, sender: actor.account, payload: more });

export const renameRepository = (world: World, repo: Repo, actor: Actor, name: string): void => {
  const from = repo.name;
  world.formerNames.set(fullName(repo).toLowerCase(), repo.id);
  repo.name = name;
  tellOfRepo(world, repo, actor, "renamed", { changes: { repository: { name: { from } } } });
};

export const setArchived = (world: World, repo: Repo, actor: Actor, archived: boolean): void => {
  repo.archived = archived;
  tellOfRepo(world, repo, actor, archived ? "archived" : "unarchived");
};

export const setVisibility = (world: World, repo: Repo, actor: Actor, visibility: "public" | "private"): void => {
  repo.visibility = visibility;
  tellOfRepo(world, repo, actor, visibility === "public" ? "publicized" : "privatized");
};

export const deleteRepository = (world: World, repo: Repo, actor: Actor): void => {
  tellOfRepo(world, repo, actor, "deleted");
  repo.deleted = true;
};

const tellOfInstallation = (
  world: World,
  installation: Installation,
  sender: Account,
  name: "installation" | "installation_repositories",
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): void =>
  world.emit({
    name,
    action,
    repo: null,
    sender,
    payload: { installation: installationShape(world, installation), ...more },
    only: installation.app,
  });

const reposOf = (world: World, installation: Installation): Repo[] =>
  [...world.repos.values()].filter((repo) => !repo.deleted && world.covers(installation, repo));

/** Told once the app can be reached: seeding happens before it listens. */
export const announceInstallation = (world: World, installation: Installation, sender: Account): void =>
  tellOfInstallation(world, installation, sender, "installation", "created", {
    repositories: reposOf(world, installation).map(repositoryName),
    requester: null,
  });

export const suspend = (world: World, installation: Installation, sender: Account): void => {
  installation.suspendedAt = world.now();
  installation.updatedAt = world.now();
  tellOfInstallation(world, installation, sender, "installation", "suspend");
};

export const unsuspend = (world: World, installation: Installation, sender: Account): void => {
  installation.suspendedAt = null;
  installation.updatedAt = world.now();
  tellOfInstallation(world, installation, sender, "installation", "unsuspend");
};

export const uninstall = (world: World, installation: Installation, sender: Account): void => {
  const repositories = reposOf(world, installation).map(repositoryName);
  installation.deleted = true;
  installation.updatedAt = world.now();
  tellOfInstallation(world, installation, sender, "installation", "deleted", { repositories });
};

export const acceptPermissions = (
  world: World,
  installation: Installation,
  sender: Account,
  permissions: Permissions,
): void => {
  installation.permissions = permissions;
  installation.updatedAt = world.now();
  tellOfInstallation(world, installation, sender, "installation", "new_permissions_accepted");
};

/** Chooses the repositories that the installation covers; null stands for all of them. */
export const chooseRepositories = (
  world: World,
  installation: Installation,
  sender: Account,
  chosen: readonly Repo[] | null,
): void => {
  const before = reposOf(world, installation);
  installation.repositories = chosen === null ? null : new Set(chosen.map((repo) => repo.id));
  installation.updatedAt = world.now();
  const after = reposOf(world, installation);
  const added = after.filter((repo) => !before.includes(repo));
  const removed = before.filter((repo) => !after.includes(repo));
  const more = { repository_selection: chosen === null ? "all" : "selected", requester: null };
  const names = (repos: readonly Repo[]) => repos.map(repositoryName);
  if (added.length > 0)
    tellOfInstallation(world, installation, sender, "installation_repositories", "added", {
      ...more,
      repositories_added: names(added),
      repositories_removed: [],
    });
  if (removed.length > 0)
    tellOfInstallation(world, installation, sender, "installation_repositories", "removed", {
      ...more,
      repositories_added: [],
      repositories_removed: names(removed),
    });
};
