// Freezes a repository or an installation, and lifts that again: the row, its ledger entry and every hold, in one transaction.
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { freezes, installations } from "../db/schema.ts";
import type { Actor } from "../delivery/event.ts";
import type { CommandId, DeliveryId, TraceId, UserId, WebhookGuid } from "../ids.ts";
import { type Instant, instant } from "../instant.ts";
import { append } from "../ledger/append.ts";
import { installationChain, repositoryChain } from "../ledger/entry.ts";
import { liveByInstallation, liveByRepos } from "../webhooks/live-deliveries.ts";
import { followFreezes, resumeTriggers } from "./follow.ts";
import { newerFreeze, type Said } from "./newest.ts";
import { type Freeze, type Frozen, standingOn } from "./standing.ts";

/** Whose word it is. An approver's has a command and its signed receipt behind it; the operator's has the process' own rights. */
export type Word =
  | Readonly<{
      by: "approver";
      person: Readonly<{ id: UserId; login: string }>;
      commandId: CommandId;
      webhookGuid: WebhookGuid;
      said: Said;
    }>
  | Readonly<{ by: "operator" }>;

type Changing = Readonly<{ frozen: Frozen; word: Word; at: Date; traceId: TraceId }>;

const actorOf = (word: Word): Actor =>
  word.by === "approver"
    ? { kind: "human", id: word.person.id, login: word.person.login }
    : { kind: "system", id: "operator" };

const chainOf = (frozen: Frozen): string =>
  frozen.kind === "repository" ? repositoryChain(frozen.repoId) : installationChain(frozen.installationId);

/**
 * Who holds this row sees every freeze of the installation, and every write and model call that was let through before: triggers
 * take it too, so none is let through meanwhile. Admission holds it as well, so no delivery is born beside a freeze.
 */
const lockInstallation = async (tx: Tx, { installationId }: Frozen): Promise<void> => {
  await tx.sql
    .select({ id: installations.id })
    .from(installations)
    .where(eq(installations.id, installationId))
    .for("no key update");
};

const concerned = async (tx: Tx, frozen: Frozen): Promise<readonly DeliveryId[]> => {
  const parts =
    frozen.kind === "repository"
      ? await liveByRepos(tx.sql, [frozen.repoId])
      : await liveByInstallation(tx.sql, frozen.installationId);
  return parts.map(({ deliveryId }) => deliveryId);
};

const record = (tx: Tx, { frozen, word, at, traceId }: Changing, action: string, id: number, after: object) =>
  append(tx, chainOf(frozen), [
    {
      deliveryId: null,
      at: instant(at),
      actor: actorOf(word),
      action,
      entity: { kind: "freeze", id: String(id) },
      before: null,
      after: { ...frozen, by: word.by, ...(word.by === "approver" ? { command: word.commandId } : {}), ...after },
      note: null,
      traceId,
    },
  ]);

export type Put =
  | Readonly<{ kind: "frozen"; id: number; held: readonly DeliveryId[] }>
  /** By the same kind of word; that freeze, with its reason, stays. */
  | Readonly<{ kind: "already"; standing: Freeze }>;

/** From the commit on nothing is written, begun or paid for there. */
export async function freeze(tx: Tx, changing: Changing, reason: string | null): Promise<Put> {
  const { frozen, word, at } = changing;
  await lockInstallation(tx, frozen);
  const standing = (await standingOn(tx.sql, frozen)).find(({ by }) => by === word.by);
  if (standing !== undefined) return { kind: "already", standing };
  const [row] = await tx.sql
    .insert(freezes)
    .values({
      installationId: frozen.installationId,
      repoId: frozen.kind === "repository" ? frozen.repoId : null,
      by: word.by,
      reason,
      ...(word.by === "approver"
        ? { personId: word.person.id, personLogin: word.person.login, commandId: word.commandId }
        : {}),
      frozenAt: at,
    })
    .returning({ id: freezes.id });
  if (row === undefined) throw new Error("the freeze was not inserted");
  await record(tx, changing, "frozen", row.id, { reason });
  const because = { actor: actorOf(word), at, key: `${row.id}` };
  return { kind: "frozen", id: row.id, held: await followFreezes(tx, await concerned(tx, frozen), because) };
}

/** More labels than that go on within a minute, by the sweep. */
const LABELS_AT_ONCE = 200;

export type Lifted =
  | Readonly<{ kind: "lifted"; id: number; freed: readonly DeliveryId[] }>
  /** None stands by this kind of word; `others` do, by the other kind or over the whole installation. */
  | Readonly<{ kind: "none" }>
  /** It was written before somebody asked for the freeze again: whoever wrote it meant another one. */
  | Readonly<{ kind: "overtaken"; login: string; at: Instant }>;

/** What no other freeze stands over goes on from the commit on. */
export async function lift(tx: Tx, changing: Changing): Promise<Lifted> {
  const { frozen, word, at } = changing;
  await lockInstallation(tx, frozen);
  const standing = (await standingOn(tx.sql, frozen)).find(({ by }) => by === word.by);
  if (standing === undefined) return { kind: "none" };
  if (word.by === "approver" && frozen.kind === "repository") {
    const newer = await newerFreeze(tx.sql, frozen.repoId, word.said);
    if (newer !== null) return { kind: "overtaken", ...newer };
  }
  await tx.sql
    .update(freezes)
    .set({
      liftedAt: at,
      ...(word.by === "approver"
        ? { liftedById: word.person.id, liftedByLogin: word.person.login, liftCommandId: word.commandId }
        : {}),
    })
    .where(and(eq(freezes.id, standing.id), isNull(freezes.liftedAt)));
  await record(tx, changing, "freeze_lifted", standing.id, {});
  const because = { actor: actorOf(word), at, key: `${standing.id}` };
  const freed = await followFreezes(tx, await concerned(tx, frozen), because);
  await resumeTriggers(tx, LABELS_AT_ONCE);
  return { kind: "lifted", id: standing.id, freed };
}
