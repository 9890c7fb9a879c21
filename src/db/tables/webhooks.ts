// What came in, as GitHub signed it.
import { sql } from "drizzle-orm";
import { index, pgTable } from "drizzle-orm/pg-core";
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
  (t) => [index().on(t.receivedAt), index("webhooks_unprocessed").on(t.receivedAt).where(sql`processed_at is null`)],
);
