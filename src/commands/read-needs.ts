// What an approval needs by the rules of now: whose earlier approvals count no more, and who owns what is to be approved.
import { and, eq, isNull } from "drizzle-orm";
import { gateOf } from "../config/gate-approvers.ts";
import { readConfig } from "../config/read.ts";
import { CONFIG_PATH, type Config } from "../config/schema.ts";
import type { Database, Sql } from "../db/database.ts";
import { approvals } from "../db/schema.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { Needs } from "../delivery/needs.ts";
import { loadDelivery } from "../delivery/store.ts";
import type { PlacedSubject } from "../delivery/subjects.ts";
import { type DeliveryId, type Digest, type RepoId, UserId } from "../ids.ts";
import { type OwnedBy, type OwnersProblem, readOwnedPaths } from "../owners/index.ts";
import { loadPatchSet } from "../patches/store.ts";
import { err, ok, type Result } from "../result.ts";
import type { KnownLogins, Person } from "./authorise.ts";
import type { Heard } from "./authority.ts";
import type { Conversation, Participant } from "./find-delivery.ts";
import { type HearingDeps, type Rules, readingOf, type Spot } from "./hearing.ts";
import { shownNow } from "./shown-now.ts";
import { voiceOf } from "./voice.ts";

/** `unusable`: patch sets whose owners cannot be told, so that nobody's approval of them is enough. */
export type HeardNeeds = Pick<Needs, "lost" | "owners"> &
  Readonly<{ unusable: readonly (OwnersProblem & Readonly<{ digest: Digest; repoId: RepoId }>)[] }>;

const NO_NEEDS: HeardNeeds = { lost: [], owners: null, unusable: [] };

type NeedsDeps = HearingDeps & Readonly<{ db: Pick<Database, "sql"> }>;

type Reading = Readonly<{
  deps: NeedsDeps;
  spot: Spot;
  conversation: Conversation;
  config: Config;
  known: KnownLogins;
  asker: UserId;
}>;

/** Who approved a version, under the login of that time. */
const approversOfVersion = async (sql: Sql, deliveryId: DeliveryId, digest: Digest): Promise<readonly Person[]> =>
  sql
    .select({ id: approvals.personId, login: approvals.personLogin })
    .from(approvals)
    .where(and(eq(approvals.deliveryId, deliveryId), eq(approvals.digest, digest), isNull(approvals.voidedAt)))
    .then((rows) => rows.map(({ id, login }) => ({ id: UserId.parse(id), login })));

const targetOf = ({ conversation }: Reading, repoId: RepoId | null): Participant => {
  const { repositories, primary } = conversation;
  return repositories.find((each) => each.repoId === repoId) ?? primary;
};

/** On if the repository says so, or the one that is approved for; what that one says must be readable. */
const ownersAsked = async (
  { deps, spot, config, conversation }: Reading,
  target: Participant,
): Promise<Result<boolean, OwnersProblem>> => {
  if (config.require_code_owners || target.repoId === conversation.primary.repoId)
    return ok(config.require_code_owners);
  await deps.crash("commands.before.read_target_config");
  const own = await readConfig(await readingOf(deps, spot, target), target.repoId, deps.ceiling);
  if (own.kind === "config") return ok(own.config.require_code_owners);
  return own.kind === "gone"
    ? err({ file: null, problem: "it is gone" })
    : err({ file: CONFIG_PATH, problem: "it has an error" });
};

const ownedPaths = async (
  { deps, spot }: Reading,
  { ref }: PlacedSubject,
  target: Participant,
): Promise<Result<readonly OwnedBy[], OwnersProblem>> => {
  if (ref.kind !== "patchset") return ok([]);
  const stored = await loadPatchSet(deps.db.sql, ref.patchSetId);
  if (!stored.ok) throw new Error(`patch set ${ref.patchSetId} cannot be read: ${stored.error.note}`);
  await deps.crash("commands.before.read_owners");
  return readOwnedPaths(await readingOf(deps, spot, target), target, stored.value.content.changes);
};

/** Somebody who counted as an approver and is now an owner alone approves again, as that. */
const lostOf = async (
  { deps, spot, conversation, config, known, asker }: Reading,
  { subject }: PlacedSubject,
  target: Participant,
  owned: readonly OwnedBy[],
  gate: ReturnType<typeof gateOf>,
): Promise<Needs["lost"]> => {
  const { primary, deliveryId } = conversation;
  const lost: { digest: Digest; person: UserId }[] = [];
  for (const person of await approversOfVersion(deps.db.sql, deliveryId, subject.digest)) {
    if (person.id === asker) continue;
    await deps.crash("commands.before.read_approver");
    const readPrimary = await readingOf(deps, spot, primary);
    const places = { primary, readPrimary, target, readTarget: await readingOf(deps, spot, target) };
    const voice = await voiceOf(places, person, { lists: config, gate, known }, owned);
    const counted = subject.owners?.pathsOnly.includes(person.id) === true ? "owner" : "approver";
    if (voice !== "approver" && voice !== counted) lost.push({ digest: subject.digest, person: person.id });
  }
  return lost;
};

const needsOf = async (reading: Reading, delivery: Delivery): Promise<HeardNeeds> => {
  const lost: Needs["lost"][number][] = [];
  const owners: { digest: Digest; paths: readonly OwnedBy[] }[] = [];
  const unusable: HeardNeeds["unusable"][number][] = [];
  let areAsked = reading.config.require_code_owners;
  for (const each of shownNow(delivery).filter(({ used }) => !used)) {
    const target = targetOf(reading, each.repoId);
    const { digest } = each.subject;
    const asked = each.ref.kind === "patchset" ? await ownersAsked(reading, target) : ok(false);
    areAsked ||= asked.ok && asked.value;
    const owned = !asked.ok ? asked : asked.value ? await ownedPaths(reading, each, target) : ok([]);
    if (owned.ok) owners.push({ digest, paths: owned.value });
    else unusable.push({ ...owned.error, digest, repoId: target.repoId });
    lost.push(...(await lostOf(reading, each, target, owned.ok ? owned.value : [], gateOf(delivery.phase))));
  }
  return { lost, owners: areAsked ? owners : null, unusable };
};

type Hearable = Omit<Reading, "deps" | "config"> & Readonly<{ rules: Rules; approves: boolean }>;

/** Asked only of who approves, by rules that can be read. Throws GitHubError where trying again may tell. */
export const readHeard = async (deps: NeedsDeps, { rules, approves, ...about }: Hearable): Promise<Heard> => {
  const { conversation, known, asker } = about;
  const heard = { asker, requester: conversation.requester, known };
  const stored = approves && rules.kind === "config" ? await loadDelivery(deps.db, conversation.deliveryId) : null;
  if (stored === null || rules.kind !== "config") return { ...heard, needs: NO_NEEDS };
  return { ...heard, needs: await needsOf({ deps, config: rules.config, ...about }, stored.delivery) };
};
