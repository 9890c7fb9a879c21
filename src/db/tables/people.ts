// What people said: commands, their words, their approvals.
import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, primaryKey, unique, uniqueIndex } from "drizzle-orm/pg-core";
import type { Digest, WebhookGuid } from "../../ids.ts";
import { at, github, json, oneOf, SUBJECTS, text } from "./columns.ts";
import { deliveries } from "./deliveries.ts";
import { patchSets } from "./patch-sets.ts";
import { artifacts } from "./runs.ts";
import { ships } from "./ships.ts";
import { webhooks } from "./webhooks.ts";

export const commands = pgTable(
  "commands",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer().references(() => deliveries.id),
    /** Where to react: an issue or pull request comment, a button on a check run, or a review of a pull request. */
    originKind: text().notNull(),
    originId: github().notNull(),
    /** Which command of that comment. */
    position: integer().notNull(),
    repoId: github().notNull(),
    issueNumber: integer().notNull(),
    webhookGuid: text()
      .$type<WebhookGuid>()
      .notNull()
      .references(() => webhooks.guid),
    name: text().notNull(),
    args: json().notNull(),
    actorId: github().notNull(),
    actorLogin: text().notNull(),
    /** The role that the authorisation found, live; null until then. */
    actorRole: text(),
    receivedAt: at().notNull(),
    /** waiting until the machine or the authorisation said so */
    verdict: text().notNull(),
    /** Refusal of the machine, or of the authorisation. */
    refusal: json(),
    decidedAt: at(),
  },
  (t) => [
    unique("commands_once").on(t.originKind, t.originId, t.position),
    index().on(t.deliveryId),
    index().on(t.webhookGuid),
    index("commands_waiting").on(t.receivedAt).where(sql`verdict = 'waiting'`),
    check("commands_decided", sql`(verdict = 'waiting') = (decided_at is null)`),
    check("commands_origin", oneOf("origin_kind", ["comment", "button", "review"])),
    /** Nothing else is ever heard in a review: no approval, above all. */
    check("commands_of_review", sql`origin_kind <> 'review' or name = 'revise'`),
    check("commands_verdict", oneOf("verdict", ["waiting", "accepted", "refused"])),
  ],
);

export const approvals = pgTable(
  "approvals",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    subjectKind: text().notNull(),
    /** Row of the subject: the plan's artifact, the patch set, … */
    subjectId: integer().notNull(),
    digest: text().$type<Digest>().notNull(),
    /** The subject's row again, so that the database knows that it exists, in this delivery, with this digest. */
    planId: integer().generatedAlwaysAs(sql`case when subject_kind = 'plan' then subject_id end`),
    patchSetId: integer().generatedAlwaysAs(sql`case when subject_kind = 'patchset' then subject_id end`),
    shipId: integer().generatedAlwaysAs(sql`case when subject_kind = 'ship' then subject_id end`),
    personId: github().notNull(),
    personLogin: text().notNull(),
    personRole: text(),
    commandId: integer()
      .notNull()
      .references(() => commands.id),
    /** The signed receipt that the approval came from. */
    webhookGuid: text()
      .$type<WebhookGuid>()
      .notNull()
      .references(() => webhooks.guid),
    approvedAt: at().notNull(),
    voidedAt: at(),
    voidReason: text(),
  },
  (t) => [
    /** Once voided, the same person may approve the same thing again. */
    uniqueIndex("approvals_once").on(t.subjectKind, t.subjectId, t.digest, t.personId).where(sql`voided_at is null`),
    unique("approvals_subject").on(t.id, t.subjectKind, t.subjectId, t.digest, t.deliveryId),
    foreignKey({
      name: "approvals_of_plan",
      columns: [t.planId, t.digest, t.deliveryId],
      foreignColumns: [artifacts.id, artifacts.hash, artifacts.deliveryId],
    }),
    foreignKey({
      name: "approvals_of_patch_set",
      columns: [t.patchSetId, t.digest, t.deliveryId],
      foreignColumns: [patchSets.id, patchSets.digest, patchSets.deliveryId],
    }),
    foreignKey({
      name: "approvals_of_ship",
      columns: [t.shipId, t.digest, t.deliveryId],
      foreignColumns: [ships.id, ships.digest, ships.deliveryId],
    }),
    index().on(t.deliveryId),
    index().on(t.commandId),
    index().on(t.webhookGuid),
    check("approvals_kind", oneOf("subject_kind", SUBJECTS)),
    check("approvals_void", sql`(voided_at is null) = (void_reason is null)`),
  ],
);

/** Words of a human that the next run must see. */
export const feedback = pgTable(
  "feedback",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    commandId: integer()
      .notNull()
      .references(() => commands.id),
    /** null: about the plan. */
    repoId: github(),
    words: text().notNull(),
    createdAt: at().notNull(),
  },
  (t) => [index().on(t.deliveryId), unique().on(t.commandId)],
);

/** A criterion that an approver accepted without other evidence. */
export const acceptedCriteria = pgTable(
  "accepted_criteria",
  {
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    criterion: text().notNull(),
    personId: github().notNull(),
    personLogin: text().notNull().default(""),
    acceptedAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.deliveryId, t.criterion] })],
);
