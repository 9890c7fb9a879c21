// The proposed change of one repository: everything that will be written, and nothing else, is in here.
import { z } from "zod";
import { Digest, RepoId, Sha } from "../ids.ts";

export const FileMode = z.enum(["100644", "100755"]);
export type FileMode = z.infer<typeof FileMode>;

/** One file before and after. Text is kept whole: the diff is rendered from it and the written blob is made of it. */
export const FileChange = z.object({
  kind: z.enum(["create", "modify", "delete", "rename"]),
  path: z.string(),
  /** The old path of a rename, else null. */
  previousPath: z.string().nullable(),
  oldBlob: Sha.nullable(),
  newBlob: Sha.nullable(),
  oldMode: FileMode.nullable(),
  newMode: FileMode.nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  additions: z.number().int().nonnegative(),
  deletions: z.number().int().nonnegative(),
  /** The plan tasks that this change serves. */
  tasks: z.array(z.string()),
});
export type FileChange = z.infer<typeof FileChange>;

/** What a PatchSet's digest covers (rule M4). Commit trailers name the approval and so come after it: see docs/decisions. */
export const PatchSetContent = z.object({
  repoId: RepoId,
  baseBranch: z.string(),
  baseSha: Sha,
  /** The tree of the parent commit: what the changes apply to. */
  baseTree: Sha,
  /** The commit that ours will stand on: the base, or for a fix the pull request's head. */
  parentSha: Sha,
  changes: z.array(FileChange).min(1),
  /** The git tree that the write must produce. */
  tree: Sha,
  branch: z.string(),
  commitHeadline: z.string(),
  commitBody: z.string(),
  pullTitle: z.string(),
  pullBody: z.string(),
  planDigest: Digest,
  policyVersion: z.string(),
});
export type PatchSetContent = z.infer<typeof PatchSetContent>;
