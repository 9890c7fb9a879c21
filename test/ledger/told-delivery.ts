// A delivery with every kind of evidence, told by the code that tells it in life: for exports to be made of.
import { eq } from "drizzle-orm";
import { recordArtifact, recordRun } from "../../src/agent/record.ts";
import { THREE_ANSWERS } from "../../src/agent/step.ts";
import { Exchange } from "../../src/agent/transcript.ts";
import { ContextPacket } from "../../src/context/packet.ts";
import { savePacket } from "../../src/context/save-packet.ts";
import { neverCrash } from "../../src/crash-points.ts";
import type { Database } from "../../src/db/database.ts";
import { approvals, commands, constraintSnapshots } from "../../src/db/schema.ts";
import { advance } from "../../src/delivery/advance.ts";
import type { Ask, MachineEvent } from "../../src/delivery/event.ts";
import { report } from "../../src/delivery/inbox.ts";
import { ONLY_A_NUMBER } from "../../src/delivery/needs.ts";
import { recordGate } from "../../src/delivery/record-gate.ts";
import { loadDelivery } from "../../src/delivery/store.ts";
import { transition } from "../../src/delivery/transition.ts";
import { ApprovalId, CommentId, type DeliveryId, InstallationId, PullNumber, WriteId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { append } from "../../src/ledger/append.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import { deliveryChain } from "../../src/ledger/entry.ts";
import { savePatchSet } from "../../src/patches/store.ts";
import { keepVerdict } from "../../src/provenance/store.ts";
import { ok } from "../../src/result.ts";
import { intend, receiveBranch, receiveCommit, receivePull, receiveTree } from "../../src/write-gate/receipts.ts";
import { contentOf } from "../patches/contents.ts";
import { fileChange } from "../patches/file-changes.ts";
import {
  INSTALLATION,
  OCTOCAT,
  REPO,
  START,
  shaOf,
  storeCommand,
  storeDelivery,
  TRACE,
} from "../support/stored-delivery.ts";

/** Up to an open pull request, with a voided approval on the way. */
export async function tellDelivery(db: Database): Promise<DeliveryId> {
  const deliveryId = await storeDelivery(db);
  let happenings = 0;
  let now = START;
  const at = () => instant(now);
  const facts = { deliveryId, traceId: TRACE };
  const state = async () => {
    const stored = await loadDelivery(db, deliveryId);
    if (stored === null) throw new Error("no delivery");
    return stored.delivery;
  };
  const entry = (action: string, kind: string, id: string, after: unknown) =>
    db.transaction((tx) =>
      append(tx, deliveryChain(deliveryId), [
        { ...facts, at: at(), actor: OCTOCAT, action, entity: { kind, id }, before: null, after, note: null },
      ]),
    );
  const happens = async (event: MachineEvent) => {
    now = new Date(now.getTime() + 60_000);
    const actor = event.type === "command" ? OCTOCAT : ({ kind: "system", id: "test" } as const);
    const dedupeKey = `happening:${++happenings}`;
    await db.transaction((tx) => report(tx, deliveryId, { event, actor, at: at(), dedupeKey }));
    await advance({ db, clock: () => now, crash: neverCrash, transition, deadlines: () => () => 3600 }, deliveryId);
  };
  const says = async (ask: Ask) => {
    const commandId = await storeCommand(db, deliveryId, ask.name, 900 + ++happenings);
    await entry("command_received", "command", `${commandId}`, {
      name: ask.name,
      args: {},
      position: 0,
      verdict: "waiting",
    });
    const commentId = CommentId.parse(900 + happenings);
    await happens({ type: "command", commandId, ask, origin: { kind: "comment", commentId, writtenAt: at() } });
  };
  const approve = {
    name: "approve",
    target: null,
    code: null,
    quorum: 1,
    codeRequired: false,
    needs: ONLY_A_NUMBER,
  } as const;
  const shown = () => ({ at: at(), commentId: CommentId.parse(77) });

  await entry("admitted", "delivery", deliveryChain(deliveryId), await state());
  const [snapshot] = await db.sql
    .select()
    .from(constraintSnapshots)
    .where(eq(constraintSnapshots.deliveryId, deliveryId));
  const given = { version: 1, hash: snapshot?.hash };
  await entry("constraints_snapshotted", "constraint_snapshot", `${snapshot?.id}`, given);
  const packet = ContextPacket.parse({
    issue: {
      id: 1_012,
      repoId: REPO,
      number: 12,
      title: "The slug loses its last character",
      body: "It does.",
      written: digestOf("the issue"),
      author: { id: OCTOCAT.id, login: OCTOCAT.login },
      labels: ["countersign"],
      labeledAt: at(),
      takenAt: at(),
      updatedAt: at(),
      comments: [],
      state: "open",
    },
    plan: null,
    feedback: [],
    repositories: [],
  });
  const contextHash = await db.transaction((tx) => savePacket(tx, { ...facts, at: now, packet }));

  const runs = async (role: "triage" | "planner") => {
    const usage = { inputTokens: 1_200, outputTokens: 300 };
    const exchange = Exchange.parse({
      request: [{ role: "user", content: "what now?" }],
      answer: "{}",
      failure: null,
      usage,
    });
    const attempt = (await state()).attempt;
    return db.transaction((tx) =>
      recordRun(
        tx,
        {
          ...facts,
          attempt,
          role,
          step: {
            role,
            engine: "openai",
            model: "model",
            effort: null,
            prompt: { version: "1", schema: role },
            qa: "light",
            loop: THREE_ANSWERS,
            look: null,
            maxOutputTokens: 1_000,
            timeoutMs: 1_000,
          },
          canary: null,
          promptHash: digestOf("prompt"),
          contextHash,
          constraintHash: digestOf({}),
          startedAt: now,
          endedAt: new Date(now.getTime() + 1_500),
        },
        { result: ok({}), model: "model-1", usage, transcript: [exchange] },
        () => null,
      ),
    );
  };
  const runId = await runs("triage");
  const decision = { decision: "GO", reasons: ["clear"] };
  await db.transaction((tx) => recordArtifact(tx, { ...facts, runId, kind: "decision", content: decision, at: now }));
  const judged = { gate: "G0", verdict: "GO", passed: true, evidence: { reasons: ["clear"] } } as const;
  await db.transaction((tx) => recordGate(tx, { ...facts, attempt: 1, at: now }, judged));
  await happens({ type: "triaged", attempt: 1, passed: true, decision: "GO" });

  for (const words of ["first", "second"]) {
    const planner = await runs("planner");
    const plan = await db.transaction((tx) =>
      recordArtifact(tx, { ...facts, runId: planner, kind: "plan", content: { title: words }, at: now }),
    );
    const { version, hash: digest } = plan;
    await happens({ type: "plan_made", attempt: (await state()).attempt, version, digest });
    const attempt = (await state()).attempt;
    await happens({
      type: "gate_published",
      attempt,
      gate: "plan",
      subjects: [{ repoId: null, digest, shown: shown() }],
    });
    // The first plan lacks a second approver, and is sent back.
    await says(words === "first" ? { ...approve, quorum: 2 } : approve);
    if (words === "first") await says({ name: "revise", target: "plan", feedback: "leave the database alone" });
  }

  const content = contentOf(
    [fileChange("src/slug.ts", { before: "one\n", after: "two\n" }), fileChange("src/new.ts", { after: "new\n" })],
    { repoId: REPO },
  );
  const patchSet = await db.transaction((tx) =>
    savePatchSet(tx, { ...facts, content, artifactId: null, at: at(), actor: { kind: "system", id: "agent" } }),
  );
  const made = { repoId: REPO, id: patchSet.id, version: patchSet.version, digest: patchSet.digest };
  await happens({ type: "patches_made", attempt: (await state()).attempt, patchSets: [made] });
  const subjects = [{ repoId: REPO, digest: patchSet.digest, shown: shown() }];
  await happens({ type: "gate_published", attempt: (await state()).attempt, gate: "review", subjects });
  await says(approve);

  const [approval] = await db.sql.select().from(approvals).where(eq(approvals.subjectKind, "patchset"));
  const permit = {
    ...facts,
    writeId: WriteId.parse("6f1c2a34-0d8e-4d0f-9a51-3a4c0f6b7e21"),
    attempt: (await state()).attempt,
    subjectKind: "patchset",
    subjectId: patchSet.id,
    digest: patchSet.digest,
    repoId: REPO,
    installationId: InstallationId.parse(INSTALLATION),
    content,
    onTopOf: null,
    approvals: [{ id: ApprovalId.parse(approval?.id), by: { id: OCTOCAT.id, login: OCTOCAT.login } }],
    restsOn: [],
  } as const;
  const clock = () => now;
  await intend(db, clock, [permit]);
  await receiveTree(db, clock, permit, content.tree);
  await receiveCommit(db, clock, permit, shaOf("commit"), true);
  await receiveBranch(db, clock, permit, shaOf("commit"));
  await receivePull(db, clock, permit, PullNumber.parse(57), "opened");
  const receipt = { repoId: REPO, head: shaOf("commit"), tree: content.tree, pullRequest: PullNumber.parse(57) };
  await happens({ type: "written", attempt: (await state()).attempt, repos: [receipt] });
  const by = { kind: "patchset", digest: patchSet.digest, head: shaOf("commit") } as const;
  const found = { kind: "head", commit: shaOf("commit"), commits: [], complete: true, people: [] } as const;
  const verdict = { kind: "approved", by, base: content.baseSha, tree: content.tree } as const;
  const of = { ...facts, repoId: REPO, pullNumber: PullNumber.parse(57) };
  await db.transaction((tx) => keepVerdict(tx, of, { ...found, verdict }, now));
  if ((await db.sql.$count(commands)) < 4) throw new Error("the story was not told");
  return deliveryId;
}
