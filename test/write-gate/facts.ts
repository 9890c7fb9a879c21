// What a permit of a patch set says, the receipts of its write, and a pull request: plain data, for tests that need no database.
import type { PullFacts } from "../../src/github/reading.ts";
import {
  DeliveryId,
  Digest,
  InstallationId,
  PatchSetId,
  PullNumber,
  RepoId,
  Sha,
  TraceId,
  UserId,
  WriteId,
} from "../../src/ids.ts";
import type { PatchSetFacts } from "../../src/write-gate/permit-facts.ts";
import type { Receipts } from "../../src/write-gate/receipts.ts";

export const sha = (digit: string): Sha => Sha.parse(digit.repeat(40));
export const [BASE, TREE, HEAD, OTHER, MADE] = [sha("b"), sha("7"), sha("a"), sha("0"), sha("c")];
export const repoId = RepoId.parse(5);
export const BRANCH = "countersign/d-12";

/** Onto its base, on a branch that is still to be made. */
export const facts: PatchSetFacts = {
  writeId: WriteId.parse("00000000-0000-4000-8000-000000000001"),
  deliveryId: DeliveryId.parse(12),
  attempt: 4,
  traceId: TraceId.parse("a".repeat(32)),
  subjectKind: "patchset",
  subjectId: PatchSetId.parse(3),
  digest: Digest.parse("ab".repeat(32)),
  repoId,
  installationId: InstallationId.parse(77),
  approvals: [],
  restsOn: [],
  onTopOf: null,
  content: {
    repoId,
    baseBranch: "main",
    baseSha: BASE,
    baseTree: TREE,
    parentSha: BASE,
    changes: [],
    tree: sha("8"),
    branch: BRANCH,
    commitHeadline: "Fix the slug",
    commitBody: "",
    pullTitle: "Fix the slug",
    pullBody: "",
    planDigest: Digest.parse("cd".repeat(32)),
    policyVersion: "1",
  },
};
/** Onto a head that an earlier patch set left. */
export const onTop: PatchSetFacts = { ...facts, onTopOf: HEAD, content: { ...facts.content, parentSha: HEAD } };
export const begun: Receipts = {
  id: facts.writeId,
  subjectKind: "patchset",
  subjectId: 3,
  digest: facts.digest,
  repoId,
  treeSha: sha("8"),
  commitSha: MADE,
  branchAt: null,
  pullNumber: null,
  deploymentId: null,
};
export const published: Receipts = { ...begun, branchAt: new Date("2026-11-21T10:00:00Z") };

export const pull = (number: number, over: Partial<PullFacts> = {}): PullFacts => ({
  number: PullNumber.parse(number),
  state: "open",
  merged: false,
  mergeSha: null,
  headSha: HEAD,
  headRef: BRANCH,
  headRepoId: repoId,
  baseRef: "main",
  baseSha: BASE,
  author: { id: UserId.parse(9), login: "mona", type: "User" },
  title: "t",
  body: "",
  url: "https://github.test/pull",
  ...over,
});
