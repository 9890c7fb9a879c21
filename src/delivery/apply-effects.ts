// Does what the machine asked for, as rows and jobs of the same transaction. Nothing here leaves the database.
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import type { Tx } from "../db/database.ts";
import {
  acceptedCriteria,
  approvals,
  artifacts,
  commands,
  deliveries,
  feedback,
  ships,
  webhooks,
} from "../db/schema.ts";
import { type DeliveryId, deliveryName, type TraceId } from "../ids.ts";
import type { Instant } from "../instant.ts";
import { digestOf } from "../ledger/canonical.ts";
import type { LedgerDraft } from "../ledger/entry.ts";
import { unreachable } from "../result.ts";
import type { Effect, SubjectRef } from "./effect.ts";
import type { Actor } from "./event.ts";

/** The column is an integer. */
const MOST_TOKENS = 2_147_483_647;

export type Applying = Readonly<{ deliveryId: DeliveryId; traceId: TraceId; actor: Actor; at: Instant }>;

type Books = Readonly<{ tx: Tx; on: Applying }>;

/** Keeps the books; answers what the ledger shall say of them. Jobs are enqueued by the caller, once for all events. */
export async function keepBooks(tx: Tx, on: Applying, effects: readonly Effect[]): Promise<readonly LedgerDraft[]> {
  const drafts: LedgerDraft[] = [];
  for (const effect of effects) drafts.push(...(await keep({ tx, on }, effect)));
  return drafts;
}

async function keep(books: Books, effect: Effect): Promise<readonly LedgerDraft[]> {
  switch (effect.kind) {
    case "work":
    case "publish":
      return [];
    case "record_approval":
      return recordApproval(books, effect);
    case "void_approvals":
      return voidApprovals(books, effect);
    case "answer":
      return decideCommand(books, effect);
    case "keep_feedback":
      return keepFeedback(books, effect);
    case "raise_budget":
      return raiseBudget(books, effect);
    case "accept_criterion":
      return acceptCriterion(books, effect);
    case "start_rollback":
      return [draft(books.on, "rollback_wanted", ofDelivery(books.on, "rollback"), { command: effect.commandId })];
    default:
      return unreachable(effect);
  }
}

type Of<K extends Effect["kind"]> = Extract<Effect, { kind: K }>;

async function recordApproval({ tx, on }: Books, effect: Of<"record_approval">): Promise<readonly LedgerDraft[]> {
  const { subject, commandId, origin, person, login } = effect;
  const [command] = await tx.sql
    .select({ webhookGuid: commands.webhookGuid, role: commands.actorRole, payload: webhooks.payload })
    .from(commands)
    .innerJoin(webhooks, eq(webhooks.guid, commands.webhookGuid))
    .where(and(eq(commands.id, commandId), eq(commands.deliveryId, on.deliveryId)));
  // No receipt, no approval: the row could not stand in the database either.
  if (command === undefined) throw new Error(`command ${commandId} is not one of delivery ${on.deliveryId}`);
  const row = {
    subjectKind: subject.kind,
    subjectId: await subjectId(tx, on.deliveryId, subject),
    digest: subject.digest,
    personId: person,
    personLogin: login,
    personRole: command.role,
    commandId,
    webhookGuid: command.webhookGuid,
  };
  const approvedAt = origin.kind === "comment" ? origin.writtenAt : origin.clickedAt;
  const [saved] = await tx.sql
    .insert(approvals)
    .values({ ...row, deliveryId: on.deliveryId, approvedAt: new Date(approvedAt) })
    // The same person's approval of the same thing stands already: one is enough.
    .onConflictDoNothing()
    .returning({ id: approvals.id });
  if (saved === undefined) return [];
  // What the pull request holds was not approved when it was judged.
  if (subject.kind === "head") await tx.enqueue("judge", { deliveryId: on.deliveryId });
  const evidence = { ...row, approvedAt, origin, receiptHash: digestOf(command.payload) };
  return [draft(on, "approval_recorded", { kind: "approval", id: `${saved.id}` }, evidence)];
}

/** What is decided by the delivery's own state (heads) has no row of its own: the delivery stands for it. */
async function subjectId(tx: Tx, deliveryId: DeliveryId, subject: SubjectRef): Promise<number> {
  switch (subject.kind) {
    case "plan": {
      const [plan] = await tx.sql
        .select({ id: artifacts.id })
        .from(artifacts)
        .where(
          and(
            eq(artifacts.deliveryId, deliveryId),
            eq(artifacts.kind, "plan"),
            eq(artifacts.version, subject.version),
            eq(artifacts.hash, subject.digest),
          ),
        );
      if (plan === undefined)
        throw new Error(`plan ${subject.version} of delivery ${deliveryId} is not stored as shown`);
      return plan.id;
    }
    case "patchset":
      return subject.patchSetId;
    case "ship": {
      const [ship] = await tx.sql
        .select({ id: ships.id })
        .from(ships)
        .where(
          and(eq(ships.deliveryId, deliveryId), eq(ships.version, subject.version), eq(ships.digest, subject.digest)),
        );
      if (ship === undefined)
        throw new Error(`ship ${subject.version} of delivery ${deliveryId} is not stored as shown`);
      return ship.id;
    }
    case "head":
      return deliveryId;
    default:
      return unreachable(subject);
  }
}

