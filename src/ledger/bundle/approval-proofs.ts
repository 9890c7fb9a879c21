// Holds what people approved against what came of it: approvals, writes and verdicts of one bundle must cover one another. Pure.
import type { z } from "zod";
import { headDigest } from "../../delivery/head-digest.ts";
import { partDigest, partsOf, shipDigest } from "../../shipping/content.ts";
import { digestOf } from "../canonical.ts";
import { type Entries, proved, saidOf, same } from "./entries.ts";
import type { Evidence } from "./evidence.ts";
import type { ApprovalRow, ProvenanceRow, ShipRow, WriteRow } from "./files.ts";
import { type Problem, unless } from "./seal.ts";

export function approvalProof(approval: z.infer<typeof ApprovalRow>, evidence: Evidence, entries: Entries): Problem[] {
  const { id, voidedAt, ...claims } = approval;
  const where = `approvals.json #${id}`;
  const receipt = evidence.receipts.find(({ guid }) => guid === approval.webhookGuid);
  const isVoided = entries.about("approval", id).some(({ action }) => action === "approval_voided");
  return [
    ...unless(subjectIsThere(approval, evidence), where, "what was approved is not in the bundle with this digest"),
    ...unless(receipt !== undefined, where, "the webhook that it came in is not in the bundle"),
    ...unless(isVoided === (voidedAt !== null), where, "whether it was voided is not what the ledger says"),
    ...proved(
      entries,
      where,
      { kind: "approval", id, action: "approval_recorded" },
      { ...claims, receiptHash: digestOf(receipt?.payload ?? null) },
    ),
  ];
}

function subjectIsThere({ subjectKind, subjectId, digest }: z.infer<typeof ApprovalRow>, evidence: Evidence): boolean {
  if (subjectKind === "plan") {
    return evidence.artifacts.some(({ what }) => what.id === subjectId && what.hash === digest && what.kind === "plan");
  }
  if (subjectKind === "patchset") {
    return evidence.patchSets.some(({ what }) => what.set.id === subjectId && what.set.digest === digest);
  }
  if (subjectKind === "head") {
    return evidence.provenance.some(({ repoId, commitSha }) => headDigest(repoId, commitSha) === digest);
  }
  if (subjectKind === "ship") {
    return evidence.ships.some((ship) => ship.id === subjectId && ship.digest === digest);
  }
  return true;
}

export function shipProof({ id, attempt, digest, content }: z.infer<typeof ShipRow>, entries: Entries): Problem[] {
  const where = `ships.json #${id}`;
  return [
    ...unless(shipDigest(content) === digest, where, "the content does not give its digest"),
    ...proved(entries, where, { kind: "ship", id, action: "ship_made" }, { attempt, digest, content }),
  ];
}

/** Of a merge and a deployment the ship is what was approved, and they must be parts of it. */
function approvedAs(write: z.infer<typeof WriteRow>, { ships }: Evidence) {
  const { subjectKind, subjectId, digest, shipId, shipDigest: ofShip, repoId } = write;
  if (subjectKind !== "merge" && subjectKind !== "deployment") return { subjectKind, subjectId, digest };
  const ship = ships.find((each) => each.id === shipId && each.digest === ofShip);
  const isPart = partsOf(ship?.content ?? { version: 1, merges: [], deployments: [] }).some(
    (part) => part.kind === subjectKind && part.content.repoId === repoId && partDigest(part) === digest,
  );
  return ship === undefined || !isPart ? null : { subjectKind: "ship", subjectId: ship.id, digest: ship.digest };
}

/** Green is only what an approval in the bundle covers. */
export function provenanceProof(row: z.infer<typeof ProvenanceRow>, evidence: Evidence, entries: Entries): Problem[] {
  const { id, repoId, pullNumber, kind, commitSha, verdict, content, hash } = row;
  const where = `provenance.json #${id}`;
  const isSaid = content.kind === kind && content.commit === commitSha && content.verdict.kind === verdict;
  const by = content.verdict.kind === "approved" ? content.verdict.by : null;
  const isCovered =
    by === null || evidence.approvals.some((each) => each.subjectKind === by.kind && each.digest === by.digest);
  return [
    ...unless(digestOf(content) === hash, where, "the verdict does not give its hash"),
    ...unless(isSaid, where, "the verdict is another one than the row says"),
    ...unless(isCovered, where, "nothing in the bundle approves what it calls approved"),
    ...proved(
      entries,
      where,
      { kind: "provenance", id, action: "provenance_judged" },
      { repoId, pullNumber, kind, commit: commitSha, verdict, hash },
    ),
  ];
}

export function writeProof(write: z.infer<typeof WriteRow>, evidence: Evidence, entries: Entries): Problem[] {
  const { id, approvalId, subjectKind, subjectId, digest, repoId, branch } = write;
  const { treeSha, commitSha, pullNumber, deploymentId } = write;
  const where = `writes.json ${id}`;
  const approval = evidence.approvals.find((each) => each.id === approvalId);
  const as = approvedAs(write, evidence);
  const isApproved =
    as !== null &&
    approval?.subjectKind === as.subjectKind &&
    approval.subjectId === as.subjectId &&
    approval.digest === as.digest;
  const receipts = Object.entries({ treeSha, commitSha, pullNumber, deploymentId }).filter(
    ([, value]) => value !== null,
  );
  return [
    ...unless(isApproved, where, "its approval is not of this subject and digest"),
    ...proved(
      entries,
      where,
      { kind: "write", id, action: "write_intended" },
      { subjectKind, subjectId, digest, repoId, branch },
    ),
    ...receipts.flatMap(([key, value]) =>
      unless(
        entries.about("write", id).some((entry) => same(saidOf(entry, key), value)),
        where,
        `${key} is not what the ledger says`,
      ),
    ),
  ];
}
