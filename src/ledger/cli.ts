// What the operator's tool says of the ledger: verify a chain, all of them, or an export; and make an export.
import { resolve } from "node:path";
import type { Database } from "../db/database.ts";
import { DeliveryId, Digest } from "../ids.ts";
import { type CliOutcome, printed, unusable } from "../ops/cli/outcome.ts";
import { collectBundle } from "./bundle/collect.ts";
import { FolderRefused, readFolder, writeFolder } from "./bundle/folder.ts";
import { type BundleVerdict, verifyBundle } from "./bundle/verify-bundle.ts";
import { Chain } from "./entry.ts";
import { allChains, readHead, verifyStored } from "./read.ts";
import type { ChainVerdict } from "./verify.ts";

export type Format = "json" | "text";

/** `name` as `D-1` or `R-99`; null verifies every chain that there is. */
export async function verifyCommand(db: Database, name: string | null, format: Format): Promise<CliOutcome> {
  if (name !== null && !Chain.safeParse(name).success)
    return unusable(`${quoted(name)} is not the name of a delivery, such as D-1`);
  const names = name === null ? await allChains(db.sql) : [name];
  if (name !== null && (await readHead(db.sql, name)).seq === 0) return unusable(`there is no ledger of ${name}`);
  const verdicts: ChainVerdict[] = [];
  for (const each of names) verdicts.push(await verifyStored(db.sql, each));
  const exitCode = verdicts.every(({ ok }) => ok) ? 0 : 1;
  if (format === "json") return printed(`${JSON.stringify(verdicts)}\n`, exitCode);
  return printed(
    verdicts.length === 0 ? "No ledger yet.\n" : verdicts.map((each) => `${wordsOf(each)}\n`).join(""),
    exitCode,
  );
}

function wordsOf(verdict: ChainVerdict): string {
  if (verdict.ok) return `${verdict.chain}: verified, ${verdict.head.seq} entries, head ${verdict.head.hash}`;
  const { chain, seq, kind, detail } = verdict.finding;
  return `${chain}: NOT VERIFIED, entry ${seq} ${kind}: ${detail}`;
}

/** `head`: the chain's head as the thread shows it, when the operator has it at hand. */
export async function verifyBundleCommand(folder: string, head: string | null, format: Format): Promise<CliOutcome> {
  const known = head === null ? null : Digest.safeParse(head).data;
  if (known === undefined) return unusable(`${quoted(head ?? "")} is not a head: 64 hexadecimal digits`);
  const files = await readFolder(folder).catch((error: unknown) => reasonOf(error));
  if (typeof files === "string") return unusable(`${folder} cannot be read: ${files}`);
  const verdict = verifyBundle(files, known);
  const exitCode = verdict.problems.length === 0 ? 0 : 1;
  return printed(format === "json" ? `${JSON.stringify(verdict)}\n` : bundleWords(folder, verdict, known), exitCode);
}

function bundleWords(folder: string, { delivery, head, problems }: BundleVerdict, known: Digest | null): string {
  if (problems.length === 0) {
    const next =
      known === null
        ? "Pass the head that the issue shows with --head: it must be in this chain, and entries after it are fine."
        : "The head that you gave is in this chain.";
    return `${folder}: verified, ${delivery}, ${head?.seq} entries, head ${head?.hash}\n${next}\n`;
  }
  // Names of files in a folder are anybody's words.
  const lines = problems.map(({ where, what }) => `  ${quoted(where)}: ${what}\n`);
  return `${folder}: NOT VERIFIED\n${lines.join("")}`;
}

/** Null writes to a folder named after the delivery, here. */
export async function exportCommand(db: Database, name: string, out: string | null): Promise<CliOutcome> {
  const id = /^D-(\d{1,9})$/.exec(name)?.[1];
  const delivery = DeliveryId.safeParse(Number(id));
  if (!delivery.success) return unusable(`${quoted(name)} is not the name of a delivery, such as D-1`);
  const files = await collectBundle(db, delivery.data);
  if (files === null) return unusable(`there is no delivery ${name}`);
  const folder = resolve(out ?? `countersign-${name}`);
  const failed = await writeFolder(folder, files).then(
    () => null,
    (error: unknown) => reasonOf(error),
  );
  if (failed !== null) return unusable(`${folder} cannot be written: ${failed}`);
  return printed(`${folder}: ${files.size} files\n`);
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 200));

const reasonOf = (error: unknown): string =>
  error instanceof FolderRefused || error instanceof Error ? error.message : "unknown reason";
