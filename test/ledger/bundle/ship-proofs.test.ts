// A merge and a deployment rest on the approval of the ship that they are parts of: each way in which a row may lie about that.
import { describe, expect, it } from "vitest";
import { headDigest } from "../../../src/delivery/head-digest.ts";
import { Digest, PullNumber, RepoId, Sha } from "../../../src/ids.ts";
import { approvalProof, shipProof, writeProof } from "../../../src/ledger/bundle/approval-proofs.ts";
import { indexed } from "../../../src/ledger/bundle/entries.ts";
import type { Evidence } from "../../../src/ledger/bundle/evidence.ts";
import { ApprovalRow, ProvenanceRow, ReceiptFile, ShipRow, WriteRow } from "../../../src/ledger/bundle/files.ts";
import { digestOf } from "../../../src/ledger/canonical.ts";
import { LedgerEntry } from "../../../src/ledger/entry.ts";
import { partDigest, type ShipContent, shipDigest } from "../../../src/shipping/content.ts";

const [HOME, OTHER] = [RepoId.parse(1), RepoId.parse(2)];
const sha = (letter: string): Sha => Sha.parse(letter.repeat(40));
const NOTHING = Digest.parse("0".repeat(64));

const merge = (repoId: RepoId, head: string) => ({
  repoId,
  pullRequest: PullNumber.parse(7),
  head: sha(head),
  tree: sha("b"),
  baseBranch: "main",
  method: "squash" as const,
  message: { title: "Keep accented letters (#7)", body: "" },
});
const deployment = {
  repoId: HOME,
  commit: "merge_commit" as const,
  baseBranch: "main",
  environment: "production",
  requiredContexts: [],
};
const content: ShipContent = { version: 1, merges: [merge(HOME, "a"), merge(OTHER, "c")], deployments: [deployment] };
const ship = ShipRow.parse({ id: 5, attempt: 2, version: 1, digest: shipDigest(content), content });
const earlier = { ...content, deployments: [] };
const before = ShipRow.parse({ id: 4, attempt: 1, version: 1, digest: shipDigest(earlier), content: earlier });

const approval = ApprovalRow.parse({
  id: 9,
  subjectKind: "ship",
  subjectId: 5,
  digest: ship.digest,
  personId: 3,
  commandId: 6,
  webhookGuid: "g",
  voidedAt: null,
});
const merged = WriteRow.parse({
  id: "w-merge",
  approvalId: 9,
  subjectKind: "merge",
  subjectId: 5,
  digest: partDigest({ kind: "merge", content: merge(HOME, "a") }),
  repoId: HOME,
  branch: "main",
  shipId: 5,
  shipDigest: ship.digest,
  treeSha: null,
  commitSha: sha("d"),
  pullNumber: 7,
});
const deployed = WriteRow.parse({
  ...merged,
  id: "w-deploy",
  subjectKind: "deployment",
  digest: partDigest({ kind: "deployment", content: deployment }),
  commitSha: null,
  pullNumber: null,
  deploymentId: 11,
});
const receipt = ReceiptFile.parse({ guid: "g", event: "issue_comment", action: "created", payload: { said: "yes" } });

const evidenceOf = (change: Partial<Evidence> = {}): Evidence => ({
  delivery: JSON.parse("{}"),
  runs: [],
  artifacts: [],
  packets: [],
  snapshots: [],
  patchSets: [],
  ships: [before, ship],
  commands: [],
  approvals: [approval],
  gates: [],
  writes: [merged, deployed],
  provenance: [],
  receipts: [receipt],
  ...change,
});

const entry = (kind: string, id: string | number, action: string, after: unknown): LedgerEntry =>
  LedgerEntry.parse({
    chain: "D-1",
    seq: 1,
    deliveryId: 1,
    at: "2026-11-21T10:00:00.000Z",
    actor: { kind: "system", id: "test" },
    action,
    entity: { kind, id: String(id) },
    before: null,
    after,
    note: null,
    traceId: "0".repeat(32),
    previousHash: "0".repeat(64),
    hash: "0".repeat(64),
  });

const { id: _, voidedAt: __, ...approved } = approval;
const intended = ({ subjectKind, subjectId, digest, repoId, branch }: typeof merged) => ({
  subjectKind,
  subjectId,
  digest,
  repoId,
  branch,
});
const entries = indexed([
  entry("ship", 5, "ship_made", { attempt: 2, digest: ship.digest, content }),
  entry("approval", 9, "approval_recorded", { ...approved, receiptHash: digestOf({ said: "yes" }) }),
  entry("write", "w-merge", "write_intended", intended(merged)),
  entry("write", "w-merge", "write_done", { commitSha: sha("d"), pullNumber: 7 }),
  entry("write", "w-deploy", "write_intended", intended(deployed)),
  entry("write", "w-deploy", "write_done", { deploymentId: 11 }),
]);

const NOT_APPROVED = "its approval is not of this subject and digest";
const whats = (problems: readonly { what: string }[]): string[] => problems.map(({ what }) => what);

