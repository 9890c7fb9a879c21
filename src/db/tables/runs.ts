// What a run was given, did and left.
import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, primaryKey, unique } from "drizzle-orm/pg-core";
import { ARTIFACT_KINDS } from "../../artifacts/artifact.ts";
import type { Digest, Sha } from "../../ids.ts";
import { at, github, json, oneOf, text } from "./columns.ts";
import { deliveries } from "./deliveries.ts";

export const constraintSnapshots = pgTable(
  "constraint_snapshots",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    version: integer().notNull(),
    hash: text().$type<Digest>().notNull(),
    content: json().notNull(),
    createdAt: at().notNull(),
  },
  (t) => [unique().on(t.deliveryId, t.version)],
);

export const contextPackets = pgTable(
  "context_packets",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    version: integer().notNull(),
    hash: text().$type<Digest>().notNull(),
    content: json().notNull(),
    createdAt: at().notNull(),
  },
  (t) => [unique().on(t.deliveryId, t.version)],
);

export const doctrineRefs = pgTable(
  "doctrine_refs",
  {
    contextPacketId: integer()
      .notNull()
      .references(() => contextPackets.id),
    repoId: github().notNull(),
    path: text().notNull(),
    blobSha: text().$type<Sha>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.contextPacketId, t.repoId, t.path] })],
);

export const runs = pgTable(
  "runs",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    attempt: integer().notNull(),
    role: text().notNull(),
    engine: text().notNull(),
    model: text().notNull(),
    promptVersion: text().notNull(),
    promptHash: text().$type<Digest>().notNull(),
    contextHash: text().$type<Digest>().notNull(),
    constraintHash: text().$type<Digest>().notNull(),
    inputTokens: integer().notNull(),
    outputTokens: integer().notNull(),
    /** Millionths of a US dollar; null when the model's price is not known. */
    costMicros: bigint({ mode: "number" }),
    startedAt: at().notNull(),
    durationMs: integer().notNull(),
    transcript: json().notNull(),
    /** The StepSpec; null in rows that are older than it. */
    step: json(),
    /** The word that no answer may repeat; null where the prompt had none. */
    canary: text(),
    outcome: text().notNull(),
    error: text(),
  },
  (t) => [
    index().on(t.deliveryId, t.id),
    check("runs_outcome", oneOf("outcome", ["succeeded", "unusable", "refused", "failed", "injected"])),
    check("runs_tokens", sql`input_tokens >= 0 and output_tokens >= 0`),
  ],
);

export const artifacts = pgTable(
  "artifacts",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    runId: integer().references(() => runs.id),
    kind: text().notNull(),
    version: integer().notNull(),
    hash: text().$type<Digest>().notNull(),
    content: json().notNull(),
    createdAt: at().notNull(),
  },
  (t) => [
    unique().on(t.deliveryId, t.kind, t.version),
    unique("artifacts_hash").on(t.id, t.hash, t.deliveryId),
    index().on(t.runId),
    check("artifacts_kind", oneOf("kind", ARTIFACT_KINDS)),
  ],
);
