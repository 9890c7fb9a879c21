// What an export consists of: one kind of file for each kind of evidence, as it is written and as it is read back. Pure.
import { z } from "zod";
import { Delivery } from "../../delivery/delivery.ts";
import { Digest, RepoId, Sha } from "../../ids.ts";
import { FileChange, PatchSetContent } from "../../patches/patch-set.ts";
import { Judged } from "../../provenance/verdict.ts";
import { ShipContent } from "../../shipping/content.ts";
import { Chain } from "../entry.ts";

/** Path inside the bundle, with `/`, to the whole text. */
export type Files = ReadonlyMap<string, string>;

export const FORMAT = "countersign-evidence/1";
export const MANIFEST = "manifest.json";
export const LEDGER = "ledger.ndjson";

export const Manifest = z.object({
  format: z.literal(FORMAT),
  delivery: Chain,
  /** Where the chain ended when the bundle was made: compare it with the head that the thread shows. */
  ledger: z.object({ seq: z.number().int().nonnegative(), hash: Digest }),
  /** SHA-256 of each other file, by path. */
  files: z.record(z.string(), Digest),
});
export type Manifest = z.infer<typeof Manifest>;

const id = z.number().int();
const at = z.iso.datetime();
/** Whatever it is, it is there. */
export const Anything = z.unknown().refine((value) => value !== undefined);

export const DeliveryFile = z.object({
  state: Delivery,
  about: z.unknown(),
  repositories: z.unknown(),
  phases: z.unknown(),
});

/** A folder a run: what it was given, what was said, what came out. */
export const RunInput = z.object({
  id,
  attempt: z.number(),
  role: z.string(),
  engine: z.string(),
  model: z.string(),
  promptVersion: z.string(),
  promptHash: Digest,
  contextHash: Digest,
  constraintHash: Digest,
  startedAt: at,
  /** Missing in exports of earlier builds, and in runs of theirs. */
  step: Anything.nullable().optional(),
  canary: z.string().nullable().optional(),
});
export const RunOutput = z.object({
  id,
  outcome: z.string(),
  error: z.string().nullable(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costMicros: z.number().nullable(),
  durationMs: z.number(),
});
export const Transcript = z.array(z.unknown());

export const ArtifactFile = z.object({
  id,
  deliveryId: id,
  runId: id.nullable(),
  kind: z.string(),
  version: z.number(),
  hash: Digest,
  content: Anything,
});

/** Of context packets and constraint snapshots. */
export const GivenFile = z.object({ id, version: z.number(), hash: Digest, content: Anything });

export const PatchSetFile = z.object({
  id,
  repoId: id,
  version: z.number(),
  digest: Digest,
  content: PatchSetContent.omit({ changes: true }),
  changes: z.array(FileChange),
});

export const CommandRow = z.object({
  id,
  name: z.string(),
  args: Anything,
  position: z.number(),
  verdict: z.string(),
});

export const ApprovalRow = z.object({
  id,
  subjectKind: z.string(),
  subjectId: id,
  digest: Digest,
  personId: id,
  commandId: id,
  webhookGuid: z.string(),
  voidedAt: at.nullable(),
});

export const GateRow = z.object({ gate: z.string(), attempt: z.number(), passed: z.boolean() });

export const WriteRow = z.object({
  id: z.string(),
  approvalId: id,
  subjectKind: z.string(),
  subjectId: id,
  digest: Digest,
  repoId: id,
  branch: z.string(),
  /** Of a merge or a deployment: the ship that it is a part of. */
  shipId: id.nullable().default(null),
  shipDigest: Digest.nullable().default(null),
  treeSha: Sha.nullable(),
  commitSha: Sha.nullable(),
  pullNumber: z.number().nullable(),
  deploymentId: z.number().nullable().default(null),
});

/** What the deploy gate showed. */
export const ShipRow = z.object({ id, attempt: z.number(), version: z.number(), digest: Digest, content: ShipContent });

/** What was found in a head or a merge of a pull request. */
export const ProvenanceRow = z.object({
  id,
  repoId: RepoId,
  pullNumber: z.number(),
  kind: z.string(),
  commitSha: Sha,
  verdict: z.string(),
  content: Judged,
  hash: Digest,
});

/** A webhook as GitHub signed it. */
export const ReceiptFile = z.object({
  guid: z.string(),
  event: z.string(),
  action: z.string().nullable(),
  payload: Anything,
});