async function voidApprovals(
  { tx, on }: Books,
  { subjects, people, why }: Of<"void_approvals">,
): Promise<readonly LedgerDraft[]> {
  const drafts: LedgerDraft[] = [];
  for (const { kind, digest } of subjects) {
    const voided = await tx.sql
      .update(approvals)
      .set({ voidedAt: new Date(on.at), voidReason: why })
      .where(
        and(
          eq(approvals.deliveryId, on.deliveryId),
          eq(approvals.subjectKind, kind),
          eq(approvals.digest, digest),
          isNull(approvals.voidedAt),
          people === null ? undefined : inArray(approvals.personId, [...people]),
        ),
      )
      .returning({ id: approvals.id });
    for (const { id } of voided) {
      drafts.push(draft(on, "approval_voided", { kind: "approval", id: `${id}` }, { digest }, why));
    }
  }
  return drafts;
}

/** The verdict itself is the event's own entry in the ledger. */
async function decideCommand({ tx, on }: Books, { commandId, refusal }: Of<"answer">): Promise<readonly LedgerDraft[]> {
  await tx.sql
    .update(commands)
    .set({ verdict: refusal === null ? "accepted" : "refused", refusal, decidedAt: new Date(on.at) })
    .where(and(eq(commands.id, commandId), eq(commands.verdict, "waiting")));
  return [];
}

async function keepFeedback({ tx, on }: Books, effect: Of<"keep_feedback">): Promise<readonly LedgerDraft[]> {
  const { commandId, scope, text } = effect;
  const [saved] = await tx.sql
    .insert(feedback)
    .values({
      deliveryId: on.deliveryId,
      commandId,
      repoId: scope === "plan" ? null : scope,
      words: text,
      createdAt: new Date(on.at),
    })
    .onConflictDoNothing()
    .returning({ id: feedback.id });
  if (saved === undefined) return [];
  return [draft(on, "feedback_kept", { kind: "feedback", id: `${saved.id}` }, { commandId, scope, text })];
}

/** Never lowered; two that were judged at once do not pass the ceiling together. */
async function raiseBudget({ tx, on }: Books, effect: Of<"raise_budget">): Promise<readonly LedgerDraft[]> {
  const { tokens, micros, ms, most } = effect;
  const { tokenBudget, microsRaised, msRaised } = deliveries;
  const raisedBy = (column: AnyPgColumn, more: number, holds: number) =>
    more === 0
      ? sql`${column}`
      : sql`greatest(${column}, least(${Math.min(holds, most ?? holds)}::bigint, ${column}::bigint + ${more}::bigint))`;
  const [raised] = await tx.sql
    .update(deliveries)
    .set({
      tokenBudget: raisedBy(tokenBudget, tokens, MOST_TOKENS),
      microsRaised: raisedBy(microsRaised, micros, Number.MAX_SAFE_INTEGER),
      msRaised: raisedBy(msRaised, ms, Number.MAX_SAFE_INTEGER),
    })
    .where(eq(deliveries.id, on.deliveryId))
    .returning({ tokenBudget, microsRaised, msRaised });
  return [draft(on, "budget_raised", ofDelivery(on, "budget"), { tokens, micros, ms, ...raised })];
}

async function acceptCriterion({ tx, on }: Books, effect: Of<"accept_criterion">): Promise<readonly LedgerDraft[]> {
  const { criterion, person, login } = effect;
  const given = { personId: person, personLogin: login, acceptedAt: new Date(on.at) };
  await tx.sql
    .insert(acceptedCriteria)
    .values({ deliveryId: on.deliveryId, criterion, ...given })
    // An acceptance speaks of the content that stands then: of newer content it is given anew.
    .onConflictDoUpdate({ target: [acceptedCriteria.deliveryId, acceptedCriteria.criterion], set: given });
  return [draft(on, "criterion_accepted", ofDelivery(on, "criterion"), { criterion, person, login })];
}

/** Facts beside the delivery's state have a kind of their own: entries of kind `delivery` are changes of that state. */
const ofDelivery = (on: Applying, kind: string): LedgerDraft["entity"] => ({ kind, id: deliveryName(on.deliveryId) });

const draft = (
  on: Applying,
  action: string,
  entity: LedgerDraft["entity"],
  after: unknown,
  note: string | null = null,
): LedgerDraft => ({ ...on, action, entity, before: null, after, note });
