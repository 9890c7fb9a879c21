// What model calls may cost and did: set aside before each call, settled after it, and never forgotten.
import { sql } from "drizzle-orm";
import { bigint, boolean, check, date, index, integer, pgTable } from "drizzle-orm/pg-core";
import type { Digest } from "../../ids.ts";
import { at, github, json, oneOf, text } from "./columns.ts";
import { deliveries } from "./deliveries.ts";
import { artifacts } from "./runs.ts";
import { installations } from "./sources.ts";

/** One row a call. A trigger refuses to change what is settled and to delete any. */
export const reservations = pgTable(
  "reservations",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    installationId: github()
      .notNull()
      .references(() => installations.id),
    /** UTC, when it was set aside: the call counts for that day. */
    day: date({ mode: "string" }).notNull(),
    attempt: integer().notNull(),
    role: text().notNull(),
    model: text().notNull(),
    contextHash: text().$type<Digest>(),
    /** `held` while the call may be under way, `settled` when the endpoint has counted, `lost` when nobody knows what it cost. */
    state: text().notNull(),
    estimatedTokens: integer().notNull(),
    /** Millionths of a US dollar; null when the price is not known. */
    estimatedMicros: bigint({ mode: "number" }),
    inputTokens: integer().notNull().default(0),
    outputTokens: integer().notNull().default(0),
    costMicros: bigint({ mode: "number" }),
    durationMs: integer().notNull().default(0),
    /** The limit that it passed where the mode is `warn`. */
    over: json(),
    reservedAt: at().notNull(),
    /** A worker that is alive has settled by then. */
    expiresAt: at().notNull(),
    settledAt: at(),
  },
  (t) => [
    index().on(t.deliveryId, t.id),
    index().on(t.installationId, t.day),
    index().on(t.installationId, t.role, t.id),
    index("reservations_held").on(t.expiresAt).where(sql`state = 'held'`),
    check("reservations_state", oneOf("state", ["held", "settled", "lost"])),
    check("reservations_settled", sql`(state = 'held') = (settled_at is null)`),
    check(
      "reservations_counts",
      sql`estimated_tokens >= 0 and estimated_micros >= 0 and input_tokens >= 0 and output_tokens >= 0 and cost_micros >= 0 and duration_ms >= 0`,
    ),
  ],
);

/** What approving a plan was forecast to cost; append-only, like the plan itself. */
export const forecasts = pgTable(
  "forecasts",
  {
    planId: integer()
      .primaryKey()
      .references(() => artifacts.id),
    tokens: integer().notNull(),
    /** Millionths of a US dollar; null when the price was not known. */
    micros: bigint({ mode: "number" }),
    /** Answers count as long as they may be, because there was nothing to learn from. */
    most: boolean().notNull(),
    pastRuns: integer().notNull(),
  },
  () => [check("forecasts_counts", sql`tokens >= 0 and micros >= 0 and past_runs >= 0`)],
);

/** The circuit breaker of each endpoint (host, path, model), one for all workers. */
export const endpoints = pgTable(
  "endpoints",
  {
    endpoint: text().primaryKey(),
    state: text().notNull(),
    /** One after the other, while it is closed. */
    failures: integer().notNull(),
    /** How often it opened without closing in between. */
    opens: integer().notNull(),
    /** Nobody calls before; while half open: when another may probe. */
    until: at(),
    /** When a delivery that waits was last sent to probe. */
    invitedAt: at(),
    changedAt: at().notNull(),
  },
  (t) => [
    check("endpoints_state", oneOf("state", ["closed", "open", "half_open"])),
    check("endpoints_until", sql`(state = 'closed') = (until is null)`),
    check("endpoints_counts", sql`failures >= 0 and opens >= 0`),
    index("endpoints_due").on(t.until).where(sql`until is not null`),
  ],
);

/** Deliveries that wait for something that comes back by itself: a new day, or the endpoint. The sweep tells them. */
export const resourceWaits = pgTable(
  "resource_waits",
  {
    deliveryId: integer()
      .primaryKey()
      .references(() => deliveries.id),
    attempt: integer().notNull(),
    resource: text().notNull(),
    /** Which endpoint; null of a budget. */
    endpoint: text(),
    /** When it is back for sure; null while nobody knows. */
    dueAt: at(),
    since: at().notNull(),
  },
  (t) => [
    index("resource_waits_due").on(t.dueAt).where(sql`due_at is not null`),
    index("resource_waits_endpoint").on(t.endpoint, t.since).where(sql`endpoint is not null`),
    check("resource_waits_resource", oneOf("resource", ["budget", "endpoint"])),
    check("resource_waits_endpoint_named", sql`(resource = 'endpoint') = (endpoint is not null)`),
  ],
);
