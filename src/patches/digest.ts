// The digest of a patch set: what an approval names, and what is computed again before anything is written.
import { createHash } from "node:crypto";
import type { Digest } from "../ids.ts";
import { digestOf } from "../ledger/canonical.ts";
import type { PatchSetContent } from "./patch-set.ts";

/** Git's own names are SHA-1; beside them the digest takes in each text by SHA-256. */
const strong = (text: string | null): string | null =>
  text === null ? null : createHash("sha256").update(text, "utf8").digest("hex");

/**
 * Over every field of the content. Texts enter by their hashes, so that one can recompute it from an export that has
 * them; `checkContent` must have found nothing, or two contents may share it.
 */
export const patchSetDigest = (content: PatchSetContent): Digest =>
  digestOf({
    ...content,
    subject: "patchset",
    changes: content.changes.map((change) => ({
      ...change,
      before: strong(change.before),
      after: strong(change.after),
    })),
  });
