// Whether a trigger becomes a delivery: a ladder of refusals over plain facts, in the order in which people can help it. Pure.
import type { ConfigReading } from "../config/read.ts";
import { CONFIG_PATH } from "../config/schema.ts";
import { MOST_SECONDARY } from "../config/schema-repositories.ts";
import type { Freeze } from "../freeze/standing.ts";
import type { RepositoryFacts, RoleName } from "../github/reading.ts";
import type { DeliveryId } from "../ids.ts";
import { err, ok, type Result } from "../result.ts";
import type { Named, Participants } from "./participants.ts";
import { type Pin, pinsOf } from "./pins.ts";
import type { AdmissionRefusal, RepositoryWhyNot } from "./refusal.ts";
import { type SecondaryFacts, whyNotTakingPart } from "./taking-part.ts";

/** An existing repository with at least one commit has one of these. */
export type ConfigFacts = Exclude<ConfigReading, { kind: "gone" }>;
export type UsableConfig = Extract<ConfigReading, { kind: "config" }>;

/** A repository beside the issue's that was named, as GitHub shows it; null where it shows none. */
export type Candidate = Named &
  Readonly<{
    found: SecondaryFacts | null;
  }>;

export type Secondary = Readonly<{ facts: RepositoryFacts; config: UsableConfig }>;

/** `pins`: names that let it in, and from now on stand for the two repositories that bear them. */
export type AdmittedSecondary = Secondary & Readonly<{ pins: readonly Pin[] }>;

export type AdmissionFacts = Readonly<{
  source: "active" | "inactive";
  config: ConfigFacts;
  /** Who put the label on, with the role of this moment. */
  labeler: Readonly<{ login: string; type: "User" | "Bot" | "Organization" | "Mannequin"; role: RoleName }>;
  /** The live delivery of this issue. */
  live: DeliveryId | null;
  issue: Readonly<{ state: "open" | "closed"; isPullRequest: boolean; characters: number }>;
  /** Whether the issue is the one that the app keeps about the repository. */
  isControl: boolean;
  /** Over the repository; the first is named. */
  freezes: readonly Pick<Freeze, "by" | "reason">[];
  repository: Pick<RepositoryFacts, "id" | "owner" | "name" | "visibility">;
  secondaries:
    | Exclude<Participants, { kind: "named" }>
    | Readonly<{ kind: "named"; repositories: readonly Candidate[] }>;
  liveCounts: Readonly<{ repository: number; installation: number }>;
  /** The same for all installations; the limit of a repository stands in its configuration. */
  installationLimit: number;
}>;

export type Verdict =
  | Readonly<{ kind: "admitted"; config: UsableConfig; secondaries: readonly AdmittedSecondary[] }>
  | Readonly<{ kind: "repeated"; deliveryId: DeliveryId }>
  | Readonly<{ kind: "refused"; refusal: AdmissionRefusal }>;

const WRITERS: readonly RoleName[] = ["admin", "maintain", "write"];

export const mayWrite = (role: RoleName): boolean => WRITERS.includes(role);

const refused = (refusal: AdmissionRefusal): Verdict => ({ kind: "refused", refusal });

/**
 * A repeated trigger comes before the limits: a delivery that lives has passed them, and "too many" would be no answer
 * to somebody who asks for one that is there.
 */
export function admit(facts: AdmissionFacts): Verdict {
  const { config, labeler, live, issue, liveCounts } = facts;
  if (facts.source === "inactive") return refused({ code: "source_inactive" });
  if (config.kind === "problems") {
    const { commit, problems } = config;
    return refused({ code: "config_invalid", path: CONFIG_PATH, commit, problems: [...problems] });
  }
  if (labeler.type !== "User") return refused({ code: "labeler_is_bot", login: labeler.login });
  if (!mayWrite(labeler.role)) return refused({ code: "labeler_role", login: labeler.login, role: labeler.role });
  if (live !== null) return { kind: "repeated", deliveryId: live };
  if (issue.isPullRequest) return refused({ code: "issue_is_pull_request" });
  if (facts.isControl) return refused({ code: "issue_is_control" });
  if (issue.state === "closed") return refused({ code: "issue_closed" });
  const [freeze] = facts.freezes;
  if (freeze !== undefined) return refused({ code: "frozen", by: freeze.by, reason: freeze.reason });

  const { issue_characters, live_deliveries } = config.config.limits;
  const { characters } = issue;
  if (characters > issue_characters) return refused({ code: "issue_too_large", characters, limit: issue_characters });
  const beside = judgeSecondaries(facts, config);
  if (!beside.ok) return refused(beside.error);
  const tooMany = (scope: "repository" | "installation", count: number, limit: number): Verdict | null =>
    count < limit ? null : refused({ code: "too_many_live", scope, live: count, limit });
  return (
    tooMany("repository", liveCounts.repository, live_deliveries) ??
    tooMany("installation", liveCounts.installation, facts.installationLimit) ?? {
      kind: "admitted",
      config,
      secondaries: beside.value,
    }
  );
}

/** All of them, or one refusal that names every one that may not take part: nobody is told of them one by one. */
function judgeSecondaries(
  { repository, secondaries }: AdmissionFacts,
  { config }: UsableConfig,
): Result<readonly AdmittedSecondary[], AdmissionRefusal> {
  if (secondaries.kind === "unreadable") return err({ code: "repos_unreadable" });
  if (secondaries.kind === "too_many") {
    return err({ code: "too_many_repositories", named: secondaries.named, limit: MOST_SECONDARY });
  }
  const primary = `${repository.owner}/${repository.name}`;
  const { id, visibility } = repository;
  const { allow_public_output: allowPublicOutput, repos } = config;
  const home = { id, name: primary, visibility, allowPublicOutput, confirmed: repos.confirmed };
  const refusals: { name: string; why: RepositoryWhyNot }[] = [];
  const taking: AdmittedSecondary[] = [];
  for (const { name, permitted, found } of secondaries.repositories) {
    const why = whyNotTakingPart(home, permitted, found);
    if (why !== null) refusals.push({ name, why });
    else if (found !== null && found.config.kind === "config") {
      const { facts, config: own } = found;
      taking.push({ facts, config: own, pins: pinsOf({ id, name: primary }, permitted, facts, own.config) });
    }
  }
  return refusals.length > 0 ? err({ code: "repositories_refused", primary, repositories: refusals }) : ok(taking);
}
