// What is done: deliveries, their stays in phases, their repositories, and what waits to be applied to them.
import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { RepoRole } from "../../delivery/delivery.ts";
import type { Sha, TraceId, WebhookGuid } from "../../ids.ts";
import { at, EXITS, github, json, oneOf, PHASES, STATUSES, text, VISIBILITIES } from "./columns.ts";
import { sources } from "./sources.ts";
import { webhooks } from "./webhooks.ts";

export const deliveries = pgTable(
  "deliveries",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    repoId: github()
      .notNull()
      .references(() => sources.repoId),
    issueNumber: integer().notNull(),
    issueId: github().notNull(),
    issueTitle: text().notNull(),
    parentId: integer(),
    /** Of a rollback: the delivery whose merge it undoes. */
    undoes: integer(),
    triggerGuid: text()
      .$type<WebhookGuid>()
      .notNull()
      .references(() => webhooks.guid),
    requesterId: github().notNull(),
    requesterLogin: text().notNull(),
    phase: text().notNull(),
    runStatus: text().notNull(),
    reason: text(),
    holds: json().notNull(),
    exitPhase: text().notNull(),
    version: integer().notNull(),
    attempt: integer().notNull(),
    revisionsLeft: integer().notNull(),
    fixesLeft: integer().notNull(),
    /** The rest of the machine's memory (Memory in delivery/store.ts); the verdicts of G0 to G5 are in the table of this name. */
    gates: json().notNull(),
    tokenBudget: integer().notNull(),
    /** What `/budget` allowed beyond the configured limits: millionths of a US dollar, and milliseconds. */
    microsRaised: bigint({ mode: "number" }).notNull().default(0),
    msRaised: bigint({ mode: "number" }).notNull().default(0),
    traceId: text().$type<TraceId>().notNull(),
    createdAt: at().notNull(),
    changedAt: at().notNull(),
    /** Rule M9; null while nothing is due or a hold stands. */
    deadlineAt: at(),
    /** The whole span of the deadline: half of it before `deadlineAt`, a gate reminds. */
    deadlineSeconds: integer(),
    /** What was left of it when a hold was added; null while none stands. */
    deadlineLeftSeconds: integer(),
    remindedAt: at(),
    endedAt: at(),
  },
  (t) => [
    foreignKey({ columns: [t.parentId], foreignColumns: [t.id] }),
    foreignKey({ columns: [t.undoes], foreignColumns: [t.id] }),
    check("deliveries_phase", oneOf("phase", PHASES)),
    check("deliveries_run_status", oneOf("run_status", STATUSES)),
    check("deliveries_exit", oneOf("exit_phase", EXITS)),
    check(
      "deliveries_reason",
      sql`(run_status in ('failed', 'blocked', 'canceled')) = (reason is not null) or (phase = 'close' and run_status = 'succeeded')`,
    ),
    check(
      "deliveries_counts",
      sql`version >= 0 and attempt >= 0 and revisions_left >= 0 and fixes_left >= 0 and token_budget >= 0 and micros_raised >= 0 and ms_raised >= 0`,
    ),
    uniqueIndex("deliveries_one_live")
      .on(t.repoId, t.issueNumber)
      // One that is being rolled back waits for the one that does it.
      .where(
        sql`run_status <> 'canceled' and not (phase = 'close' and run_status = 'succeeded') and reason is distinct from 'rolling_back'`,
      ),
    uniqueIndex("deliveries_one_rollback").on(t.undoes).where(sql`run_status <> 'canceled'`),
    index("deliveries_due").on(t.deadlineAt).where(sql`deadline_at is not null`),
    index("deliveries_live")
      .on(t.repoId, t.id)
      .where(sql`run_status <> 'canceled' and not (phase = 'close' and run_status = 'succeeded')`),
    index("deliveries_ended").on(t.endedAt).where(sql`run_status = 'succeeded' and ended_at is not null`),
    index("deliveries_working").on(t.changedAt).where(sql`run_status in ('pending', 'running')`),
    index().on(t.repoId, t.createdAt),
    index().on(t.repoId, t.issueNumber),
    index().on(t.triggerGuid),
    index().on(t.parentId),
    check(
      "deliveries_deadline",
      sql`deadline_at is null or (deadline_seconds is not null and deadline_left_seconds is null)`,
    ),
    check(
      "deliveries_ended",
      sql`(ended_at is not null) = (run_status = 'canceled' or (phase = 'close' and run_status = 'succeeded'))`,
    ),
  ],
);

/** One stay in a phase. */
export const phaseRuns = pgTable(
  "phase_runs",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    phase: text().notNull(),
    enteredAt: at().notNull(),
    leftAt: at(),
    endedAs: text(),
    reason: text(),
    endedBy: text(),
  },
  (t) => [
    index().on(t.deliveryId, t.id),
    uniqueIndex("phase_runs_one_open").on(t.deliveryId).where(sql`left_at is null`),
    check("phase_runs_phase", oneOf("phase", PHASES)),
    check("phase_runs_ended_as", oneOf("ended_as", STATUSES)),
    check("phase_runs_left", sql`(left_at is null) = (ended_as is null)`),
  ],
);

/** A repository that takes part in a delivery. */
export const deliveryRepos = pgTable(
  "delivery_repos",
  {
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    repoId: github().notNull(),
    installationId: github().notNull(),
    owner: text().notNull(),
    name: text().notNull(),
    visibility: text().notNull(),
    role: text().notNull(),
    /** The declared order, in which pull requests are opened: the primary repository is 0. */
    position: integer().notNull().default(0),
    baseBranch: text().notNull(),
    baseSha: text().$type<Sha>().notNull(),
    /** Filled in by the WriteGate's receipts. */
    pullNumber: integer(),
    headSha: text().$type<Sha>(),
  },
  (t) => [
    primaryKey({ columns: [t.deliveryId, t.repoId] }),
    check("delivery_repos_first", sql`role <> 'primary' or position = 0`),
    check("delivery_repos_role", oneOf("role", RepoRole.options)),
    check("delivery_repos_visibility", oneOf("visibility", VISIBILITIES)),
    uniqueIndex("delivery_repos_one_primary").on(t.deliveryId).where(sql`role = 'primary'`),
    index("delivery_repos_pull").on(t.repoId, t.pullNumber).where(sql`pull_number is not null`),
    index("delivery_repos_head").on(t.headSha).where(sql`head_sha is not null`),
  ],
);

/** Domain events that wait for `advance`; `dedupe_key` makes a replay a no-op. */
export const inbox = pgTable(
  "inbox",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    dedupeKey: text().notNull(),
    recorded: json().notNull(),
    webhookGuid: text()
      .$type<WebhookGuid>()
      .references(() => webhooks.guid),
    receivedAt: at().notNull(),
    appliedAt: at(),
    /** moved, noted, refused or stale */
    step: text(),
  },
  (t) => [
    unique("inbox_once").on(t.deliveryId, t.dedupeKey),
    index("inbox_waiting").on(t.deliveryId, t.id).where(sql`applied_at is null`),
    index().on(t.webhookGuid),
    check("inbox_step", oneOf("step", ["moved", "noted", "refused", "stale"])),
    check("inbox_applied", sql`(applied_at is null) = (step is null)`),
  ],
);
