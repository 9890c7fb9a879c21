// A name in a configuration stands for the repository that bore it when it first let a delivery through, and for none that took it over. Pure.
import { namedAs } from "../config/repository-patterns.ts";
import type { Config } from "../config/schema.ts";
import type { RepositoryFacts } from "../github/reading.ts";
import type { RepoId } from "../ids.ts";
import type { Permission } from "./participants.ts";

/** In the configuration of `holder`, under this key, the name stands for that repository. */
export type Pin = Readonly<{ holder: RepoId; key: "repos" | "accept_from"; name: string; repoId: RepoId }>;

/** GitHub's names are the same in either case. */
export const pinnedName = (name: string): string => name.toLowerCase();

/** Only what a name alone lets in: a number or an owner is what it was. */
export const pinsOf = (
  home: Readonly<{ id: RepoId; name: string }>,
  permitted: Permission,
  { id, owner, name }: RepositoryFacts,
  { accept_from }: Pick<Config, "accept_from">,
): readonly Pin[] => [
  ...(permitted === "name"
    ? [{ holder: home.id, key: "repos", name: pinnedName(`${owner}/${name}`), repoId: id } as const]
    : []),
  ...(namedAs(accept_from, home) === "name"
    ? [{ holder: id, key: "accept_from", name: pinnedName(home.name), repoId: home.id } as const]
    : []),
];
