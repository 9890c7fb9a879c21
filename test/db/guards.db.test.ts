// The invariants that the database holds when the code above it is wrong.
import { randomUUID } from "node:crypto";
import { eq, sql as raw, type SQL } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FOREIGN_KEY_VIOLATION, violationOf } from "../../src/db/errors.ts";
import {
  approvals,
  artifacts,
  contextPackets,
  deliveries,
  doctrineRefs,
  gates,
  inbox,
  ledgerHeads,
  patches,
  patchSets,
  runs,
  shipParts,
  ships,
  webhooks,
  writes,
} from "../../src/db/schema.ts";
import { type DeliveryId, type Digest, RepoId, WebhookGuid } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { append } from "../../src/ledger/append.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import {
  OCTOCAT,
  REPO,
  START,
  shaOf,
  storeCommand,
  storeDelivery,
  storeReceipt,
  TRACE,
} from "../support/stored-delivery.ts";

let t: TestDatabase;
let deliveryId: DeliveryId;
beforeAll(async () => {
  t = await testDatabase();
  deliveryId = await storeDelivery(t.db);
  await t.db.transaction(async ({ sql }) => {
    const [packet] = await sql
      .insert(contextPackets)
      .values({ deliveryId, version: 1, hash: digestOf(1), content: {}, createdAt: START })
      .returning();
    await sql
      .insert(doctrineRefs)
      .values({ contextPacketId: packet?.id ?? 0, repoId: REPO, path: "AGENTS.md", blobSha: shaOf("a") });
    await sql.insert(runs).values({
      deliveryId,
      attempt: 1,
      role: "planner",
      engine: "openai",
      model: "m",
      promptVersion: "1",
      promptHash: digestOf(1),
      contextHash: digestOf(1),
      constraintHash: digestOf(1),
      inputTokens: 1,
      outputTokens: 1,
      startedAt: START,
      durationMs: 1,
      transcript: [],
      outcome: "succeeded",
    });
    await sql.insert(gates).values({ deliveryId, gate: "G0", attempt: 1, passed: true, evidence: {}, judgedAt: START });
  });
  await t.db.transaction((tx) =>
    append(tx, `D-${deliveryId}`, [
      {
        deliveryId,
        at: instant(START),
        actor: OCTOCAT,
        action: "test",
        entity: { kind: "test", id: "1" },
        before: null,
        after: null,
        note: null,
        traceId: TRACE,
      },
    ]),
  );
});
afterAll(() => t.close());

const attempt = (statement: SQL) => t.db.transaction(({ sql }) => sql.execute(statement));
const refused = async (work: Promise<unknown>) =>
  violationOf(
    await work.then(
      () => null,
      (error: unknown) => error,
    ),
  )?.code;
/** restrict_violation, which our triggers raise, and check_violation. */
const BY_TRIGGER = "23001";
const BY_CHECK = "23514";

let versions = 0;
async function storePatchSet(delivery = deliveryId, repoId = REPO) {
  const version = ++versions;
  const digest = digestOf({ version });
  return t.db.transaction(async ({ sql }) => {
    const [row] = await sql
      .insert(patchSets)
      .values({ deliveryId: delivery, repoId, version, digest, content: {}, createdAt: START })
      .returning({ id: patchSets.id });
    const id = row?.id ?? 0;
    await sql.insert(patches).values({ patchSetId: id, position: 0, path: "a.ts", change: {}, diff: "+" });
    return { id, digest };
  });
}

async function approve(subject: { kind?: string; id: number; digest: Digest }, delivery = deliveryId) {
  const commandId = await storeCommand(t.db, delivery, "approve", 10_000 + ++versions);
  return t.db.transaction(async ({ sql }) => {
    const [row] = await sql
      .insert(approvals)
      .values({
        deliveryId: delivery,
        subjectKind: subject.kind ?? "patchset",
        subjectId: subject.id,
        digest: subject.digest,
        personId: OCTOCAT.id,
        personLogin: OCTOCAT.login,
        commandId,
        webhookGuid: firstReceipt,
        approvedAt: START,
      })
      .returning({ id: approvals.id });
    return row?.id ?? 0;
  });
}

let firstReceipt: WebhookGuid;
beforeAll(async () => {
  firstReceipt = await storeReceipt(t.db);
});

