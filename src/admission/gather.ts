// Reads what admission judges, and what a delivery is born with. All of GitHub is asked here, none of it in a transaction.

import type { Ceiling } from "../config/ceiling.ts";
import { readConfig } from "../config/read.ts";
import { CONFIG_PATH } from "../config/schema.ts";
import type { CrashPoint } from "../crash-points.ts";
import type { GitHub } from "../github/github.ts";
import type { Reading, RepositoryFacts, RoleName } from "../github/reading.ts";
import type { CommentId, UserId } from "../ids.ts";
import type { LabelEvent, Place } from "../webhooks/domain-event.ts";
import { type AdmissionFacts, type ConfigFacts, mayWrite, type Secondary, type UsableConfig } from "./admit.ts";
import { approversInForce } from "./approvers-in-force.ts";
import { type Constraints, constraintsOf } from "./constraints.ts";
import { type Named, type Participants, participantsOf } from "./participants.ts";
import { findSecondary, type ReadSecondary } from "./read-secondary.ts";
import { authorsOf, beforeTrigger, candidates, MOST_AUTHORS, type Taken, takeSnapshot } from "./snapshot.ts";
import { isTriggerLabel, sameLabel } from "./trigger-label.ts";

export type AdmissionPort = Pick<
  Reading,
  | "repository"
  | "branchHead"
  | "file"
  | "role"
  | "issue"
  | "comments"
  | "hiddenComments"
  | "accountByLogin"
  | "accountById"
  | "teamMembers"
  | "pull"
>;

/**
 * Whether the label starts deliveries here. This is asked for every label that anybody puts on an issue, so it costs one
 * request: the configuration file, at the branch that the payload names as the default.
 */
export async function startsDeliveries(
  github: Pick<Reading, "file">,
  { repoId, defaultBranch }: Place,
  label: string,
): Promise<boolean> {
  const file = await github.file(repoId, CONFIG_PATH, defaultBranch);
  return isTriggerLabel(label, file?.text ?? null);
}

/** What GitHub says of a trigger; a string names why there is nothing to judge, and nobody to tell. */
export type Gathered = Readonly<{
  repository: RepositoryFacts;
  config: ConfigFacts;
  labeler: AdmissionFacts["labeler"];
  issue: AdmissionFacts["issue"];
  /** Of the issue, as it is now. */
  labels: readonly string[];
  secondaries: GatheredSecondaries;
}>;

export type GatheredSecondaries =
  | Exclude<Participants, { kind: "named" }>
  | Readonly<{ kind: "named"; repositories: readonly (Named & Readonly<{ found: ReadSecondary | null }>)[] }>;

const NOBODY: GatheredSecondaries = { kind: "named", repositories: [] };

export type GatherDeps = Readonly<{
  github: Pick<GitHub, "reading" | "find">;
  ceiling: Ceiling;
  crash: CrashPoint;
}>;

export async function gather(
  { github: doors, ceiling, crash }: GatherDeps,
  github: AdmissionPort,
  event: LabelEvent,
  repository: RepositoryFacts,
): Promise<Gathered | "no_commit" | "other_label" | "issue_gone" | "label_gone"> {
  const { repoId } = event.place;
  await crash("admission.before.read_config");
  const config = await readConfig(github, repoId, ceiling);
  if (config.kind === "gone") return "no_commit";
  if (config.kind === "config" && !sameLabel(config.config.label, event.label)) return "other_label";

  await crash("admission.before.read_issue");
  const issue = await github.issue(repoId, event.issue.number);
  // A transferred issue is answered by its new self, under another id.
  if (issue === null || issue.id !== event.issue.id) return "issue_gone";
  if (!issue.labels.some((name) => sameLabel(name, event.label))) return "label_gone";

  await crash("admission.before.read_role");
  const { login, id, type } = event.sender;
  const role = type === "User" ? await roleOf(github, event.place, { login, id }) : "none";
  const characters = [...event.issue.title].length + [...event.issue.body].length;
  // Whoever may not begin anything has nothing looked up for them.
  const known =
    config.kind === "config" && mayWrite(role) && characters <= config.config.limits.issue_characters
      ? await gatherSecondaries({ github: doors, ceiling, crash }, event, repository, config)
      : NOBODY;
  return {
    repository,
    config,
    secondaries: known,
    labeler: { login, type, role },
    labels: issue.labels,
    issue: { state: issue.state, isPullRequest: issue.isPullRequest || event.issue.isPullRequest, characters },
  };
}

/** What the configuration does not permit is not even looked up. */
async function gatherSecondaries(
  { github, ceiling, crash }: GatherDeps,
  { place, issue }: LabelEvent,
  { owner, name }: RepositoryFacts,
  config: UsableConfig,
): Promise<GatheredSecondaries> {
  const participants = participantsOf(`${owner}/${name}`, config.config.repos, issue.body);
  if (participants.kind !== "named") return participants;
  const repositories: (Named & Readonly<{ found: ReadSecondary | null }>)[] = [];
  for (const named of participants.repositories) {
    await crash("admission.before.read_secondary");
    const look = () => findSecondary(github, place.installationId, named.name, ceiling);
    repositories.push({ ...named, found: named.permitted === null ? null : await look() });
  }
  return { kind: "named", repositories };
}

/** A login may have been renamed and taken by somebody else since: only the same number has the role. */
async function roleOf(
  github: Pick<Reading, "role">,
  { repoId }: Place,
  person: Readonly<{ login: string; id: UserId }>,
): Promise<RoleName> {
  const { role, account } = await github.role(repoId, person.login);
  return account?.id === person.id ? role : "none";
}

/** What a delivery is given on its way: the issue's words, and the rules that it is under. */
export type Snapshots = Readonly<{ taken: Taken; constraints: Constraints }>;

export async function takeSnapshots(
  github: AdmissionPort,
  event: LabelEvent,
  { config, secondaries }: Readonly<{ config: UsableConfig; secondaries: readonly Secondary[] }>,
  crash: CrashPoint,
): Promise<Snapshots> {
  const { repoId, owner } = event.place;
  await crash("admission.before.read_comments");
  const comments = await github.comments(repoId, event.issue.number, null);
  const roles = new Map<UserId, RoleName>();
  const { author: opener } = event.issue;
  const heard = authorsOf(beforeTrigger(comments.items, event.at)).slice(0, MOST_AUTHORS);
  for (const author of opener?.type === "User" ? [opener, ...heard] : heard) {
    if (!roles.has(author.id)) roles.set(author.id, await roleOf(github, event.place, author));
  }
  const asked = candidates(comments.items, event.at, roles).map(({ id }) => id);
  const hidden = await hiddenAmong(github, event, asked, crash);
  const taken = await takeSnapshot(repoId, event.issue, event.at, comments.items, roles, hidden);
  await crash("admission.before.read_approvers");
  const approvers = await approversInForce(github, config.config, owner);
  return { taken, constraints: constraintsOf(repoId, config, approvers, secondaries) };
}

async function hiddenAmong(
  github: Pick<Reading, "hiddenComments">,
  { place: { repoId }, issue }: LabelEvent,
  ids: readonly CommentId[],
  crash: CrashPoint,
): Promise<ReadonlySet<CommentId>> {
  if (ids.length === 0) return new Set();
  await crash("admission.before.read_hidden");
  return github.hiddenComments(repoId, issue.number, ids);
}
