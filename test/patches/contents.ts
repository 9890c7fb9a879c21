// A patch set around given changes, for tests.
import { Digest, RepoId, Sha } from "../../src/ids.ts";
import type { FileChange, PatchSetContent } from "../../src/patches/patch-set.ts";

const sha = (digit: string) => Sha.parse(digit.repeat(40));

export const contentOf = (changes: FileChange[], over: Partial<PatchSetContent> = {}): PatchSetContent => ({
  repoId: RepoId.parse(99),
  baseBranch: "main",
  baseSha: sha("1"),
  baseTree: sha("2"),
  parentSha: sha("1"),
  changes,
  tree: sha("3"),
  branch: "countersign/d-12",
  commitHeadline: "Escape slugs",
  commitBody: "Slugs kept their slashes.\n",
  pullTitle: "Escape slugs",
  pullBody: "Closes #7\n\nSlugs kept their slashes.",
  planDigest: Digest.parse("4".repeat(64)),
  policyVersion: "5".repeat(64),
  ...over,
});
