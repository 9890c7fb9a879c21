// What stands still by somebody's word: freezes, and the labels that wait for their end.
import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, uniqueIndex } from "drizzle-orm/pg-core";
import type { WebhookGuid } from "../../ids.ts";
import { at, github, oneOf, text } from "./columns.ts";
import { commands } from "./people.ts";
import { installations, sources } from "./sources.ts";
import { webhooks } from "./webhooks.ts";

/** Approvers of a repository freeze it; the operator freezes whatever there is. Each lifts their own alone. */
export const FREEZERS = ["approver", "operator"] as const;

/**
 * While a row stands (`lifted_at` is null) triggers refuse rows of `writes` and `reservations` for its deliveries. A row can only be
 * lifted, once.
 */
export const freezes = pgTable(
  "freezes",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    /** Whose it was when it was frozen; a repository that moves on stays frozen. */
    installationId: github()
      .notNull()
      .references(() => installations.id),
    /** Null: the whole installation. */
    repoId: github().references(() => sources.repoId),
    by: text().$type<(typeof FREEZERS)[number]>().notNull(),
    reason: text(),
    /** Null of the operator. */
    personId: github(),
    personLogin: text(),
    commandId: integer().references(() => commands.id),
    frozenAt: at().notNull(),
    liftedAt: at(),
    liftedById: github(),
    liftedByLogin: text(),
    liftCommandId: integer().references(() => commands.id),
  },
  (t) => [
    uniqueIndex("freezes_repository").on(t.repoId, t.by).where(sql`lifted_at is null and repo_id is not null`),
    uniqueIndex("freezes_installation").on(t.installationId, t.by).where(sql`lifted_at is null and repo_id is null`),
    index("freezes_of_repository").on(t.repoId),
    check("freezes_by", oneOf("by", FREEZERS)),
    check(
      "freezes_person",
      sql`(by = 'approver') = (person_id is not null) and (by = 'approver') = (command_id is not null) and (person_id is null) = (person_login is null)`,
    ),
    check("freezes_approvers", sql`by = 'operator' or repo_id is not null`),
    check(
      "freezes_lifted",
      sql`(lifted_by_id is null or lifted_at is not null) and (lifted_at is null or (by = 'approver') = (lifted_by_id is not null)) and (lifted_by_id is null) = (lifted_by_login is null) and (lifted_by_id is null) = (lift_command_id is null)`,
    ),
  ],
);

/** Labels that were put on while a freeze stood: considered anew when it is lifted. */
export const deferredTriggers = pgTable(
  "deferred_triggers",
  {
    guid: text()
      .$type<WebhookGuid>()
      .primaryKey()
      .references(() => webhooks.guid),
    repoId: github().notNull(),
    installationId: github().notNull(),
    since: at().notNull(),
  },
  (t) => [index().on(t.installationId)],
);