describe("evidence is append-only", () => {
  it.each([
    "ledger",
    "runs",
    "artifacts",
    "patch_sets",
    "patches",
    "context_packets",
    "constraint_snapshots",
    "doctrine_refs",
    "gates",
  ])("%s: no update, no delete, no truncate, whether or not a row is meant", async (table) => {
    const name = raw.identifier(table);
    const column = raw.identifier(
      table === "patches" ? "diff" : table === "doctrine_refs" ? "path" : table === "ledger" ? "note" : "delivery_id",
    );
    for (const condition of [raw`true`, raw`false`]) {
      expect(await refused(attempt(raw`update ${name} set ${column} = ${column} where ${condition}`))).toBe(BY_TRIGGER);
      expect(await refused(attempt(raw`delete from ${name} where ${condition}`))).toBe(BY_TRIGGER);
    }
    expect(await refused(attempt(raw`truncate ${name} cascade`))).toBe(BY_TRIGGER);
  });

  it("not even with triggers off for the session", async () => {
    const sly = t.db.transaction(async ({ sql }) => {
      await sql.execute(raw`set local session_replication_role = replica`);
      await sql.execute(raw`delete from ledger`);
    });
    expect(await refused(sly)).toBe(BY_TRIGGER);
  });

  it("an upsert is an update", async () => {
    const sly = t.db.transaction(({ sql }) =>
      sql
        .insert(artifacts)
        .values({ deliveryId, kind: "plan", version: 1, hash: digestOf(1), content: {}, createdAt: START })
        .onConflictDoUpdate({
          target: [artifacts.deliveryId, artifacts.kind, artifacts.version],
          set: { content: {} },
        }),
    );
    expect(await refused(sly)).toBe(BY_TRIGGER);
  });
});

describe("the ledger's chain", () => {
  const insert = (chain: string, seq: number, previous: string) =>
    attempt(raw`insert into ledger (chain, seq, recorded_at, actor_kind, actor_id, action, entity_kind, entity_id, trace_id, previous_hash, hash)
      values (${chain}, ${seq}, now(), 'system', 'x', 'x', 'x', 'x', ${TRACE}, ${previous}, ${digestOf([chain, seq])})`);

  it("takes no entry that stands on nothing, on another, or in the middle", async () => {
    expect(await refused(insert(`D-${deliveryId}`, 3, digestOf("made up")))).toBe(BY_TRIGGER);
    expect(await refused(insert(`D-${deliveryId}`, 2, digestOf("made up")))).toBe(BY_TRIGGER);
    expect(await refused(insert("R-5", 2, "0".repeat(64)))).toBe(BY_TRIGGER);
    expect(await refused(insert("R-5", 1, digestOf("made up")))).toBe(BY_TRIGGER);
    expect(await refused(insert("R-5", 0, "0".repeat(64)))).toBe(BY_CHECK);
  });

  it("has a head that only moves to an entry, forward, and stays", async () => {
    const chain = `D-${deliveryId}`;
    const set = (seq: number, hash: string) =>
      attempt(raw`update ledger_heads set seq = ${seq}, hash = ${hash} where chain = ${chain}`);
    const [head] = await t.db.sql.select().from(ledgerHeads).where(eq(ledgerHeads.chain, chain));
    expect(await refused(set(0, "0".repeat(64)))).toBe(BY_TRIGGER);
    expect(await refused(set((head?.seq ?? 0) + 1, digestOf("made up")))).toBe(BY_TRIGGER);
    expect(await refused(set(head?.seq ?? 0, head?.hash ?? ""))).toBe(BY_TRIGGER);
    expect(await refused(attempt(raw`delete from ledger_heads`))).toBe(BY_TRIGGER);
    expect(await refused(attempt(raw`insert into ledger_heads values ('R-8', 3, ${digestOf(1)})`))).toBe(BY_TRIGGER);
  });
});

