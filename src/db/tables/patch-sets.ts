// What is proposed and judged.
import { boolean, check, index, integer, pgTable, primaryKey, unique } from "drizzle-orm/pg-core";
import { GATES } from "../../delivery/gates/judgement.ts";
import type { Digest } from "../../ids.ts";
import { Severity } from "../../policy/violation.ts";
import { at, github, json, oneOf, text } from "./columns.ts";
import { deliveries } from "./deliveries.ts";
import { artifacts } from "./runs.ts";

export const patchSets = pgTable(
  "patch_sets",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    repoId: github().notNull(),
    version: integer().notNull(),
    digest: text().$type<Digest>().notNull(),
    /** PatchSetContent without `changes`, which are rows of `patches`. */
    content: json().notNull(),
    artifactId: integer().references(() => artifacts.id),
    /**
     * Who could see each repository of the delivery when the words of the patch set were chosen, by repository id: words
     * that were fit then are not where more people see them now.
     */
    visibilities: json().notNull().default({}),
    createdAt: at().notNull(),
  },
  (t) => [
    unique().on(t.deliveryId, t.repoId, t.version),
    unique("patch_sets_digest").on(t.id, t.digest, t.deliveryId),
    unique("patch_sets_repo").on(t.id, t.repoId),
    index().on(t.artifactId),
  ],
);

export const patches = pgTable(
  "patches",
  {
    patchSetId: integer()
      .notNull()
      .references(() => patchSets.id),
    position: integer().notNull(),
    path: text().notNull(),
    /** FileChange */
    change: json().notNull(),
    diff: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.patchSetId, t.position] }), unique().on(t.patchSetId, t.path)],
);

export const policyViolations = pgTable(
  "policy_violations",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    patchSetId: integer().references(() => patchSets.id),
    /** Of what is blocked no patch set is kept, and still it has to be said where. */
    repoId: github(),
    attempt: integer().notNull(),
    rule: text().notNull(),
    severity: text().notNull(),
    path: text(),
    line: integer(),
    message: text().notNull(),
  },
  (t) => [
    index().on(t.deliveryId, t.attempt),
    index().on(t.patchSetId),
    check("policy_violations_severity", oneOf("severity", Severity.options)),
  ],
);

export const gates = pgTable(
  "gates",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    gate: text().notNull(),
    attempt: integer().notNull(),
    passed: boolean().notNull(),
    evidence: json().notNull(),
    judgedAt: at().notNull(),
  },
  (t) => [index().on(t.deliveryId, t.id), check("gates_gate", oneOf("gate", GATES))],
);
