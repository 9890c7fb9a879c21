// The evidence in a bundle, as it is held against the ledger.
import type { z } from "zod";
import type {
  ApprovalRow,
  ArtifactFile,
  CommandRow,
  DeliveryFile,
  GateRow,
  GivenFile,
  PatchSetFile,
  ProvenanceRow,
  ReceiptFile,
  RunInput,
  RunOutput,
  ShipRow,
  WriteRow,
} from "./files.ts";

/** The evidence, each piece with the path that it was read from. */
export type Evidence = Readonly<{
  delivery: z.infer<typeof DeliveryFile>;
  runs: readonly Found<
    Readonly<{ input: z.infer<typeof RunInput>; log: unknown; output: z.infer<typeof RunOutput> }>
  >[];
  artifacts: readonly Found<z.infer<typeof ArtifactFile>>[];
  packets: readonly Found<z.infer<typeof GivenFile>>[];
  snapshots: readonly Found<z.infer<typeof GivenFile>>[];
  patchSets: readonly Found<Readonly<{ set: z.infer<typeof PatchSetFile>; diff: string }>>[];
  ships: readonly z.infer<typeof ShipRow>[];
  commands: readonly z.infer<typeof CommandRow>[];
  approvals: readonly z.infer<typeof ApprovalRow>[];
  gates: readonly z.infer<typeof GateRow>[];
  writes: readonly z.infer<typeof WriteRow>[];
  provenance: readonly z.infer<typeof ProvenanceRow>[];
  receipts: readonly z.infer<typeof ReceiptFile>[];
}>;

export type Found<T> = Readonly<{ where: string; what: T }>;
