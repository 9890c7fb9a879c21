// An artifact is the immutable output of a run; its kind says which document it is, its hash what others refer to.
import { z } from "zod";
import type { DeliveryId, Digest } from "../ids.ts";
import { digestOf } from "../ledger/canonical.ts";

export const ARTIFACT_KINDS = [
  "decision",
  "architecture",
  "scope",
  "plan",
  "gates",
  "edits",
  "qa_report",
  "failure_analysis",
  "summary",
] as const;
export const ArtifactKind = z.enum(ARTIFACT_KINDS);
export type ArtifactKind = z.infer<typeof ArtifactKind>;

/** The version is part of what is hashed: a plan that is made again word by word is still another plan. */
export const artifactHash = (
  artifact: Readonly<{ kind: ArtifactKind; deliveryId: DeliveryId; version: number; content: unknown }>,
): Digest => {
  const { kind, deliveryId, version, content } = artifact;
  return digestOf({ kind, deliveryId, version, content });
};