it("holds where each is what the ledger says", () => {
  expect(shipProof(ship, entries)).toEqual([]);
  expect(approvalProof(approval, evidenceOf(), entries)).toEqual([]);
  expect(writeProof(merged, evidenceOf(), entries)).toEqual([]);
  expect(writeProof(deployed, evidenceOf(), entries)).toEqual([]);
});

describe("a ship", () => {
  it.each([
    [{ digest: NOTHING }, ["the content does not give its digest", "digest is not what the ledger says"]],
    [{ content: earlier }, ["the content does not give its digest", "content is not what the ledger says"]],
    [{ attempt: 1 }, ["attempt is not what the ledger says"]],
    [{ id: 6 }, ["no ledger entry ship_made of ship 6"]],
  ])("that says %j", (change, found) => {
    const problems = shipProof({ ...ship, ...change }, entries);
    expect(whats(problems)).toEqual(found);
    expect(problems[0]?.where).toBe(`ships.json #${"id" in change ? 6 : 5}`);
  });
});

describe("an approval of a ship", () => {
  it.each([
    ["another ship's number", { subjectId: 4 }],
    ["another ship's digest", { digest: before.digest }],
    ["no ship", { subjectId: 99, digest: NOTHING }],
  ])("with %s is of nothing in the bundle", (_name, change) => {
    const proof = approvalProof({ ...approval, ...change }, evidenceOf(), entries);
    expect(whats(proof)[0]).toBe("what was approved is not in the bundle with this digest");
    expect(proof[0]?.where).toBe("approvals.json #9");
  });

  it("of a head is of one that was judged", () => {
    const judged = (commit: Sha) =>
      ProvenanceRow.parse({
        id: 1,
        repoId: HOME,
        pullNumber: 7,
        kind: "head",
        commitSha: commit,
        verdict: "unapproved",
        content: {
          kind: "head",
          commit,
          verdict: { kind: "unapproved", base: sha("1"), tree: sha("2"), differences: [], count: 0 },
          commits: [],
          complete: true,
          people: [],
        },
        hash: NOTHING,
      });
    const row = { ...approval, subjectKind: "head", digest: headDigest(HOME, sha("e")) };
    const MISSING = "what was approved is not in the bundle with this digest";
    const of = (...heads: Sha[]) => whats(approvalProof(row, evidenceOf({ provenance: heads.map(judged) }), entries));
    expect(of(sha("e"))).not.toContain(MISSING);
    expect(of(sha("f"), sha("e"))).not.toContain(MISSING);
    expect(of(sha("f"))).toContain(MISSING);
    expect(of()).toContain(MISSING);
  });
});

describe("a write that is a part of a ship", () => {
  const first = (write: typeof merged, change: Partial<Evidence> = {}) =>
    whats(writeProof(write, evidenceOf(change), entries))[0];

  it.each([
    ["names no ship", { shipId: null, shipDigest: null }],
    ["names an earlier ship, whose approval this is not", { shipId: 4, shipDigest: before.digest }],
    ["names its ship with another's digest", { shipDigest: before.digest }],
    ["names another ship with its digest", { shipId: 4 }],
    ["is in a repository that this part is not of", { repoId: OTHER }],
    ["is another part", { digest: partDigest({ kind: "merge", content: merge(OTHER, "c") }) }],
    ["is no part at all", { digest: NOTHING }],
    ["is called what it is not", { subjectKind: "deployment" }],
  ])("and %s is approved by nobody", (_name, change) => {
    expect(first({ ...merged, ...change })).toBe(NOT_APPROVED);
  });

  it.each([
    ["of nothing", []],
    ["of another subject", [{ ...approval, subjectKind: "plan" }]],
    ["of another ship", [{ ...approval, subjectId: 4 }]],
    ["of another digest", [{ ...approval, digest: before.digest }]],
    ["by another number", [{ ...approval, id: 10 }]],
  ])("and whose approval is %s is approved by nobody", (_name, approvals) => {
    expect(first(merged, { approvals })).toBe(NOT_APPROVED);
    expect(first(deployed, { approvals })).toBe(NOT_APPROVED);
  });

  it("and that is not among the ships is approved by nobody", () => {
    expect(first(merged, { ships: [before] })).toBe(NOT_APPROVED);
    expect(first(deployed, { ships: [] })).toBe(NOT_APPROVED);
  });

  it.each(["patchset", "plan", "other"])(
    "and is called %s is held against what its row names itself",
    (subjectKind) => {
      const write = { ...merged, subjectKind };
      expect(first(write)).toBe(NOT_APPROVED);
      const approvals = [{ ...approval, subjectKind, digest: write.digest }];
      expect(first(write, { approvals })).not.toBe(NOT_APPROVED);
    },
  );

  it.each([
    ["commitSha", merged, { commitSha: sha("e") }],
    ["pullNumber", merged, { pullNumber: 8 }],
    ["deploymentId", deployed, { deploymentId: 12 }],
    ["treeSha", merged, { treeSha: sha("e") }],
  ])("says a %s that the ledger has", (key, write, change) => {
    expect(whats(writeProof({ ...write, ...change }, evidenceOf(), entries))).toEqual([
      `${key} is not what the ledger says`,
    ]);
  });
});
