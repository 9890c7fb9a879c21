// What a countersignature of a human's commit covers. Pure.
import type { Digest, RepoId, Sha } from "../ids.ts";
import { digestOf } from "../ledger/canonical.ts";

/** The commit's name fixes its tree and all that went before. */
export const headDigest = (repoId: RepoId, head: Sha): Digest => digestOf({ kind: "head", repoId, head });
