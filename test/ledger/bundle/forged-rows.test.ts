// Each claim of each row in an export, changed by itself: what is said of it, to the letter.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Files, MANIFEST, Manifest } from "../../../src/ledger/bundle/files.ts";
import { readFolder } from "../../../src/ledger/bundle/folder.ts";
import { jsonFile, seal } from "../../../src/ledger/bundle/seal.ts";
import { verifyBundle } from "../../../src/ledger/bundle/verify-bundle.ts";

const bundle = await readFolder(join(import.meta.dirname, "evidence"));
const Row = z.record(z.string(), z.unknown());
const textOf = (path: string): string => bundle.get(path) ?? "";
const { delivery, ledger } = Manifest.parse(JSON.parse(textOf(MANIFEST)));

const resealed = (path: string, text: string | null): Files => {
  const files = new Map(bundle);
  files.delete(MANIFEST);
  if (text === null) files.delete(path);
  else files.set(path, text);
  return seal(delivery, ledger, files);
};

/** What is found when the row at `index` says this instead. */
const foundIn = (path: string, index: number, change: Record<string, unknown>): string[] => {
  const rows = z.array(Row).parse(JSON.parse(textOf(path)));
  const forged = rows.map((row, at) => (at === index ? { ...row, ...change } : row));
  return verifyBundle(resealed(path, jsonFile(forged)), null).problems.map(({ where, what }) => `${where}: ${what}`);
};

/** The same of a file that holds one thing. */
const foundOf = (path: string, change: Record<string, unknown>): string[] => {
  const whole = { ...Row.parse(JSON.parse(textOf(path))), ...change };
  return verifyBundle(resealed(path, jsonFile(whole)), null).problems.map(({ where, what }) => `${where}: ${what}`);
};

const OTHER = "0".repeat(64);
const COMMIT = "f".repeat(40);
const NOT_THERE = "what was approved is not in the bundle with this digest";
const NOT_APPROVED = "its approval is not of this subject and digest";
const WRITE = "6f1c2a34-0d8e-4d0f-9a51-3a4c0f6b7e21";

describe("an approval that names another", () => {
  it.each([
    [
      { subjectKind: "patchset" },
      [`approvals.json #1: ${NOT_THERE}`, "approvals.json #1: subjectKind is not what the ledger says"],
    ],
    [
      { subjectKind: "head" },
      [`approvals.json #1: ${NOT_THERE}`, "approvals.json #1: subjectKind is not what the ledger says"],
    ],
    [
      { subjectKind: "ship" },
      [`approvals.json #1: ${NOT_THERE}`, "approvals.json #1: subjectKind is not what the ledger says"],
    ],
    [{ subjectKind: "other" }, ["approvals.json #1: subjectKind is not what the ledger says"]],
    [{ subjectId: 3 }, [`approvals.json #1: ${NOT_THERE}`, "approvals.json #1: subjectId is not what the ledger says"]],
    // The decision of triage: it is there, and it is no plan.
    [{ subjectId: 1 }, [`approvals.json #1: ${NOT_THERE}`, "approvals.json #1: subjectId is not what the ledger says"]],
    [{ digest: OTHER }, [`approvals.json #1: ${NOT_THERE}`, "approvals.json #1: digest is not what the ledger says"]],
    [{ personId: 1 }, ["approvals.json #1: personId is not what the ledger says"]],
    [{ commandId: 2 }, ["approvals.json #1: commandId is not what the ledger says"]],
    [
      { webhookGuid: "none" },
      [
        "approvals.json #1: the webhook that it came in is not in the bundle",
        "approvals.json #1: webhookGuid is not what the ledger says",
      ],
    ],
    [{ voidedAt: null }, ["approvals.json #1: whether it was voided is not what the ledger says"]],
  ])("%j", (change, found) => {
    expect(foundIn("approvals.json", 0, change)).toEqual(found);
  });

  it("of the patch set, which the write rests on", () => {
    expect(foundIn("approvals.json", 2, { subjectId: 2 })).toEqual([
      `approvals.json #3: ${NOT_THERE}`,
      "approvals.json #3: subjectId is not what the ledger says",
      `writes.json ${WRITE}: ${NOT_APPROVED}`,
    ]);
    expect(foundIn("approvals.json", 2, { digest: OTHER })).toEqual([
      `approvals.json #3: ${NOT_THERE}`,
      "approvals.json #3: digest is not what the ledger says",
      `writes.json ${WRITE}: ${NOT_APPROVED}`,
      "provenance.json #1: nothing in the bundle approves what it calls approved",
    ]);
    expect(foundIn("approvals.json", 2, { subjectKind: "plan" })).toEqual([
      `approvals.json #3: ${NOT_THERE}`,
      "approvals.json #3: subjectKind is not what the ledger says",
      `writes.json ${WRITE}: ${NOT_APPROVED}`,
      "provenance.json #1: nothing in the bundle approves what it calls approved",
    ]);
    expect(foundIn("approvals.json", 2, { voidedAt: "2026-11-21T10:12:00.000Z" })).toEqual([
      "approvals.json #3: whether it was voided is not what the ledger says",
    ]);
  });
});

