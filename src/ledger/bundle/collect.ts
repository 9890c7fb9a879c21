// Reads everything that there is about a delivery from the database, as the files of a bundle.
import { asc, eq, inArray } from "drizzle-orm";
import type { Database, Sql } from "../../db/database.ts";
import {
  acceptedCriteria,
  approvals,
  artifacts,
  commands,
  constraintSnapshots,
  contextPackets,
  deliveries,
  deliveryRepos,
  feedback,
  gates,
  inbox,
  ledgerHeads,
  patches,
  patchSets,
  phaseRuns,
  policyViolations,
  provenance,
  publications,
  readiness,
  runs,
  ships,
  webhooks,
  writes,
} from "../../db/schema.ts";
import { loadDelivery } from "../../delivery/store.ts";
import type { DeliveryId } from "../../ids.ts";
import { canonicalJson } from "../canonical.ts";
import { deliveryChain } from "../entry.ts";
import { readChain } from "../read.ts";
import { type Files, LEDGER } from "./files.ts";
import { jsonFile, seal } from "./seal.ts";

/** Null when there is no such delivery. All of it is of one moment: nobody can add evidence meanwhile. */
export function collectBundle(db: Database, id: DeliveryId): Promise<Files | null> {
  return db.transaction(async ({ sql }) => {
    const chain = deliveryChain(id);
    // All evidence comes with a ledger entry, and each of those needs the head.
    await sql.select().from(ledgerHeads).where(eq(ledgerHeads.chain, chain)).for("share");
    const stored = await loadDelivery({ sql }, id);
    if (stored === null) return null;
    const { rows, head } = await readChain(sql, chain);
    const files = new Map<string, string>([
      [LEDGER, rows.map((row) => `${canonicalJson(row)}\n`).join("")],
      ["delivery.json", jsonFile({ state: stored.delivery, ...(await aboutDelivery(sql, id)) })],
      ...(await runFiles(sql, id)),
      ...(await givenFiles(sql, id)),
      ...(await patchSetFiles(sql, id)),
      ...(await rowFiles(sql, id)),
      ...(await receiptFiles(sql, id)),
    ]);
    return seal(chain, head, files);
  });
}

type File = readonly [path: string, text: string];

async function aboutDelivery(sql: Sql, id: DeliveryId) {
  const [about] = await sql.select().from(deliveries).where(eq(deliveries.id, id));
  const repositories = await sql.select().from(deliveryRepos).where(eq(deliveryRepos.deliveryId, id));
  const phases = await sql.select().from(phaseRuns).where(eq(phaseRuns.deliveryId, id)).orderBy(asc(phaseRuns.id));
  return { about, repositories, phases };
}

/** Parts of paths come from our own words and numbers only; a name of elsewhere could lead out of the folder. */
const word = (text: string): string => text.replaceAll(/[^a-z0-9_]/gi, "-");

async function runFiles(sql: Sql, id: DeliveryId): Promise<File[]> {
  const all = await sql.select().from(runs).where(eq(runs.deliveryId, id)).orderBy(asc(runs.id));
  return all.flatMap((run): File[] => {
    const {
      transcript,
      outcome,
      error,
      inputTokens,
      outputTokens,
      costMicros,
      durationMs,
      deliveryId: _,
      ...input
    } = run;
    const at = `runs/${run.id}-${word(run.role)}`;
    const output = { id: run.id, outcome, error, inputTokens, outputTokens, costMicros, durationMs };
    return [
      [`${at}/input.json`, jsonFile(input)],
      [`${at}/log.json`, jsonFile(transcript)],
      [`${at}/output.json`, jsonFile(output)],
    ];
  });
}

async function givenFiles(sql: Sql, id: DeliveryId): Promise<File[]> {
  const made = await sql.select().from(artifacts).where(eq(artifacts.deliveryId, id)).orderBy(asc(artifacts.id));
  const packets = await sql.select().from(contextPackets).where(eq(contextPackets.deliveryId, id));
  const snapshots = await sql.select().from(constraintSnapshots).where(eq(constraintSnapshots.deliveryId, id));
  return [
    ...made.map((row): File => [`artifacts/${row.id}-${word(row.kind)}-${row.version}.json`, jsonFile(row)]),
    ...packets.map((row): File => [`context-packets/${row.version}.json`, jsonFile(row)]),
    ...snapshots.map((row): File => [`constraint-snapshots/${row.version}.json`, jsonFile(row)]),
  ];
}

async function patchSetFiles(sql: Sql, id: DeliveryId): Promise<File[]> {
  const files: File[] = [];
  const sets = await sql.select().from(patchSets).where(eq(patchSets.deliveryId, id)).orderBy(asc(patchSets.id));
  for (const set of sets) {
    const rows = await sql.select().from(patches).where(eq(patches.patchSetId, set.id)).orderBy(asc(patches.position));
    const at = `patch-sets/${set.id}`;
    files.push([`${at}/patch-set.json`, jsonFile({ ...set, changes: rows.map(({ change }) => change) })]);
    files.push([`${at}/changes.diff`, rows.map(({ diff }) => diff).join("")]);
  }
  return files;
}

async function rowFiles(sql: Sql, id: DeliveryId): Promise<File[]> {
  const shown = { inbox, publications, ships, readiness };
  const of = { commands, approvals, gates, writes, provenance, policyViolations, feedback, acceptedCriteria, ...shown };
  const files: File[] = [];
  for (const [name, table] of Object.entries(of)) {
    const rows = await sql.select().from(table).where(eq(table.deliveryId, id));
    files.push([`${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.json`, jsonFile(inOrder(rows))]);
  }
  return files;
}

/** Rows have no order of their own; an export of the same state is the same text. */
const inOrder = (rows: readonly object[]): readonly object[] =>
  rows
    .map((row) => ({ row, key: canonicalJson(row), id: Number(Reflect.get(row, "id")) }))
    .sort((a, b) => a.id - b.id || (a.key < b.key ? -1 : 1))
    .map(({ row }) => row);

/** The webhooks that commands came in, as GitHub signed them. Numbered, because a GUID is what a sender says it is. */
async function receiptFiles(sql: Sql, id: DeliveryId): Promise<File[]> {
  const named = await sql
    .selectDistinct({ guid: commands.webhookGuid })
    .from(commands)
    .where(eq(commands.deliveryId, id));
  const [trigger] = await sql.select({ guid: deliveries.triggerGuid }).from(deliveries).where(eq(deliveries.id, id));
  const guids = [...new Set([...named, ...(trigger === undefined ? [] : [trigger])].map(({ guid }) => guid))];
  const rows = await sql.select().from(webhooks).where(inArray(webhooks.guid, guids)).orderBy(asc(webhooks.guid));
  return rows.map((row, index): File => [`receipts/${index + 1}.json`, jsonFile(row)]);
}
