// Proves an export without database and network: the seal, the chain, and every piece of evidence against the chain. Pure.
import { z } from "zod";
import type { Digest } from "../../ids.ts";
import { type Head, LedgerEntry } from "../entry.ts";
import { verifyChain } from "../verify.ts";
import { indexed } from "./entries.ts";
import type { Evidence, Found } from "./evidence.ts";
import {
  ApprovalRow,
  ArtifactFile,
  CommandRow,
  DeliveryFile,
  type Files,
  GateRow,
  GivenFile,
  LEDGER,
  PatchSetFile,
  ProvenanceRow,
  ReceiptFile,
  RunInput,
  RunOutput,
  ShipRow,
  Transcript,
  WriteRow,
} from "./files.ts";
import { proofs } from "./proofs.ts";
import { openSeal, type Problem, parsed } from "./seal.ts";

const SHIPS = "ships.json";

export type BundleVerdict = Readonly<{ delivery: string; head: Head | null; problems: readonly Problem[] }>;

/** `knownHead`: the head as somebody else remembers it, from the thread; null where nobody does. */
export function verifyBundle(files: Files, knownHead: Digest | null): BundleVerdict {
  const { manifest, problems } = openSeal(files);
  if (manifest === null) return { delivery: "", head: null, problems };
  const { delivery, ledger: head } = manifest;
  const verdict = (more: readonly Problem[]): BundleVerdict => ({ delivery, head, problems: [...problems, ...more] });

  const rows = ledgerRows(files.get(LEDGER) ?? "");
  const chain = verifyChain(delivery, rows, head);
  if (!chain.ok) {
    const { seq, kind, detail } = chain.finding;
    return verdict([{ where: `ledger #${seq}`, what: `${kind}: ${detail}` }]);
  }
  const isKnown = knownHead === null || knownHead === head.hash;
  const entries = rows.map((row) => LedgerEntry.parse(row));
  const older = entries.some(({ hash }) => hash === knownHead);
  const otherHead = { where: LEDGER, what: "does not lead to the head that was given" };
  const evidence = readEvidence(files);
  return verdict([
    // A head that was shown earlier is as good a proof: what came before it is as it was then.
    ...(isKnown || older ? [] : [otherHead]),
    ...evidence.problems,
    ...(evidence.found === null ? [] : proofs(evidence.found, indexed(entries))),
  ]);
}

const ledgerRows = (text: string): unknown[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parsed(line));

function readEvidence(files: Files): Readonly<{ found: Evidence | null; problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const read = <S extends z.ZodType>(schema: S, path: string): z.infer<S> | null => {
    const result = schema.safeParse(parsed(files.get(path)));
    if (result.success) return result.data;
    problems.push({ where: path, what: "is not of its kind" });
    return null;
  };
  const list = <S extends z.ZodType>(schema: S, path: string): z.infer<S>[] => read(z.array(schema), path) ?? [];
  const folder = <T>(prefix: string, readOne: (path: string) => T | null): Found<T>[] =>
    [...files.keys()]
      .filter((path) => path.startsWith(prefix))
      .flatMap((where) => {
        const what = readOne(where);
        return what === null ? [] : [{ where, what }];
      });

  const delivery = read(DeliveryFile, "delivery.json");
  const found: Omit<Evidence, "delivery"> = {
    runs: folder("runs/", (path) => {
      if (!path.endsWith("/input.json")) return null;
      const at = path.slice(0, -"input.json".length);
      const [input, output] = [read(RunInput, path), read(RunOutput, `${at}output.json`)];
      const log = read(Transcript, `${at}log.json`);
      return input === null || output === null || log === null ? null : { input, output, log };
    }),
    artifacts: folder("artifacts/", (path) => read(ArtifactFile, path)),
    packets: folder("context-packets/", (path) => read(GivenFile, path)),
    snapshots: folder("constraint-snapshots/", (path) => read(GivenFile, path)),
    patchSets: folder("patch-sets/", (path) => {
      if (!path.endsWith("/patch-set.json")) return null;
      const set = read(PatchSetFile, path);
      const diff = files.get(path.replace(/patch-set\.json$/, "changes.diff")) ?? "";
      return set === null ? null : { set, diff };
    }),
    // Missing in exports of earlier builds.
    ships: files.has(SHIPS) ? list(ShipRow, SHIPS) : [],
    commands: list(CommandRow, "commands.json"),
    approvals: list(ApprovalRow, "approvals.json"),
    gates: list(GateRow, "gates.json"),
    writes: list(WriteRow, "writes.json"),
    provenance: list(ProvenanceRow, "provenance.json"),
    receipts: folder("receipts/", (path) => read(ReceiptFile, path)).map(({ what }) => what),
  };
  return { found: delivery === null ? null : { ...found, delivery }, problems };
}
