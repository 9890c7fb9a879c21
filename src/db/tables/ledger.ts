// The proof: append-only chains of entries, and the head of each chain.
import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, timestamp, unique } from "drizzle-orm/pg-core";
import type { Digest, TraceId } from "../../ids.ts";
import { json, oneOf, text } from "./columns.ts";
import { deliveries } from "./deliveries.ts";

/** Append-only; triggers refuse UPDATE, DELETE and TRUNCATE. A chain is a delivery (`D-12`), a repository (`R-99`) or an installation (`I-7`). */
export const ledger = pgTable(
  "ledger",
  {
    chain: text().notNull(),
    seq: integer().notNull(),
    deliveryId: integer().references(() => deliveries.id),
    /** Milliseconds, no more: what is hashed is all that is kept. */
    recordedAt: timestamp({ withTimezone: true, mode: "date", precision: 3 }).notNull(),
    actorKind: text().notNull(),
    actorId: text().notNull(),
    action: text().notNull(),
    entityKind: text().notNull(),
    entityId: text().notNull(),
    before: json(),
    after: json(),
    note: text(),
    traceId: text().$type<TraceId>().notNull(),
    previousHash: text().$type<Digest>().notNull(),
    hash: text().$type<Digest>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.chain, t.seq] }),
    unique("ledger_hash").on(t.hash),
    index().on(t.deliveryId),
    check("ledger_seq", sql`seq > 0`),
    check("ledger_actor", oneOf("actor_kind", ["human", "system", "github"])),
  ],
);

/** The head of each chain: what the next entry stands on, and the row lock that orders writers. */
export const ledgerHeads = pgTable("ledger_heads", {
  chain: text().primaryKey(),
  seq: integer().notNull(),
  hash: text().$type<Digest>().notNull(),
});