describe("an approval", () => {
  it("names a patch set that exists, of the same delivery, with this digest", async () => {
    const patchSet = await storePatchSet();
    const other = await storeDelivery(t.db, { issueNumber: 90 });
    expect(await refused(approve({ id: 999_999, digest: patchSet.digest }))).toBe(FOREIGN_KEY_VIOLATION);
    expect(await refused(approve({ id: patchSet.id, digest: digestOf("other") }))).toBe(FOREIGN_KEY_VIOLATION);
    expect(await refused(approve(patchSet, other))).toBe(FOREIGN_KEY_VIOLATION);
    expect(await refused(approve({ kind: "plan", ...patchSet }))).toBe(FOREIGN_KEY_VIOLATION);
    expect(await refused(approve({ kind: "something", ...patchSet }))).toBe(BY_CHECK);
    expect(await approve(patchSet)).toBeGreaterThan(0);
  });

  it("names a plan that exists with this hash", async () => {
    const hash = digestOf("the plan");
    const [plan] = await t.db.transaction(({ sql }) =>
      sql
        .insert(artifacts)
        .values({ deliveryId, kind: "plan", version: 7, hash, content: {}, createdAt: START })
        .returning({ id: artifacts.id }),
    );
    expect(await refused(approve({ kind: "plan", id: plan?.id ?? 0, digest: digestOf("other") }))).toBe(
      FOREIGN_KEY_VIOLATION,
    );
    expect(await approve({ kind: "plan", id: plan?.id ?? 0, digest: hash })).toBeGreaterThan(0);
  });

  it("stands once a person, subject and digest, until it is voided", async () => {
    const patchSet = await storePatchSet();
    const first = await approve(patchSet);
    expect(await refused(approve(patchSet))).toBe("23505");
    await attempt(raw`update approvals set voided_at = now(), void_reason = 'base rewritten' where id = ${first}`);
    expect(await approve(patchSet)).toBeGreaterThan(first);
  });

  it("can be voided once, with a reason, and not changed otherwise", async () => {
    const id = await approve(await storePatchSet());
    const set = (change: SQL) => refused(attempt(raw`update approvals set ${change} where id = ${id}`));
    expect(await set(raw`person_id = 1`)).toBe(BY_TRIGGER);
    expect(await set(raw`digest = ${digestOf("x")}, voided_at = now(), void_reason = 'x'`)).toBe(BY_TRIGGER);
    expect(await set(raw`void_reason = 'x'`)).toBe(BY_TRIGGER);
    expect(await set(raw`voided_at = now()`)).toBe(BY_CHECK);
    expect(await set(raw`voided_at = now(), void_reason = 'x'`)).toBeUndefined();
    expect(await set(raw`voided_at = now(), void_reason = 'y'`)).toBe(BY_TRIGGER);
    expect(await set(raw`voided_at = null, void_reason = null`)).toBe(BY_TRIGGER);
    expect(await refused(attempt(raw`delete from approvals`))).toBe(BY_TRIGGER);
    expect(await refused(attempt(raw`truncate approvals cascade`))).toBe(BY_TRIGGER);
  });

  it("comes from a webhook that was received", async () => {
    const patchSet = await storePatchSet();
    const commandId = await storeCommand(t.db, deliveryId, "approve", 5);
    const forged = t.db.transaction(({ sql }) =>
      sql.insert(approvals).values({
        deliveryId,
        subjectKind: "patchset",
        subjectId: patchSet.id,
        digest: patchSet.digest,
        personId: 1,
        personLogin: "mallory",
        commandId,
        webhookGuid: WebhookGuid.parse("never-received"),
        approvedAt: START,
      }),
    );
    expect(await refused(forged)).toBe(FOREIGN_KEY_VIOLATION);
  });
});

