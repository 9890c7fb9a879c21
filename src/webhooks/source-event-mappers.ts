// What GitHub says of installations and repositories, as domain events.
import type { InstallationRef, ListedRepository } from "./domain-event.ts";
import { type Mapper, mapper, placeOf } from "./event-mapper.ts";
import { InstallationPayload, InstallationRepositoriesPayload, type Payload, RepositoryPayload } from "./payloads.ts";

const repositoryOf = (listed: Payload["Listed"]): ListedRepository => {
  const slash = listed.full_name.indexOf("/");
  return {
    repoId: listed.id,
    owner: listed.full_name.slice(0, slash),
    name: listed.full_name.slice(slash + 1),
    isPrivate: listed.private,
  };
};

const installationOf = (installation: Payload["Installation"]): InstallationRef => ({
  id: installation.id,
  accountId: installation.account.id,
  accountLogin: installation.account.login,
  updatedAt: installation.updated_at,
  suspendedAt: installation.suspended_at ?? null,
});

const installations = mapper(
  InstallationPayload,
  ["created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"],
  ({ action, installation, repositories }) => {
    const kind = (
      {
        created: "installation_created",
        deleted: "installation_deleted",
        suspend: "installation_suspended",
        unsuspend: "installation_unsuspended",
        new_permissions_accepted: "installation_granted",
      } as const
    )[action];
    return { kind, installation: installationOf(installation), repositories: (repositories ?? []).map(repositoryOf) };
  },
);

export const SOURCE_MAPPERS: ReadonlyMap<string, Mapper> = new Map([
  ["installation", installations],
  [
    "installation_repositories",
    mapper(InstallationRepositoriesPayload, ["added", "removed"], (payload) => ({
      kind: "repositories_changed",
      installation: installationOf(payload.installation),
      added: payload.repositories_added.map(repositoryOf),
      removed: payload.repositories_removed.map(repositoryOf),
    })),
  ],
  [
    "repository",
    mapper(
      RepositoryPayload,
      ["renamed", "transferred", "archived", "unarchived", "deleted", "privatized", "publicized"],
      (payload) => ({ kind: "repository_changed", place: placeOf(payload), change: payload.action }),
    ),
  ],
]);
