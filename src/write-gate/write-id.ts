// The name of a write, computed from what is written: a second run has the same one. Pure.
import { createHash } from "node:crypto";
import { type Digest, WriteId } from "../ids.ts";

/** A version 8 UUID (RFC 9562: the application's own hash). */
export const writeIdOf = (subjectKind: string, subjectId: number, digest: Digest): WriteId => {
  const hash = createHash("sha256").update(`countersign write\n${subjectKind}\n${subjectId}\n${digest}`).digest("hex");
  const variant = ((Number.parseInt(hash.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return WriteId.parse(
    [
      hash.slice(0, 8),
      hash.slice(8, 12),
      `8${hash.slice(13, 16)}`,
      `${variant}${hash.slice(17, 20)}`,
      hash.slice(20, 32),
    ].join("-"),
  );
};
