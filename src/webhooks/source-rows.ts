// The rows of installations and sources: each change states what it stands on, so that an older event undoes nothing.
import { and, desc, eq, inArray, isNull, lte } from "drizzle-orm";
import type { Sql, Tx } from "../db/database.ts";
import { deliveryRepos, installations, ledger, sources } from "../db/schema.ts";
import type { Actor } from "../delivery/event.ts";
import type { RepositoryFacts } from "../github/reading.ts";
import { type InstallationId, type RepoId, TraceId, type WebhookGuid } from "../ids.ts";
import { instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { digestOf } from "../ledger/canonical.ts";
import { repositoryChain } from "../ledger/entry.ts";
import type { InstallationRef, ListedRepository } from "./domain-event.ts";
import { liveByRepos } from "./live-deliveries.ts";

/** Older than any event: what was learned on the way, and not from an event of its own. */
const BEFORE_ANY_EVENT = new Date(0);

/** One trace from the webhook to all that came of it. */
export const traceOf = (guid: WebhookGuid): TraceId => TraceId.parse(digestOf({ trace: guid }).slice(0, 32));

/** Keeps the newest by GitHub's clock. A removed installation never comes back: a new one has a new id. */
export async function putInstallation(tx: Tx, ref: InstallationRef): Promise<"there" | "removed"> {
  const values = {
    accountId: ref.accountId,
    accountLogin: ref.accountLogin,
    suspendedAt: ref.suspendedAt === null ? null : new Date(ref.suspendedAt),
    updatedAt: new Date(ref.updatedAt),
  };
  await tx.sql
    .insert(installations)
    .values({ id: ref.id, ...values })
    .onConflictDoUpdate({
      target: installations.id,
      set: values,
      setWhere: lte(installations.updatedAt, values.updatedAt),
    });
  const [row] = await tx.sql
    .select({ removedAt: installations.removedAt })
    .from(installations)
    .where(eq(installations.id, ref.id));
  return row?.removedAt == null ? "there" : "removed";
}

export async function removeInstallation(tx: Tx, id: InstallationId, at: Date): Promise<void> {
  await tx.sql
    .update(installations)
    .set({ removedAt: at })
    .where(and(eq(installations.id, id), isNull(installations.removedAt)));
  await tx.sql.update(sources).set({ active: false }).where(eq(sources.installationId, id));
}

export type Membership = Readonly<{
  installationId: InstallationId;
  active: boolean;
  /** By GitHub's clock. */
  at: Date;
  guid: WebhookGuid;
  now: Date;
}>;

/** Repositories joined or left an installation. An event that is older than the last one about one changes nothing there. */
export async function putMemberships(
  tx: Tx,
  repositories: readonly ListedRepository[],
  joined: Membership,
): Promise<void> {
  const { installationId, active, at } = joined;
  const rows = repositories.map(({ repoId, owner, name, isPrivate }) => {
    const visibility = isPrivate ? "private" : "public";
    return { repoId, installationId, owner, name, visibility, active, updatedAt: at };
  });
  if (rows.length === 0) return;
  const made = await tx.sql.insert(sources).values(rows).onConflictDoNothing().returning({ repoId: sources.repoId });
  const fresh = new Set<number>(made.map(({ repoId }) => repoId));
  for (const { repoId, owner, name } of repositories) {
    const changed = fresh.has(repoId) ? !active : await changeMembership(tx, repoId, { owner, name }, joined);
    if (changed) await noteActivity(tx, repoId, active, joined.guid, joined.now);
  }
}

/** Whether the repository is active now and was not, or the other way round. */
async function changeMembership(
  tx: Tx,
  repoId: RepoId,
  names: Readonly<{ owner: string; name: string }>,
  { installationId, active, at }: Membership,
): Promise<boolean> {
  const row = eq(sources.repoId, repoId);
  const [before] = await tx.sql.select({ active: sources.active }).from(sources).where(row).for("update");
  const changed = await tx.sql
    .update(sources)
    .set({ installationId, ...names, active, updatedAt: at })
    .where(and(row, lte(sources.updatedAt, at)))
    .returning({ repoId: sources.repoId });
  return changed.length > 0 && before?.active !== active;
}

async function noteActivity(tx: Tx, repoId: RepoId, active: boolean, guid: WebhookGuid, now: Date): Promise<void> {
  const actor: Actor = { kind: "github", id: guid };
  await append(tx, repositoryChain(repoId), [
    {
      deliveryId: null,
      at: instant(now),
      actor,
      action: active ? "source_activated" : "source_deactivated",
      entity: { kind: "source", id: String(repoId) },
      before: { active: !active },
      after: { active },
      note: null,
      traceId: traceOf(guid),
    },
  ]);
}

/** What was just read of a repository. Whether it is active is not among it. */
export async function putFacts(tx: Tx, installationId: InstallationId, facts: RepositoryFacts): Promise<void> {
  await tx.sql
    .update(sources)
    .set({ installationId, ...shownOf(facts) })
    .where(eq(sources.repoId, facts.id));
}

/**
 * Names, for people, who may see it, and the installation whose token is asked for: of deliveries that are not over they
 * follow, and what is shown of those follows at once.
 */
export async function moveParts(tx: Tx, installationId: InstallationId, facts: RepositoryFacts): Promise<void> {
  const { id, owner, name, visibility } = facts;
  for (const { deliveryId } of await liveByRepos(tx.sql, [id])) {
    const part = and(eq(deliveryRepos.deliveryId, deliveryId), eq(deliveryRepos.repoId, id));
    const [before] = await tx.sql.select({ visibility: deliveryRepos.visibility }).from(deliveryRepos).where(part);
    await tx.sql.update(deliveryRepos).set({ installationId, owner, name, visibility }).where(part);
    if (before?.visibility !== visibility) await tx.enqueue("publish", { deliveryId });
  }
}

export async function deactivate(tx: Tx, repoId: RepoId, guid: WebhookGuid, now: Date): Promise<void> {
  const changed = await tx.sql
    .update(sources)
    .set({ active: false })
    .where(and(eq(sources.repoId, repoId), eq(sources.active, true)))
    .returning({ repoId: sources.repoId });
  if (changed.length > 0) await noteActivity(tx, repoId, false, guid, now);
}

/** Whether a repository that was just read may start deliveries: only an operator keeps it from that. */
export async function sourceState(
  sql: Sql,
  installationId: InstallationId,
  repoId: RepoId,
): Promise<"active" | "inactive"> {
  const [row] = await sql
    .select({ active: sources.active, installationId: sources.installationId })
    .from(sources)
    .where(eq(sources.repoId, repoId));
  if (row === undefined || row.active || row.installationId !== installationId) return "active";
  // GitHub took it out of the installation, and lets us read it now: the event that says so is still on its way.
  return (await wasDeactivatedByGitHub(sql, repoId)) ? "active" : "inactive";
}

async function wasDeactivatedByGitHub(sql: Sql, repoId: RepoId): Promise<boolean> {
  const [last] = await sql
    .select({ action: ledger.action, actorKind: ledger.actorKind })
    .from(ledger)
    .where(
      and(
        eq(ledger.chain, repositoryChain(repoId)),
        inArray(ledger.action, ["source_activated", "source_deactivated"]),
      ),
    )
    .orderBy(desc(ledger.seq))
    .limit(1);
  return last?.action === "source_deactivated" && last.actorKind === "github";
}

export type Met = Readonly<{
  installationId: InstallationId;
  accountId: number;
  accountLogin: string;
  facts: RepositoryFacts;
  state: "active" | "inactive";
  guid: WebhookGuid;
  now: Date;
}>;

/**
 * A repository that was read just now, perhaps before any event told of it: its rows are made or corrected, and locked,
 * so that admissions of one installation follow one another.
 */
export async function meetSource(tx: Tx, met: Met): Promise<void> {
  const { installationId: id, accountId, accountLogin, facts, state } = met;
  await tx.sql
    .insert(installations)
    .values({ id, accountId, accountLogin, updatedAt: BEFORE_ANY_EVENT })
    .onConflictDoNothing();
  // A suspended installation gives no token to read with. This also locks the row until the transaction ends.
  await tx.sql.update(installations).set({ suspendedAt: null }).where(eq(installations.id, id));
  await tx.sql
    .insert(sources)
    .values({ repoId: facts.id, installationId: id, active: true, ...shownOf(facts), updatedAt: BEFORE_ANY_EVENT })
    .onConflictDoNothing();
  await putFacts(tx, id, facts);
  if (state === "inactive") return;
  const healed = await tx.sql
    .update(sources)
    .set({ active: true })
    .where(and(eq(sources.repoId, facts.id), eq(sources.active, false)))
    .returning({ repoId: sources.repoId });
  if (healed.length > 0) await noteActivity(tx, facts.id, true, met.guid, met.now);
}

const shownOf = ({ owner, name, visibility, archived }: RepositoryFacts) => ({ owner, name, visibility, archived });
