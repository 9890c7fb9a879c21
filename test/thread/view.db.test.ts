// What the thread shows is read from the rows that the other parts leave, in the shapes in which they leave them.

import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { artifactHash } from "../../src/artifacts/artifact.ts";
import type { Database } from "../../src/db/database.ts";
import { artifacts, contentPace, deliveries, policyViolations, runs, webhooks } from "../../src/db/schema.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import type { MachineEvent } from "../../src/delivery/event.ts";
import { report } from "../../src/delivery/inbox.ts";
import { recordGate } from "../../src/delivery/record-gate.ts";
import { loadDelivery, stateColumns } from "../../src/delivery/store.ts";
import { type DeliveryId, WebhookGuid } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import { savePatchSet } from "../../src/patches/store.ts";
import { publish } from "../../src/thread/publish.ts";
import { loadView } from "../../src/thread/view.ts";
import { contentOf } from "../patches/contents.ts";
import { fileChange } from "../patches/file-changes.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { OCTOCAT, REPO, shaOf, TRACE } from "../support/stored-delivery.ts";
import { openStage, storeLabeled, storeUnshownPlan } from "./support/stage.ts";
import { PLAN } from "./support/world.ts";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
});
afterAll(() => database.close());

const AT = new Date("2026-11-21T10:30:00.000Z");
let told = 0;

const tell = (
  id: DeliveryId,
  event: MachineEvent,
  actor: typeof OCTOCAT | { kind: "system"; id: string } = { kind: "system", id: "test" },
) => db.transaction((tx) => report(tx, id, { event, actor, at: instant(AT), dedupeKey: `test:${++told}` }));

const view = async (id: DeliveryId) => {
  const loaded = await loadView(db.sql, id);
  if (loaded === null) throw new Error("no view");
  return loaded;
};

const setState = async (id: DeliveryId, change: Partial<Delivery>) => {
  const stored = await loadDelivery(db, id);
  if (stored === null) throw new Error("no delivery");
  const { id: _, ...next } = { ...stored.delivery, ...change };
  await db.transaction(({ sql }) => sql.update(deliveries).set(stateColumns(next)).where(eq(deliveries.id, id)));
};

const changes = (text: string) => [fileChange("src/slug.ts", { before: "a\n", after: text })];

const savePatch = (id: DeliveryId, text: string) =>
  db.transaction((tx) =>
    savePatchSet(tx, {
      deliveryId: id,
      content: contentOf(changes(text), { repoId: REPO, baseSha: shaOf("base") }),
      artifactId: null,
      at: instant(AT),
      actor: { kind: "system", id: "test" },
      traceId: TRACE,
    }),
  );

test("a delivery that has just begun has its repository, its settings, and no history", async () => {
  const id = await storeLabeled(db);
  const loaded = await view(id);
  expect(loaded.issue.repository).toBe("acme/shop");
  expect(loaded.settings).toEqual({
    approvers: { users: ["octocat"], teams: [] },
    gateApprovers: {},
    requester: "counts",
    quorum: { plan: 1, review: 1, deploy: 1 },
    prefix: null,
    showCost: false,
    windowSeconds: 1_800,
    labels: { plan: "countersign:plan", review: "countersign:review", needsHuman: "countersign:needs-human" },
    checkProposals: true,
    configured: true,
  });
  expect(loaded.stays.map(({ phase, leftAt }) => [phase, leftAt])).toEqual([["intake", null]]);
  expect([loaded.plans, loaded.patchSets, loaded.runs, loaded.approvals, loaded.checks]).toEqual([
    [],
    [],
    [],
    [],
    null,
  ]);
});

test("the words behind a reason are those of the event that brought it", async () => {
  const stage = openStage(db);
  const id = await storeLabeled(db, { phase: "plan", runStatus: "running", attempt: 3 });
  await tell(id, { type: "plan_incomplete", attempt: 2, note: "of an older attempt" });
  await tell(id, { type: "plan_incomplete", attempt: 3, note: "T2 has no files" });
  await tell(id, { type: "hold_added", hold: "hold", note: "" }, OCTOCAT);
  await tell(id, { type: "issue_edited" });
  expect((await stage.advance(id)).reason).toBe("plan_incomplete");
  const { facts, holds } = await view(id);
  expect(facts.note).toBe("T2 has no files");
  expect(facts.issueEdited).toBe(true);
  expect(holds).toEqual([{ hold: "hold", since: instant(AT), login: "octocat" }]);
});

