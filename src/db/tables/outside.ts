// What we put on GitHub: what we say, and what the WriteGate writes.
import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, primaryKey, unique, uuid } from "drizzle-orm/pg-core";
import type { Digest, Sha } from "../../ids.ts";
import { at, github, oneOf, SHIPPED, text, WRITABLE } from "./columns.ts";
import { deliveries } from "./deliveries.ts";
import { patchSets } from "./patch-sets.ts";
import { approvals } from "./people.ts";
import { shipParts } from "./ships.ts";

/** A merge and a deployment are approved as parts of a ship; whatever else is written is approved by itself. */
const isShipped = `subject_kind in (${SHIPPED.map((kind) => `'${kind}'`).join(", ")})`;

export const publications = pgTable(
  "publications",
  {
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    key: text().notNull(),
    kind: text().notNull(),
    repoId: github().notNull(),
    /** Null between the intent and the receipt. */
    remoteId: github(),
    url: text(),
    bodyHash: text().$type<Digest>(),
    /** By GitHub's clock. */
    publishedAt: at(),
  },
  (t) => [
    primaryKey({ columns: [t.deliveryId, t.key] }),
    check("publications_kind", oneOf("kind", ["comment", "check_run", "reaction", "label"])),
    index("publications_remote").on(t.kind, t.remoteId).where(sql`remote_id is not null`),
  ],
);

/** One use of the WriteGate: inserted before the first call, and only where an approval of the same subject and hash is. */
export const writes = pgTable(
  "writes",
  {
    id: uuid().primaryKey(),
    deliveryId: integer()
      .notNull()
      .references(() => deliveries.id),
    approvalId: integer().notNull(),
    subjectKind: text().notNull(),
    subjectId: integer().notNull(),
    digest: text().$type<Digest>().notNull(),
    patchSetId: integer().generatedAlwaysAs(sql`case when subject_kind = 'patchset' then subject_id end`),
    /** Of a merge or a deployment: the ship that it is a part of, which is what was approved. */
    shipId: integer(),
    shipDigest: text().$type<Digest>(),
    shipPartId: integer().generatedAlwaysAs(sql.raw(`case when ${isShipped} then subject_id end`)),
    approvedKind: text()
      .notNull()
      .generatedAlwaysAs(sql.raw(`case when ${isShipped} then 'ship' else subject_kind end`)),
    approvedId: integer()
      .notNull()
      .generatedAlwaysAs(sql.raw(`case when ${isShipped} then ship_id else subject_id end`)),
    approvedDigest: text()
      .notNull()
      .generatedAlwaysAs(sql.raw(`case when ${isShipped} then ship_digest else digest end`)),
    repoId: github().notNull(),
    /** Of a merge and a deployment: the base branch. */
    branch: text().notNull(),
    intendedAt: at().notNull(),
    /** Receipts, each null until GitHub confirmed it. */
    treeSha: text().$type<Sha>(),
    commitSha: text().$type<Sha>(),
    branchAt: at(),
    pullNumber: integer(),
    deploymentId: github(),
    finishedAt: at(),
  },
  (t) => [
    foreignKey({
      name: "writes_approved",
      columns: [t.approvalId, t.approvedKind, t.approvedId, t.approvedDigest, t.deliveryId],
      foreignColumns: [
        approvals.id,
        approvals.subjectKind,
        approvals.subjectId,
        approvals.digest,
        approvals.deliveryId,
      ],
    }),
    foreignKey({
      name: "writes_repository",
      columns: [t.patchSetId, t.repoId],
      foreignColumns: [patchSets.id, patchSets.repoId],
    }),
    foreignKey({
      name: "writes_ship_part",
      columns: [t.shipPartId, t.subjectKind, t.repoId, t.digest, t.shipId, t.shipDigest],
      foreignColumns: [
        shipParts.id,
        shipParts.kind,
        shipParts.repoId,
        shipParts.digest,
        shipParts.shipId,
        shipParts.shipDigest,
      ],
    }),
    check(
      "writes_ship",
      sql.raw(`(ship_id is not null) = (${isShipped}) and (ship_digest is not null) = (${isShipped})`),
    ),
    unique("writes_once").on(t.subjectKind, t.subjectId, t.digest),
    index().on(t.deliveryId),
    check("writes_kind", oneOf("subject_kind", WRITABLE)),
  ],
);
