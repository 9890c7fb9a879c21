// Whether a repository may take part in the deliveries of another one, and what may be said of the reason. Pure.
import type { ConfigReading } from "../config/read.ts";
import { isNamedBy } from "../config/repository-patterns.ts";
import type { RepositoryFacts } from "../github/reading.ts";
import type { RepoId } from "../ids.ts";
import { isMoreVisible, type Visibility } from "../visibility.ts";
import type { RepositoryWhyNot } from "./refusal.ts";

/** A repository as it is now, and what its own configuration says. */
export type SecondaryFacts = Readonly<{
  facts: RepositoryFacts;
  source: "active" | "inactive";
  config: ConfigReading;
}>;

export type Home = Readonly<{ id: RepoId; name: string; visibility: Visibility; allowPublicOutput: boolean }>;

/** Only a configuration that can be read, and names the other one, lets it in: no file is no consent. */
const accepts = ({ config }: SecondaryFacts, home: Home): boolean =>
  config.kind === "config" && isNamedBy(config.config.accept_from, home);

/**
 * Whether everybody who reads the issue may know that the repository exists: they see it themselves, or it opened itself
 * to where they are. Of any other, the answer is the one that is given where there is none.
 */
const mayBeKnown = (found: SecondaryFacts, home: Home): boolean =>
  !isMoreVisible(home.visibility, found.facts.visibility) &&
  (found.facts.visibility !== "private" || accepts(found, home));

/** Null where it may take part. `found` null: GitHub shows us none of that name. */
export const whyNotTakingPart = (
  home: Home,
  permitted: boolean,
  found: SecondaryFacts | null,
): RepositoryWhyNot | null => {
  if (!permitted) return { code: "not_permitted" };
  if (found === null || !mayBeKnown(found, home)) return { code: "unavailable" };
  const { facts, source, config } = found;
  if (source === "inactive") return { code: "inactive" };
  if (facts.archived) return { code: "archived" };
  if (isMoreVisible(facts.visibility, home.visibility) && !home.allowPublicOutput) return { code: "more_visible" };
  if (config.kind === "gone") return { code: "empty" };
  if (config.kind === "problems") return { code: "config_invalid", line: config.problems[0]?.line ?? null };
  return accepts(found, home) ? null : { code: "not_accepting" };
};