test("comments between the label and the plan are counted, those of bots, commands and other issues are not", async () => {
  const id = await storeUnshownPlan(db);
  const [row] = await db.sql.select({ issue: deliveries.issueNumber }).from(deliveries).where(eq(deliveries.id, id));
  const say = (minute: string, type: string, issue: number) =>
    db.transaction(({ sql }) =>
      sql.insert(webhooks).values({
        guid: WebhookGuid.parse(crypto.randomUUID()),
        event: "issue_comment",
        action: "created",
        installationId: 777,
        repoId: REPO,
        payload: { issue: { number: issue }, comment: { id: ++told, user: { type } } },
        receivedAt: new Date(`2026-11-21T${minute}:00Z`),
      }),
    );
  const issue = row?.issue ?? 0;
  await db.transaction(({ sql }) =>
    sql
      .update(deliveries)
      .set({ createdAt: new Date("2026-11-21T09:00:00Z") })
      .where(eq(deliveries.id, id)),
  );
  await say("08:59", "User", issue);
  await say("09:10", "User", issue);
  await say("09:20", "Bot", issue);
  await say("09:30", "User", issue + 1000);
  await say("09:40", "User", issue);
  await say("10:10", "User", issue);
  expect((await view(id)).plans[0]?.commentsUnused).toBe(2);
});

test("a patch set that policy stopped is not shown, its findings are; the one at the gate is, proved by its digest", async () => {
  const id = await storeUnshownPlan(db);
  const blocked = await savePatch(id, "stopped\n");
  await db.transaction(({ sql }) =>
    sql.insert(policyViolations).values([
      {
        deliveryId: id,
        patchSetId: blocked.id,
        attempt: 4,
        rule: "size",
        severity: "warn",
        path: null,
        line: null,
        message: "large",
      },
      {
        deliveryId: id,
        patchSetId: blocked.id,
        attempt: 4,
        rule: "ci-files",
        severity: "block",
        path: "ci.yml",
        line: 3,
        message: "no",
      },
    ]),
  );
  await setState(id, { phase: "implement", runStatus: "blocked", reason: "policy" });
  const stopped = await view(id);
  expect(stopped.patchSets).toEqual([]);
  expect(stopped.blockedBy.map(({ rule }) => rule)).toEqual(["ci-files", "size"]);

  const good = await savePatch(id, "b\n");
  const subject = { version: good.version, digest: good.digest, shown: null, approvals: [], approved: false };
  await setState(id, {
    phase: "review",
    runStatus: "pending",
    reason: null,
    targets: [
      {
        repoId: REPO,
        role: "primary",
        patchSet: { ...subject, id: good.id, written: false },
        written: null,
        strayHead: null,
        landed: "no",
      },
    ],
  });
  const shown = await view(id);
  expect(shown.patchSets[0]?.since).toBeNull();
  expect(shown.blockedBy).toEqual([]);
  expect(shown.patchSets.map(({ version, digest }) => [version, digest])).toEqual([[2, good.digest]]);
  expect(shown.patchSets[0]?.files[0]).not.toHaveProperty("after");
  expect(shown.patchSets[0]?.files[0]?.diff).toContain("-a\n+b\n");

  // All the way to GitHub: comment and check run, and the gate is open.
  await db.transaction(({ sql }) => sql.delete(contentPace));
  const stage = openStage(db);
  await publish(stage.deps(), id, new AbortController().signal);
  const delivery = await stage.advance(id);
  expect([delivery.phase, delivery.runStatus]).toEqual(["review", "succeeded"]);
  expect(stage.github.comments.map(({ body }) => body.split("\n")[0])).toContain(
    `**Patches ready, please review**: 1 file, +1 −1 in \`acme/shop\` (patch set 2 of D-${id}).`,
  );

  // A version that nobody saw is not what the next one is compared with.
  const unseen = await savePatch(id, "nobody saw this\n");
  const next = await savePatch(id, "c\n");
  const wanted = { version: next.version, digest: next.digest, shown: null, approvals: [], approved: false };
  await setState(id, {
    targets: delivery.targets.map((target) => ({ ...target, patchSet: { ...wanted, id: next.id, written: false } })),
  });
  const revised = (await view(id)).patchSets;
  expect(revised.map(({ version }) => version)).toEqual([2, 4]);
  expect(unseen.version).toBe(3);
  expect(revised[1]?.since).toMatchObject({
    version: 2,
    delta: { stands: "same_base", files: [{ path: "src/slug.ts", how: "different" }], texts: [] },
  });
  expect(revised[1]?.since?.delta.files[0]?.diff).toContain("-b\n+c\n");
});

