// Rows that a test needs before it begins: a source, a signed webhook, and a delivery as admission leaves it.
import { createHash, randomUUID } from "node:crypto";
import type { Database } from "../../src/db/database.ts";
import {
  commands,
  constraintSnapshots,
  deliveries,
  deliveryRepos,
  installations,
  sources,
  webhooks,
} from "../../src/db/schema.ts";
import { birth } from "../../src/delivery/birth.ts";
import { Delivery, isTerminal } from "../../src/delivery/delivery.ts";
import { openPhase } from "../../src/delivery/phase-history.ts";
import { stateColumns } from "../../src/delivery/store.ts";
import { CommandId, DeliveryId, RepoId, Sha, TraceId, UserId, WebhookGuid } from "../../src/ids.ts";
import { digestOf } from "../../src/ledger/canonical.ts";

export const INSTALLATION = 777;
export const REPO = RepoId.parse(4711);
export const OCTOCAT = { kind: "human", id: UserId.parse(583_231), login: "octocat" } as const;
export const TRACE = TraceId.parse("0af7651916cd43dd8448eb211c80319c");
export const START = new Date("2026-11-21T10:00:00.000Z");

export const shaOf = (text: string): Sha => Sha.parse(createHash("sha1").update(text).digest("hex"));

/** The source, once. */
export async function storeSource(db: Database, repoId: RepoId = REPO, name = "shop"): Promise<void> {
  await db.transaction(async ({ sql }) => {
    await sql
      .insert(installations)
      .values({ id: INSTALLATION, accountId: 1, accountLogin: "acme", updatedAt: START })
      .onConflictDoNothing();
    await sql
      .insert(sources)
      .values({
        repoId,
        installationId: INSTALLATION,
        owner: "acme",
        name,
        visibility: "private",
        active: true,
        updatedAt: START,
      })
      .onConflictDoNothing();
  });
}

/** A webhook that was received, and understood where `processed` says so. */
export async function storeReceipt(
  db: Database,
  event = "issue_comment",
  payload: unknown = {},
  processed: "processed" | "waiting" = "waiting",
): Promise<WebhookGuid> {
  const guid = WebhookGuid.parse(randomUUID());
  const done = processed === "processed" ? { processedAt: START, outcome: "test" } : {};
  await db.transaction(({ sql }) => sql.insert(webhooks).values({ guid, event, payload, receivedAt: START, ...done }));
  return guid;
}

export type StoredOptions = Readonly<{
  issueNumber?: number;
  repoId?: RepoId;
  /** Over the state that admission leaves: intake/pending. */
  state?: Partial<Delivery>;
  /** Content of the ConstraintSnapshot. */
  snapshot?: unknown;
  changedAt?: Date;
}>;

/** A delivery with its source, trigger, repository, snapshot and first stay. */
export async function storeDelivery(db: Database, options: StoredOptions = {}): Promise<DeliveryId> {
  const { issueNumber = 12, repoId = REPO, state = {}, snapshot = {}, changedAt = START } = options;
  await storeSource(db, repoId);
  const triggerGuid = await storeReceipt(db, "issues", {}, "processed");
  const { delivery } = birth({
    id: DeliveryId.parse(1),
    exitPhase: "verify",
    maxRevisions: 3,
    maxFixes: 2,
    targets: [{ repoId, role: "primary" }],
  });
  const born = Delivery.parse({ ...delivery, ...state });
  return db.transaction(async (tx) => {
    const [row] = await tx.sql
      .insert(deliveries)
      .values({
        ...stateColumns(born),
        repoId,
        issueNumber,
        issueId: 1_000 + issueNumber,
        issueTitle: "The slug loses its last character",
        triggerGuid,
        requesterId: OCTOCAT.id,
        requesterLogin: OCTOCAT.login,
        tokenBudget: 200_000,
        traceId: TRACE,
        createdAt: START,
        changedAt,
        endedAt: isTerminal(born) ? changedAt : null,
      })
      .returning({ id: deliveries.id });
    const id = DeliveryId.parse(row?.id);
    await tx.sql.insert(deliveryRepos).values({
      deliveryId: id,
      repoId,
      installationId: INSTALLATION,
      owner: "acme",
      name: "shop",
      visibility: "private",
      role: "primary",
      baseBranch: "main",
      baseSha: shaOf("base"),
    });
    await tx.sql
      .insert(constraintSnapshots)
      .values({ deliveryId: id, version: 1, hash: digestOf(snapshot), content: snapshot, createdAt: START });
    if (!isTerminal(born)) await openPhase(tx, id, born.phase, START);
    return id;
  });
}

/** A command that waits for its verdict, with the receipt that it came in. */
export async function storeCommand(
  db: Database,
  deliveryId: DeliveryId,
  name: string,
  originId: number,
): Promise<CommandId> {
  const webhookGuid = await storeReceipt(db, "issue_comment", {}, "processed");
  return db.transaction(async ({ sql }) => {
    const [row] = await sql
      .insert(commands)
      .values({
        deliveryId,
        originKind: "comment",
        originId,
        position: 0,
        repoId: REPO,
        issueNumber: 12,
        webhookGuid,
        name,
        args: {},
        actorId: OCTOCAT.id,
        actorLogin: OCTOCAT.login,
        actorRole: "maintain",
        receivedAt: START,
        verdict: "waiting",
      })
      .returning({ id: commands.id });
    return CommandId.parse(row?.id);
  });
}