describe("a write that says another", () => {
  const where = `writes.json ${WRITE}`;
  it.each([
    [
      { id: "none" },
      [
        "writes.json none: no ledger entry write_intended of write none",
        "writes.json none: treeSha is not what the ledger says",
        "writes.json none: commitSha is not what the ledger says",
        "writes.json none: pullNumber is not what the ledger says",
      ],
    ],
    [{ approvalId: 1 }, [`${where}: ${NOT_APPROVED}`]],
    [{ approvalId: 99 }, [`${where}: ${NOT_APPROVED}`]],
    [{ subjectKind: "plan" }, [`${where}: ${NOT_APPROVED}`, `${where}: subjectKind is not what the ledger says`]],
    [{ subjectKind: "merge" }, [`${where}: ${NOT_APPROVED}`, `${where}: subjectKind is not what the ledger says`]],
    [{ subjectKind: "deployment" }, [`${where}: ${NOT_APPROVED}`, `${where}: subjectKind is not what the ledger says`]],
    [{ subjectId: 2 }, [`${where}: ${NOT_APPROVED}`, `${where}: subjectId is not what the ledger says`]],
    [{ digest: OTHER }, [`${where}: ${NOT_APPROVED}`, `${where}: digest is not what the ledger says`]],
    [{ repoId: 1 }, [`${where}: repoId is not what the ledger says`]],
    [{ branch: "main" }, [`${where}: branch is not what the ledger says`]],
    [{ treeSha: COMMIT }, [`${where}: treeSha is not what the ledger says`]],
    [{ commitSha: COMMIT }, [`${where}: commitSha is not what the ledger says`]],
    [{ pullNumber: 58 }, [`${where}: pullNumber is not what the ledger says`]],
    [{ deploymentId: 1 }, [`${where}: deploymentId is not what the ledger says`]],
    // What is not claimed needs no proof.
    [{ pullNumber: null }, []],
  ])("%j", (change, found) => {
    expect(foundIn("writes.json", 0, change).filter((each) => !each.startsWith("ledger #"))).toEqual(found);
  });
});

describe("a verdict that says another", () => {
  const where = "provenance.json #1";
  const content = Row.parse(z.array(Row).parse(JSON.parse(textOf("provenance.json")))[0]?.["content"]);
  const ANOTHER = `${where}: the verdict is another one than the row says`;
  it.each([
    [{ kind: "merge" }, [ANOTHER]],
    [{ commitSha: COMMIT }, [ANOTHER, `${where}: commit is not what the ledger says`]],
    [{ verdict: "unproven" }, [ANOTHER, `${where}: verdict is not what the ledger says`]],
    [{ repoId: 1 }, [`${where}: repoId is not what the ledger says`]],
    [{ pullNumber: 58 }, [`${where}: pullNumber is not what the ledger says`]],
    [{ hash: OTHER }, [`${where}: the verdict does not give its hash`, `${where}: hash is not what the ledger says`]],
    [{ content: { ...content, complete: false } }, [`${where}: the verdict does not give its hash`]],
    [{ content: { ...content, kind: "merge" } }, [`${where}: the verdict does not give its hash`, ANOTHER]],
    [{ content: { ...content, commit: COMMIT } }, [`${where}: the verdict does not give its hash`, ANOTHER]],
  ])("%j", (change, found) => {
    expect(foundIn("provenance.json", 0, change).filter((each) => !/kind is not|people/.test(each))).toEqual(found);
  });

  it("an approval that is nowhere", () => {
    const verdict = Row.parse(content["verdict"]);
    const of = (by: Record<string, unknown>) =>
      foundIn("provenance.json", 0, {
        content: { ...content, verdict: { ...verdict, by: { ...Row.parse(verdict["by"]), ...by } } },
      });
    const NOWHERE = `${where}: nothing in the bundle approves what it calls approved`;
    expect(of({ digest: OTHER })).toContain(NOWHERE);
    // The plan is approved under this digest; no patch set is.
    const [, plan] = z.array(Row).parse(JSON.parse(textOf("approvals.json")));
    expect(of({ digest: plan?.["digest"] })).toContain(NOWHERE);
    expect(of({})).toEqual([]);
  });
});