describe("a write", () => {
  type Intent = Partial<typeof writes.$inferInsert>;
  const intend = async (approvalId: number, subject: { id: number; digest: Digest }, change: Intent = {}) => {
    const id = randomUUID();
    await t.db.transaction(({ sql }) =>
      sql.insert(writes).values({
        id,
        deliveryId,
        approvalId,
        subjectKind: "patchset",
        subjectId: subject.id,
        digest: subject.digest,
        repoId: REPO,
        branch: "countersign/d-1",
        intendedAt: START,
        ...change,
      }),
    );
    return id;
  };

  it("stands on an approval of the same subject, digest, delivery and repository", async () => {
    const [mine, other] = [await storePatchSet(), await storePatchSet()];
    const approval = await approve(mine);
    const elsewhere = await storeDelivery(t.db, { issueNumber: 91 });
    expect(await refused(intend(999_999, mine))).toBe(FOREIGN_KEY_VIOLATION);
    expect(await refused(intend(approval, other))).toBe(FOREIGN_KEY_VIOLATION);
    expect(await refused(intend(approval, { ...mine, digest: other.digest }))).toBe(FOREIGN_KEY_VIOLATION);
    expect(await refused(intend(approval, mine, { deliveryId: elsewhere }))).toBe(FOREIGN_KEY_VIOLATION);
    expect(await refused(intend(approval, mine, { repoId: RepoId.parse(666) }))).toBe(FOREIGN_KEY_VIOLATION);
    // Of no ship: a patch set's approval is none for a merge.
    expect(await refused(intend(approval, mine, { subjectKind: "merge" }))).toBe("23502");
    expect(await refused(intend(approval, mine, { subjectKind: "plan" }))).toBe(BY_CHECK);
    await intend(approval, mine);
    expect(await refused(intend(approval, mine))).toBe("23505");
  });

  async function storeShip(delivery = deliveryId) {
    const version = ++versions;
    const digest = digestOf({ ship: version });
    return t.db.transaction(async ({ sql }) => {
      const [row] = await sql
        .insert(ships)
        .values({ deliveryId: delivery, attempt: version, version, digest, content: {}, madeAt: START })
        .returning({ id: ships.id });
      const id = row?.id ?? 0;
      const part = async (kind: string) => {
        const of = digestOf({ kind, version });
        const [made] = await sql
          .insert(shipParts)
          .values({ shipId: id, shipDigest: digest, deliveryId: delivery, kind, repoId: REPO, digest: of })
          .returning({ id: shipParts.id });
        return { id: made?.id ?? 0, digest: of };
      };
      return { kind: "ship", id, digest, merge: await part("merge"), deployment: await part("deployment") };
    });
  }

  it("of a merge or a deployment stands on an approval of the ship that it is a part of", async () => {
    const [ship, other] = [await storeShip(), await storeShip()];
    const approval = await approve(ship);
    const merge = (change: Intent = {}) =>
      intend(approval, ship.merge, { subjectKind: "merge", shipId: ship.id, shipDigest: ship.digest, ...change });
    expect(await refused(merge({ shipId: other.id, shipDigest: other.digest }))).toBe(FOREIGN_KEY_VIOLATION);
    expect(await refused(merge({ shipDigest: other.digest }))).toBe(FOREIGN_KEY_VIOLATION);
    expect(await refused(merge({ subjectId: other.merge.id, digest: other.merge.digest }))).toBe(FOREIGN_KEY_VIOLATION);
    expect(await refused(merge({ digest: ship.deployment.digest }))).toBe(FOREIGN_KEY_VIOLATION);
    expect(await refused(merge({ subjectKind: "deployment" }))).toBe(FOREIGN_KEY_VIOLATION);
    expect(await refused(merge({ repoId: RepoId.parse(666) }))).toBe(FOREIGN_KEY_VIOLATION);
    expect(await refused(merge({ shipId: null, shipDigest: null }))).toBe("23502");
    const patchSet = await storePatchSet();
    const ofPatchSet = await approve(patchSet);
    expect(
      await refused(intend(ofPatchSet, ship.merge, { subjectKind: "merge", shipId: ship.id, shipDigest: ship.digest })),
    ).toBe(FOREIGN_KEY_VIOLATION);
    expect(await refused(intend(ofPatchSet, patchSet, { shipId: ship.id, shipDigest: ship.digest }))).toBe(BY_CHECK);
    const id = await merge();
    expect(await refused(merge())).toBe("23505");
    await intend(approval, ship.deployment, {
      subjectKind: "deployment",
      shipId: ship.id,
      shipDigest: ship.digest,
    });
    const set = (change: SQL) => refused(attempt(raw`update writes set ${change} where id = ${id}`));
    expect(await set(raw`ship_digest = ${other.digest}, ship_id = ${other.id}`)).toBe(BY_TRIGGER);
    expect(await set(raw`deployment_id = 5`)).toBeUndefined();
    expect(await set(raw`deployment_id = 6`)).toBe(BY_TRIGGER);
    expect(await refused(attempt(raw`update ships set version = 99 where id = ${ship.id}`))).toBe(BY_TRIGGER);
    expect(await refused(attempt(raw`delete from ship_parts where ship_id = ${ship.id}`))).toBe(BY_TRIGGER);
  });

  it("stays what it was intended as; each receipt is filled in once", async () => {
    const patchSet = await storePatchSet();
    const id = await intend(await approve(patchSet), patchSet);
    const set = (change: SQL) => refused(attempt(raw`update writes set ${change} where id = ${id}`));
    for (const change of [
      raw`branch = 'main'`,
      raw`repo_id = 1`,
      raw`digest = ${digestOf("x")}`,
      raw`approval_id = approval_id + 1`,
      raw`subject_id = 1`,
      raw`intended_at = now()`,
      raw`delivery_id = 2`,
    ]) {
      expect(await set(change)).toBe(BY_TRIGGER);
    }
    expect(await set(raw`tree_sha = ${shaOf("tree")}`)).toBeUndefined();
    expect(await set(raw`tree_sha = ${shaOf("tree")}, commit_sha = ${shaOf("commit")}`)).toBeUndefined();
    expect(await set(raw`commit_sha = ${shaOf("other")}`)).toBe(BY_TRIGGER);
    expect(await set(raw`tree_sha = null`)).toBe(BY_TRIGGER);
    expect(await set(raw`branch_at = now()`)).toBeUndefined();
    expect(await set(raw`branch_at = now() + interval '1 day'`)).toBe(BY_TRIGGER);
    expect(await set(raw`pull_number = 57, finished_at = now()`)).toBeUndefined();
    expect(await set(raw`pull_number = 58`)).toBe(BY_TRIGGER);
    expect(await refused(attempt(raw`delete from writes`))).toBe(BY_TRIGGER);
  });
});

