// Holds every piece of evidence in a bundle against the ledger: each must be proved there, and none may be missing. Pure.
import type { z } from "zod";
import { replay } from "../../delivery/replay.ts";
import { checkContent } from "../../patches/check-content.ts";
import { renderDiff } from "../../patches/diff.ts";
import { patchSetDigest } from "../../patches/digest.ts";
import { digestOf } from "../canonical.ts";
import { approvalProof, provenanceProof, shipProof, writeProof } from "./approval-proofs.ts";
import { type Entries, proved, same } from "./entries.ts";
import type { Evidence, Found } from "./evidence.ts";
import type { CommandRow, GateRow, GivenFile } from "./files.ts";
import { type Problem, problem, unless } from "./seal.ts";

export const proofs = (evidence: Evidence, entries: Entries): readonly Problem[] => [
  ...stateProof(evidence, entries),
  ...evidence.runs.flatMap((each) => runProof(each, entries)),
  ...evidence.artifacts.flatMap((each) => artifactProof(each, entries)),
  ...evidence.packets.flatMap((each) => givenProof(each, entries, "context_packet", "context_packed")),
  ...evidence.snapshots.flatMap((each) => givenProof(each, entries, "constraint_snapshot", "constraints_snapshotted")),
  ...evidence.patchSets.flatMap((each) => patchSetProof(each, entries)),
  ...evidence.ships.flatMap((each) => shipProof(each, entries)),
  ...evidence.commands.flatMap((each) => commandProof(each, entries)),
  ...evidence.approvals.flatMap((each) => approvalProof(each, evidence, entries)),
  ...evidence.gates.flatMap((each) => gateProof(each, entries)),
  ...evidence.writes.flatMap((each) => writeProof(each, evidence, entries)),
  ...evidence.provenance.flatMap((each) => provenanceProof(each, evidence, entries)),
  ...missing(evidence, entries),
];

/** The state is what its changes, put on one another, give. */
function stateProof({ delivery }: Evidence, entries: Entries): Problem[] {
  const replayed = replay(entries.all.filter(({ entity }) => entity.kind === "delivery"));
  if (!replayed.ok) return [problem("delivery.json", `the ledger gives no state: ${replayed.error.problem}`)];
  return unless(
    same(replayed.value, delivery.state),
    "delivery.json",
    "the state is not the one that the ledger gives",
  );
}

function runProof({ where, what: { input, log, output } }: Evidence["runs"][number], entries: Entries): Problem[] {
  const { id, startedAt, ...given } = input;
  const { id: _, ...came } = output;
  const about = { kind: "run", id, action: "run_ended" };
  return [
    ...unless(input.id === output.id, where, "input and output are of different runs"),
    ...proved(entries, where, about, { ...given, ...came, startedAt, transcriptHash: digestOf(log) }),
  ];
}

function artifactProof({ where, what }: Evidence["artifacts"][number], entries: Entries): Problem[] {
  const { id, deliveryId, runId, kind, version, hash, content } = what;
  return [
    ...unless(digestOf({ kind, deliveryId, version, content }) === hash, where, "the content does not give its hash"),
    ...proved(entries, where, { kind: "artifact", id, action: "artifact_made" }, { kind, version, hash, runId }),
  ];
}

function givenProof({ where, what }: Found<z.infer<typeof GivenFile>>, entries: Entries, kind: string, action: string) {
  const { id, version, hash, content } = what;
  return [
    ...unless(digestOf(content) === hash, where, "the content does not give its hash"),
    ...proved(entries, where, { kind, id, action }, { version, hash }),
  ];
}

function patchSetProof({ where, what: { set, diff } }: Evidence["patchSets"][number], entries: Entries): Problem[] {
  const { id, version, digest, repoId, changes } = set;
  const content = { ...set.content, changes };
  const unsound = checkContent(content);
  const { baseSha, parentSha, tree, branch } = content;
  return [
    ...(unsound === null ? [] : [problem(where, `${unsound.code} at ${unsound.where}`)]),
    ...unless(patchSetDigest(content) === digest, where, "the content does not give its digest"),
    ...unless(changes.map(renderDiff).join("") === diff, where, "the diff is not that of the changes"),
    ...unless(content.repoId === repoId, where, "the content is of another repository"),
    ...proved(
      entries,
      where,
      { kind: "patch_set", id, action: "patch_set_made" },
      { version, digest, repoId, baseSha, parentSha, tree, branch },
    ),
  ];
}

const commandProof = ({ id, name, args, position }: z.infer<typeof CommandRow>, entries: Entries): Problem[] =>
  proved(
    entries,
    `commands.json #${id}`,
    { kind: "command", id, action: "command_received" },
    { name, args, position },
  );

function gateProof({ gate, attempt, passed }: z.infer<typeof GateRow>, entries: Entries): Problem[] {
  return proved(entries, `gates.json ${gate}`, { kind: "gate", id: gate, action: "gate_judged" }, { attempt, passed });
}

/** What the ledger speaks of is in the bundle. */
function missing(evidence: Evidence, entries: Entries): Problem[] {
  const there = new Set<string>([
    ...evidence.runs.map(({ what }) => `run ${what.input.id}`),
    ...evidence.artifacts.map(({ what }) => `artifact ${what.id}`),
    ...evidence.packets.map(({ what }) => `context_packet ${what.id}`),
    ...evidence.snapshots.map(({ what }) => `constraint_snapshot ${what.id}`),
    ...evidence.patchSets.map(({ what }) => `patch_set ${what.set.id}`),
    ...evidence.ships.map(({ id }) => `ship ${id}`),
    ...evidence.commands.map(({ id }) => `command ${id}`),
    ...evidence.approvals.map(({ id }) => `approval ${id}`),
    ...evidence.writes.map(({ id }) => `write ${id}`),
    ...evidence.provenance.map(({ id }) => `provenance ${id}`),
  ]);
  const kinds = new Set([
    "run",
    "artifact",
    "context_packet",
    "constraint_snapshot",
    "patch_set",
    "ship",
    "command",
    "approval",
    "write",
    "provenance",
  ]);
  const gone = entries.all.filter(({ entity }) => kinds.has(entity.kind) && !there.has(`${entity.kind} ${entity.id}`));
  return gone.map(({ seq, entity }) => problem(`ledger #${seq}`, `${entity.kind} ${entity.id} is not in the bundle`));
}
