// Whether a repository may take part in the deliveries of another one, and what may be said of the reason. Pure.
import type { ConfigReading } from "../config/read.ts";
import { namedAs } from "../config/repository-patterns.ts";
import type { RepositoryFacts } from "../github/reading.ts";
import type { RepoId } from "../ids.ts";
import { isMoreVisible, type Visibility } from "../visibility.ts";
import type { Permission } from "./participants.ts";
import type { RepositoryWhyNot } from "./refusal.ts";

/** A repository as it is now, and what its own configuration says. */
export type SecondaryFacts = Readonly<{
  facts: RepositoryFacts;
  source: "active" | "inactive";
  config: ConfigReading;
  pinned: Pinned;
}>;

/** Which repositories bore the two names when the two configurations first let a delivery through by them; null where none did. */
export type Pinned = Readonly<{ found: RepoId | null; home: RepoId | null }>;

export type Home = Readonly<{
  id: RepoId;
  name: string;
  visibility: Visibility;
  allowPublicOutput: boolean;
  /** By a person, in the configuration: they bear a name that another one bore. */
  confirmed: readonly RepoId[];
}>;

/** A name lets in the repository that bore it first, and none that took it over. */
const isAnother = (pinned: RepoId | null, id: RepoId): boolean => pinned !== null && pinned !== id;

type Acceptance = "accepted" | "other" | "not";

/** Only a configuration that can be read, and names the other one, lets it in: no file is no consent. */
const acceptance = ({ config, pinned }: SecondaryFacts, home: Home): Acceptance => {
  const as = config.kind === "config" ? namedAs(config.config.accept_from, home) : null;
  if (as === "name" && isAnother(pinned.home, home.id)) return "other";
  return as === null ? "not" : "accepted";
};

/**
 * Whether everybody who reads the issue may know that the repository exists: they see it themselves, or it opened itself
 * to where they are. Of any other, the answer is the one that is given where there is none.
 */
const mayBeKnown = (found: SecondaryFacts, home: Home): boolean =>
  !isMoreVisible(home.visibility, found.facts.visibility) &&
  (found.facts.visibility !== "private" || acceptance(found, home) === "accepted");

/** Null where it may take part. `found` null: GitHub shows us none of that name. */
export const whyNotTakingPart = (
  home: Home,
  permitted: Permission,
  found: SecondaryFacts | null,
): RepositoryWhyNot | null => {
  if (permitted === null) return { code: "not_permitted" };
  if (found === null || !mayBeKnown(found, home)) return { code: "unavailable" };
  const { facts, source, config, pinned } = found;
  if (permitted === "name" && isAnother(pinned.found, facts.id) && !home.confirmed.includes(facts.id)) {
    return { code: "name_taken", id: facts.id };
  }
  if (source === "inactive") return { code: "inactive" };
  if (facts.archived) return { code: "archived" };
  if (isMoreVisible(facts.visibility, home.visibility) && !home.allowPublicOutput) return { code: "more_visible" };
  if (config.kind === "gone") return { code: "empty" };
  if (config.kind === "problems") return { code: "config_invalid", line: config.problems[0]?.line ?? null };
  const accepted = acceptance(found, home);
  if (accepted === "other") return { code: "accepts_another", id: home.id };
  return accepted === "accepted" ? null : { code: "not_accepting" };
};
