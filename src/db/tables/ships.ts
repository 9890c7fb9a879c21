// What the deploy gate shows: the merges and deployments of a delivery as one version, and what was found before it could be shown.
import { check, foreignKey, index, integer, pgTable, unique } from "drizzle-orm/pg-core";
import type { Digest } from "../../ids.ts";
import { at, github, json, oneOf, SHIPPED, text } from "./columns.ts";
import { deliveries } from "./deliveries.ts";

/** Append-only. */
export const ships = pgTable(
  "ships",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    /** Of the assessment that found it ready: run again, it finds this row. */
    attempt: integer().notNull(),
    version: integer().notNull(),
    digest: text().$type<Digest>().notNull(),
    /** ShipContent (shipping/content.ts) */
    content: json().notNull(),
    madeAt: at().notNull(),
  },
  (t) => [
    unique("ships_version").on(t.deliveryId, t.version),
    unique("ships_attempt").on(t.deliveryId, t.attempt),
    unique("ships_digest").on(t.id, t.digest, t.deliveryId),
  ],
);

/** Append-only: each merge and each deployment of a ship, which a write names as its subject. */
export const shipParts = pgTable(
  "ship_parts",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    shipId: integer().notNull(),
    shipDigest: text().$type<Digest>().notNull(),
    deliveryId: integer().notNull(),
    kind: text().notNull(),
    repoId: github().notNull(),
    digest: text().$type<Digest>().notNull(),
  },
  (t) => [
    foreignKey({
      name: "ship_parts_ship",
      columns: [t.shipId, t.shipDigest, t.deliveryId],
      foreignColumns: [ships.id, ships.digest, ships.deliveryId],
    }),
    unique("ship_parts_once").on(t.shipId, t.kind, t.repoId),
    unique("ship_parts_subject").on(t.id, t.kind, t.repoId, t.digest, t.shipId, t.shipDigest),
    index().on(t.deliveryId),
    check("ship_parts_kind", oneOf("kind", SHIPPED)),
  ],
);

/** Append-only: whether it can be merged and what is missing, by the newest look; and previews of its head. */
export const readiness = pgTable(
  "readiness",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    attempt: integer().notNull(),
    /** Readiness (shipping/readiness.ts) */
    content: json().notNull(),
    hash: text().$type<Digest>().notNull(),
    judgedAt: at().notNull(),
  },
  (t) => [index().on(t.deliveryId, t.id)],
);