describe("a webhook", () => {
  it("is received once and stays as it was signed; processing is a second fact", async () => {
    const guid = await storeReceipt(t.db, "issues", { action: "labeled" });
    const again = await t.db.transaction(({ sql }) =>
      sql
        .insert(webhooks)
        .values({ guid, event: "issues", payload: { action: "forged" }, receivedAt: START })
        .onConflictDoNothing()
        .returning({ guid: webhooks.guid }),
    );
    expect(again).toEqual([]);
    const set = (change: SQL) => refused(attempt(raw`update webhooks set ${change} where guid = ${guid}`));
    expect(await set(raw`payload = '{}'`)).toBe(BY_TRIGGER);
    expect(await set(raw`event = 'ping'`)).toBe(BY_TRIGGER);
    expect(await set(raw`repo_id = 1`)).toBe(BY_TRIGGER);
    expect(await refused(attempt(raw`delete from webhooks where guid = ${guid}`))).toBe(BY_TRIGGER);
    expect(await set(raw`processed_at = now(), outcome = 'ignored'`)).toBeUndefined();
    expect(await refused(attempt(raw`delete from webhooks where guid = ${guid}`))).toBeUndefined();
    expect(await refused(attempt(raw`truncate webhooks cascade`))).toBe(BY_TRIGGER);
  });
});

describe("a delivery", () => {
  it("is the only live one of its issue", async () => {
    const first = await storeDelivery(t.db, { issueNumber: 50 });
    const second = await storeDelivery(t.db, { issueNumber: 50 }).catch((error: unknown) => error);
    expect(violationOf(second)).toEqual({ code: "23505", constraint: "deliveries_one_live" });
    await attempt(
      raw`update deliveries set run_status = 'canceled', reason = 'by_command', ended_at = now() where id = ${first}`,
    );
    const next = await storeDelivery(t.db, { issueNumber: 50 });
    expect(next).toBeGreaterThan(first);
  });

  it("of two that are born at once one is refused", async () => {
    const both = await Promise.allSettled([1, 2, 3].map(() => storeDelivery(t.db, { issueNumber: 51 })));
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it.each([
    ["a phase that is none", raw`phase = 'sleep'`],
    ["a status that is none", raw`run_status = 'tired'`],
    ["a failure without a reason", raw`run_status = 'failed', reason = null`],
    ["a reason without a failure", raw`reason = 'policy'`],
    ["an exit that is refused", raw`exit_phase = 'implement'`],
    ["a negative count", raw`revisions_left = -1`],
    ["an end without its time", raw`run_status = 'canceled', reason = 'by_command'`],
    [
      "a deadline that runs and stands still",
      raw`deadline_at = now(), deadline_seconds = 1, deadline_left_seconds = 1`,
    ],
  ])("never has %s", async (_name, change) => {
    expect(await refused(attempt(raw`update deliveries set ${change} where id = ${deliveryId}`))).toBe(BY_CHECK);
  });

  it("takes each happening once into its inbox", async () => {
    const row = { deliveryId, dedupeKey: "comment:1:0", recorded: {}, receivedAt: START };
    await t.db.transaction(({ sql }) => sql.insert(inbox).values(row));
    expect(await refused(t.db.transaction(({ sql }) => sql.insert(inbox).values(row)))).toBe("23505");
    expect(await t.db.sql.$count(deliveries)).toBeGreaterThan(0);
  });
});