test("what the checks said is read from the gate that was recorded", async () => {
  const id = await storeLabeled(db);
  const counted = [
    { name: "test", source: "check_run", appId: 1, meaning: "failed", said: "failure", url: null, reruns: 0 },
  ];
  await db.transaction((tx) =>
    recordGate(
      tx,
      { deliveryId: id, traceId: TRACE, attempt: 1, at: AT },
      {
        gate: "G4",
        verdict: "red",
        passed: false,
        evidence: { state: "x", pulls: [{ repository: "acme/shop", repoId: REPO, counted, missing: ["lint"] }] },
      },
    ),
  );
  const loaded = await view(id);
  expect(loaded.checks).toEqual([
    { repoId: REPO, name: "test", meaning: "failed", said: "failure", url: null, reruns: 0 },
    { repoId: REPO, name: "lint", meaning: "waiting", said: "missing", url: null },
  ]);
  expect(loaded.ledger.entries).toBe(1);
});

test("what the checks said of the commit before is not told of the next one, which nobody has looked at yet", async () => {
  const id = await storeLabeled(db, { phase: "verify", runStatus: "running", attempt: 4, fixesLeft: 1 });
  const judge = (attempt: number, meaning: string) => {
    const counted = [{ name: "test", source: "check_run", appId: 1, meaning, said: "x", url: null, reruns: 0 }];
    const evidence = { state: "x", criteria: [], pulls: [{ repoId: REPO, counted, draft: true }] };
    return db.transaction((tx) =>
      recordGate(
        tx,
        { deliveryId: id, traceId: TRACE, attempt, at: AT },
        { gate: "G4", verdict: "x", passed: false, evidence },
      ),
    );
  };
  await judge(4, "failed");
  expect((await view(id)).checks).toMatchObject([{ meaning: "failed" }]);
  expect((await view(id)).drafts).toEqual([REPO]);
  // The fix of it is reviewed, and written.
  await setState(id, { phase: "review", attempt: 6 });
  expect((await view(id)).checks).toMatchObject([{ meaning: "failed" }]);
  for (const runStatus of ["pending", "running"] as const) {
    await setState(id, { phase: "verify", runStatus, attempt: 7 });
    const { checks, criteria, drafts } = await view(id);
    // That the pull request is a draft was not said of a commit.
    expect({ checks, criteria, drafts }).toEqual({ checks: null, criteria: null, drafts: [REPO] });
  }
  await judge(7, "passed");
  expect((await view(id)).checks).toMatchObject([{ meaning: "passed" }]);
});

test("runs come without their transcripts, and questions from the newest plan", async () => {
  const id = await storeLabeled(db, { phase: "plan", runStatus: "blocked", reason: "questions" });
  const digest = digestOf("x");
  await db.transaction(async ({ sql }) => {
    await sql.insert(runs).values({
      deliveryId: id,
      attempt: 1,
      role: "planner",
      engine: "openai",
      model: "m",
      promptVersion: "1",
      promptHash: digest,
      contextHash: digest,
      constraintHash: digest,
      inputTokens: 10,
      outputTokens: 5,
      costMicros: null,
      startedAt: AT,
      durationMs: 7,
      transcript: { secret: "not for people" },
      outcome: "succeeded",
      error: null,
    });
    const content = { ...PLAN, questions: [{ text: "Which?", changesPlan: true }] };
    await sql.insert(artifacts).values({
      deliveryId: id,
      kind: "plan",
      version: 1,
      hash: artifactHash({ kind: "plan", deliveryId: id, version: 1, content }),
      content,
      createdAt: AT,
    });
  });
  const loaded = await view(id);
  expect(JSON.stringify(loaded)).not.toContain("not for people");
  expect(loaded.runs).toHaveLength(1);
  // It was never put to anybody.
  expect(loaded.plans).toEqual([]);
  expect(loaded.newestPlan?.questions).toEqual([{ text: "Which?", changesPlan: true }]);
});
