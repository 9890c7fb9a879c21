// What came in, as GitHub signed it, and what never did.
import { sql } from "drizzle-orm";
import { check, index, integer, pgTable } from "drizzle-orm/pg-core";
import type { WebhookGuid } from "../../ids.ts";
import { at, github, json, text } from "./columns.ts";

/** Received once; processing is a second fact. */
export const webhooks = pgTable(
  "webhooks",
  {
    guid: text().$type<WebhookGuid>().primaryKey(),
    event: text().notNull(),
    action: text(),
    installationId: github(),
    repoId: github(),
    payload: json().notNull(),
    receivedAt: at().notNull(),
    processedAt: at(),
    outcome: text(),
  },
  (t) => [
    index().on(t.receivedAt),
    index("webhooks_unprocessed").on(t.receivedAt).where(sql`processed_at is null`),
    // Whether a comment, or the putting-on of a label, was ever told of.
    index("webhooks_comment")
      .on(t.repoId, sql`(payload -> 'comment' ->> 'id')`)
      .where(sql`event = 'issue_comment' and action = 'created'`),
    index("webhooks_labeled")
      .on(t.repoId, sql`(payload -> 'issue' ->> 'number')`)
      .where(sql`event = 'issues' and action = 'labeled'`),
  ],
);

/** One row: how far GitHub's record of its webhooks was gone through. */
export const hookLook = pgTable(
  "hook_look",
  {
    id: integer().primaryKey().default(1),
    /** Before this nothing is open any more. */
    settledUntil: at().notNull(),
    lookedAt: at().notNull(),
  },
  () => [check("hook_look_one", sql`id = 1`)],
);

/** Webhooks that GitHub could not hand over, however often it was asked. */
export const lostWebhooks = pgTable(
  "lost_webhooks",
  {
    guid: text().$type<WebhookGuid>().primaryKey(),
    event: text().notNull(),
    action: text(),
    installationId: github(),
    repoId: github(),
    /** When GitHub first tried. */
    sentAt: at().notNull(),
    lostAt: at().notNull(),
  },
  (t) => [index().on(t.repoId, t.sentAt)],
);
