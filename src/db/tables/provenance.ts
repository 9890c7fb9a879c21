// What was found out about the heads and the merges of a delivery's pull requests.
import { check, index, integer, pgTable } from "drizzle-orm/pg-core";
import type { Digest, Sha } from "../../ids.ts";
import { at, github, json, oneOf, text } from "./columns.ts";
import { deliveries } from "./deliveries.ts";

/** Append-only: of one commit the newest row counts, because what people approved can grow. */
export const provenance = pgTable(
  "provenance",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    repoId: github().notNull(),
    pullNumber: integer().notNull(),
    kind: text().notNull(),
    commitSha: text().$type<Sha>().notNull(),
    verdict: text().notNull(),
    /** Judged (provenance/verdict.ts) */
    content: json().notNull(),
    hash: text().$type<Digest>().notNull(),
    judgedAt: at().notNull(),
  },
  (t) => [
    index().on(t.deliveryId, t.id),
    index("provenance_commit").on(t.repoId, t.commitSha),
    check("provenance_kind", oneOf("kind", ["head", "merge"])),
    check("provenance_verdict", oneOf("verdict", ["approved", "unapproved", "unproven"])),
  ],
);