describe("other rows that say another", () => {
  it.each([
    ["commands.json", 0, { name: "reject" }, ["commands.json #1: name is not what the ledger says"]],
    ["commands.json", 0, { args: { all: true } }, ["commands.json #1: args is not what the ledger says"]],
    ["commands.json", 0, { position: 1 }, ["commands.json #1: position is not what the ledger says"]],
    ["gates.json", 0, { passed: false }, ["gates.json G0: passed is not what the ledger says"]],
    ["gates.json", 0, { attempt: 2 }, ["gates.json G0: attempt is not what the ledger says"]],
    ["gates.json", 0, { gate: "G9" }, ["gates.json G9: no ledger entry gate_judged of gate G9"]],
  ])("%s[%i] %j", (path, index, change, found) => {
    expect(foundIn(path, index, change)).toEqual(found);
  });

  const run = "runs/1-triage/input.json";
  it.each([
    ["output.json", { id: 2 }, `${run}: input and output are of different runs`],
    ["input.json", { role: "planner" }, `${run}: role is not what the ledger says`],
    ["input.json", { model: "model-2" }, `${run}: model is not what the ledger says`],
    ["input.json", { promptHash: OTHER }, `${run}: promptHash is not what the ledger says`],
    ["input.json", { startedAt: "2026-11-21T00:00:00.000Z" }, `${run}: startedAt is not what the ledger says`],
    ["output.json", { outcome: "other" }, `${run}: outcome is not what the ledger says`],
    ["output.json", { costMicros: 1 }, `${run}: costMicros is not what the ledger says`],
    ["log.json", null, `${run}: transcriptHash is not what the ledger says`],
  ])("a run's %s %j", (name, change, found) => {
    const path = `runs/1-triage/${name}`;
    const files = change === null ? resealed(path, "[]\n") : null;
    expect(
      files === null
        ? foundOf(path, change ?? {})
        : verifyBundle(files, null).problems.map(({ where, what }) => `${where}: ${what}`),
    ).toEqual([found]);
  });

  it.each([
    ["artifacts/2-plan-1.json", { version: 7 }],
    ["artifacts/2-plan-1.json", { kind: "decision" }],
    ["artifacts/2-plan-1.json", { hash: OTHER }],
    ["artifacts/2-plan-1.json", { deliveryId: 2 }],
    ["artifacts/2-plan-1.json", { runId: 1 }],
    ["context-packets/1.json", { hash: OTHER }],
    ["context-packets/1.json", { version: 7 }],
    ["constraint-snapshots/1.json", { hash: OTHER }],
    ["constraint-snapshots/1.json", { version: 7 }],
    ["patch-sets/1/patch-set.json", { repoId: 1 }],
    ["patch-sets/1/patch-set.json", { version: 7 }],
    ["patch-sets/1/patch-set.json", { digest: OTHER }],
  ])("%s %j", (path, change) => {
    expect(foundOf(path, change)).toMatchSnapshot();
  });
});

describe("evidence that the ledger speaks of and that is gone", () => {
  it.each([
    ["commands.json", ["command 1", "command 2", "command 3", "command 4"]],
    ["approvals.json", ["approval 1", "approval 2", "approval 3"]],
    ["writes.json", [`write ${WRITE}`]],
    ["provenance.json", ["provenance 1"]],
  ])("rows of %s", (path, gone) => {
    const found = verifyBundle(resealed(path, "[]\n"), null).problems;
    const named = found.filter(({ where }) => where.startsWith("ledger #")).map(({ what }) => what);
    expect([...new Set(named)]).toEqual(gone.map((each) => `${each} is not in the bundle`));
  });

  it.each([
    ["artifacts/2-plan-1.json", "artifact 2"],
    ["context-packets/1.json", "context_packet 1"],
    ["constraint-snapshots/1.json", "constraint_snapshot 1"],
    ["patch-sets/1/patch-set.json", "patch_set 1"],
    ["runs/1-triage/input.json", "run 1"],
  ])("%s", (path, gone) => {
    const found = verifyBundle(resealed(path, null), null).problems;
    const named = found.filter(({ where }) => where.startsWith("ledger #")).map(({ what }) => what);
    expect([...new Set(named)]).toEqual([`${gone} is not in the bundle`]);
  });
});
