// Rule M6 against a real database: every event is applied once, and state, evidence, books and jobs stand or fall together.
import { eq, sql as raw } from "drizzle-orm";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { neverCrash } from "../../src/crash-points.ts";
import {
  acceptedCriteria,
  approvals,
  artifacts,
  commands,
  deliveries,
  feedback,
  gates,
  inbox,
  patchSets,
  phaseRuns,
} from "../../src/db/schema.ts";
import { type AdvanceDeps, type Advanced, advance } from "../../src/delivery/advance.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import type { Effect } from "../../src/delivery/effect.ts";
import type { Ask, MachineEvent } from "../../src/delivery/event.ts";
import { examples } from "../../src/delivery/examples/events.ts";
import { report } from "../../src/delivery/inbox.ts";
import { ONLY_A_NUMBER } from "../../src/delivery/needs.ts";
import { replay } from "../../src/delivery/replay.ts";
import { loadDelivery, saveDelivery } from "../../src/delivery/store.ts";
import { transition } from "../../src/delivery/transition.ts";
import { CommentId, type DeliveryId, PatchSetId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { append } from "../../src/ledger/append.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import { deliveryChain, LedgerEntry } from "../../src/ledger/entry.ts";
import { readChain, verifyStored } from "../../src/ledger/read.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { runs } from "../support/runs.ts";
import { OCTOCAT, REPO, START, storeCommand, storeDelivery, TRACE } from "../support/stored-delivery.ts";

let t: TestDatabase;
let now: Date;
let deliveryId: DeliveryId;
let happenings: number;
beforeEach(async () => {
  t = await testDatabase();
  now = START;
  happenings = 0;
  deliveryId = await storeDelivery(t.db);
  await recordBirth(deliveryId);
});
afterEach(() => t.close());

/** As admission does it: the whole state is the first entry. */
async function recordBirth(id: DeliveryId): Promise<void> {
  const { delivery } = await stored(id);
  await t.db.transaction((tx) =>
    append(tx, deliveryChain(id), [
      {
        deliveryId: id,
        at: instant(START),
        actor: OCTOCAT,
        action: "admitted",
        entity: { kind: "delivery", id: deliveryChain(id) },
        before: null,
        after: delivery,
        note: null,
        traceId: TRACE,
      },
    ]),
  );
}

const deps = (change: Partial<AdvanceDeps> = {}): AdvanceDeps => ({
  db: t.db,
  clock: () => now,
  crash: neverCrash,
  transition,
  deadlines: () => (_phase, runStatus) => (runStatus === "failed" || runStatus === "blocked" ? null : 3600),
  ...change,
});

const SYSTEM = { kind: "system", id: "test" } as const;
const tell = (event: MachineEvent, dedupeKey = `happening:${++happenings}`, id = deliveryId) =>
  t.db.transaction((tx) => report(tx, id, { event, actor: SYSTEM, at: instant(now), dedupeKey }));

async function command(ask: Ask, id = deliveryId) {
  const originId = 500 + ++happenings;
  const commandId = await storeCommand(t.db, id, ask.name, originId);
  const commentId = CommentId.parse(originId);
  const event: MachineEvent = {
    type: "command",
    commandId,
    ask,
    origin: { kind: "comment", commentId, writtenAt: instant(now) },
  };
  await t.db.transaction((tx) =>
    report(tx, id, { event, actor: OCTOCAT, at: instant(now), dedupeKey: `comment:${originId}:0` }),
  );
  return commandId;
}

async function stored(id = deliveryId) {
  const found = await loadDelivery(t.db, id);
  if (found === null) throw new Error("no delivery");
  return found;
}
const state = async (id = deliveryId) => (await stored(id)).delivery;
const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000);
};
const entries = async (id = deliveryId) =>
  (await readChain(t.db.sql, deliveryChain(id))).rows.map((row) => LedgerEntry.parse(row));
const nothing: Advanced = { moved: 0, noted: 0, refused: 0, stale: 0 };
const approve: Ask = {
  name: "approve",
  target: null,
  code: null,
  quorum: 1,
  codeRequired: false,
  needs: ONLY_A_NUMBER,
};

/** To a plan that waits for its approval. */
async function toPlanGate(): Promise<void> {
  const attempt = (await state()).attempt;
  await tell({ type: "triaged", attempt, passed: true, decision: "GO" });
  await advance(deps(), deliveryId);
  const digest = digestOf("the plan");
  await t.db.transaction(({ sql }) =>
    sql.insert(artifacts).values({ deliveryId, kind: "plan", version: 1, hash: digest, content: {}, createdAt: START }),
  );
  await tell({ type: "plan_made", attempt: attempt + 1, version: 1, digest });
  await advance(deps(), deliveryId);
  const shown = { at: instant(now), commentId: CommentId.parse(77) };
  await tell({
    type: "gate_published",
    attempt: attempt + 2,
    gate: "plan",
    subjects: [{ repoId: null, digest, shown }],
  });
  await advance(deps(), deliveryId);
  later(60);
}

async function toReviewGate(): Promise<{ id: PatchSetId; digest: ReturnType<typeof digestOf> }> {
  await toPlanGate();
  await command(approve);
  await advance(deps(), deliveryId);
  const digest = digestOf("the patch set");
  const [row] = await t.db.transaction(({ sql }) =>
    sql
      .insert(patchSets)
      .values({ deliveryId, repoId: REPO, version: 1, digest, content: {}, createdAt: START })
      .returning({ id: patchSets.id }),
  );
  const id = PatchSetId.parse(row?.id);
  const made = [{ repoId: REPO, id, version: 1, digest }];
  await tell({ type: "patches_made", attempt: (await state()).attempt, patchSets: made });
  await advance(deps(), deliveryId);
  const shown = { at: instant(now), commentId: CommentId.parse(78) };
  const subjects = [{ repoId: REPO, digest, shown }];
  await tell({ type: "gate_published", attempt: (await state()).attempt, gate: "review", subjects });
  await advance(deps(), deliveryId);
  later(60);
  return { id, digest };
}

describe("advancing", () => {
  it("applies what waits, in order, with state, history, evidence and jobs", async () => {
    await tell({ type: "effect_started", attempt: 1 });
    await tell({ type: "triaged", attempt: 1, passed: true, decision: "GO" });
    later(30);
    expect(await advance(deps(), deliveryId)).toEqual({ ...nothing, moved: 2 });

    expect(await state()).toMatchObject({ phase: "plan", runStatus: "pending", version: 3, attempt: 2 });
    const history = await t.db.sql.select().from(phaseRuns).orderBy(phaseRuns.id);
    expect(history).toMatchObject([
      { phase: "intake", enteredAt: START, leftAt: now, endedAs: "succeeded", endedBy: "system:test", reason: null },
      { phase: "plan", enteredAt: now, leftAt: null, endedAs: null },
    ]);
    expect((await entries()).map(({ action, after }) => [action, after])).toMatchObject([
      ["admitted", {}],
      ["effect_started", { runStatus: "running", version: 2 }],
      ["triaged", { phase: "plan", runStatus: "pending", version: 3, attempt: 2 }],
    ]);
    expect(await t.jobs.waiting("plan")).toMatchObject([{ data: { deliveryId, attempt: 2 } }]);
    expect(await t.jobs.waiting("publish")).toHaveLength(1);
    expect(await t.db.sql.select({ step: inbox.step, at: inbox.appliedAt }).from(inbox)).toEqual([
      { step: "moved", at: now },
      { step: "moved", at: now },
    ]);
    expect(await advance(deps(), deliveryId)).toEqual(nothing);
  });

  it("wakes itself once for many happenings, and takes each happening once", async () => {
    expect(await tell({ type: "issue_edited" }, "issue_edited:1")).toBe(true);
    expect(await tell({ type: "issue_edited" }, "issue_edited:1")).toBe(false);
    expect(await tell({ type: "trigger_repeated" }, "trigger:1")).toBe(true);
    expect(await t.jobs.take("advance")).toEqual([{ deliveryId }]);
    expect(await advance(deps(), deliveryId)).toEqual({ ...nothing, noted: 2 });
    expect(await tell({ type: "issue_edited" }, "issue_edited:1")).toBe(false);
    expect(await t.jobs.waiting("advance")).toEqual([]);
  });

  it("records what changes nothing: refused, noted, stale", async () => {
    const before = await state();
    await command(approve);
    await tell({ type: "issue_edited" });
    await tell({ type: "checks_green", attempt: 99, note: "late" });
    expect(await advance(deps(), deliveryId)).toEqual({ moved: 0, noted: 1, refused: 1, stale: 1 });
    expect(await state()).toEqual(before);
    expect((await entries()).slice(1).map(({ action, note, after }) => [action, note, after])).toEqual([
      ["command.approve", "refused: not_now", null],
      ["issue_edited", "noted", null],
      ["checks_green", "stale: late", null],
    ]);
    const [row] = await t.db.sql.select().from(commands);
    expect(row).toMatchObject({ verdict: "refused", refusal: { code: "not_now" }, decidedAt: now });
    expect(await t.jobs.waiting("answer")).toMatchObject([{ data: { commandId: row?.id } }]);
  });

  it("of a delivery that is not there, or that nothing happened to, does nothing", async () => {
    const other = await storeDelivery(t.db, { issueNumber: 13 });
    expect(await advance(deps(), other)).toEqual(nothing);
    await t.db.transaction(({ sql }) => sql.execute(raw`select 1`));
    expect(await entries(other)).toEqual([]);
  });

  it("drains a flood in several transactions", async () => {
    for (let i = 0; i < 120; i++) await tell({ type: "issue_edited" });
    let commits = 0;
    const counting = deps({ crash: (name) => void (name === "advance.after.commit" && commits++) });
    expect(await advance(counting, deliveryId)).toEqual({ ...nothing, noted: 120 });
    expect(commits).toBe(3);
    expect(await verifyStored(t.db.sql, deliveryChain(deliveryId))).toMatchObject({ ok: true, head: { seq: 121 } });
  });

  it("leaves out what another version wrote, and says so", async () => {
    await tell({ type: "issue_edited" });
    await t.db.transaction(({ sql }) => sql.update(inbox).set({ recorded: { event: { type: "of_tomorrow" } } }));
    await tell({ type: "effect_started", attempt: 1 });
    expect(await advance(deps(), deliveryId)).toEqual({ ...nothing, stale: 1, moved: 1 });
    expect((await entries()).map(({ action }) => action)).toEqual([
      "admitted",
      "event_not_understood",
      "effect_started",
    ]);
  });

  it("starts only the work that still counts when much happened at once", async () => {
    await tell({ type: "triaged", attempt: 1, passed: true, decision: "GO" });
    await command({ name: "cancel" });
    await advance(deps(), deliveryId);
    expect(await state()).toMatchObject({ phase: "plan", runStatus: "canceled", reason: "by_command" });
    expect(await t.jobs.waiting("plan")).toEqual([]);
    const [row] = await t.db.sql.select().from(deliveries).where(eq(deliveries.id, deliveryId));
    expect(row?.endedAt).toEqual(now);
    expect(await t.db.sql.select().from(phaseRuns).orderBy(phaseRuns.id)).toMatchObject([
      { phase: "intake", endedAs: "succeeded" },
      { phase: "plan", endedAs: "canceled", reason: "by_command", endedBy: `human:${OCTOCAT.id}` },
    ]);
  });
});

describe("the books", () => {
  it("an approval names the plan's row, the person, the command and the signed receipt", async () => {
    await toPlanGate();
    const commandId = await command(approve);
    expect(await advance(deps(), deliveryId)).toEqual({ ...nothing, moved: 1 });
    const [plan] = await t.db.sql.select().from(artifacts);
    const [receipt] = await t.db.sql.select().from(commands).where(eq(commands.id, commandId));
    expect(await t.db.sql.select().from(approvals)).toMatchObject([
      {
        deliveryId,
        subjectKind: "plan",
        subjectId: plan?.id,
        digest: plan?.hash,
        personId: OCTOCAT.id,
        personLogin: "octocat",
        personRole: "maintain",
        commandId,
        webhookGuid: receipt?.webhookGuid,
        approvedAt: now,
        voidedAt: null,
      },
    ]);
    expect(receipt).toMatchObject({ verdict: "accepted", refusal: null });
    expect((await entries()).slice(-2).map(({ action }) => action)).toEqual(["command.approve", "approval_recorded"]);
    expect(await state()).toMatchObject({ phase: "implement", runStatus: "pending" });
    expect(await t.jobs.waiting("propose")).toHaveLength(1);
    expect(await t.jobs.waiting("answer")).toMatchObject([{ data: { commandId } }]);
  });

  it("the last approval of a review is judged by G3 and starts the write", async () => {
    const { id, digest } = await toReviewGate();
    await command(approve);
    await advance(deps(), deliveryId);
    expect(await state()).toMatchObject({ phase: "verify", runStatus: "pending" });
    expect(await t.db.sql.select().from(gates)).toMatchObject([{ gate: "G3", passed: true }]);
    expect(await t.db.sql.select().from(approvals).where(eq(approvals.subjectKind, "patchset"))).toMatchObject([
      { subjectId: id, digest, patchSetId: id, personId: OCTOCAT.id },
    ]);
    expect((await entries()).at(-1)).toMatchObject({ action: "gate_judged", entity: { kind: "gate", id: "G3" } });
    expect(await t.jobs.waiting("write")).toHaveLength(1);
  });

  it("a revision voids what it supersedes, with the reason, and keeps the words", async () => {
    await toReviewGate();
    const commandId = await command({ name: "revise", target: "plan", feedback: "leave the \u0000 database alone" });
    await advance(deps(), deliveryId);
    const [row] = await t.db.sql.select().from(approvals);
    expect(row).toMatchObject({ subjectKind: "plan", voidedAt: now });
    expect(row?.voidReason).not.toBe("");
    expect(await t.db.sql.select().from(feedback)).toMatchObject([
      { deliveryId, commandId, repoId: null, words: "leave the \ufffd database alone" },
    ]);
    expect((await entries()).map(({ action }) => action)).toContain("approval_voided");
    expect(await verifyStored(t.db.sql, deliveryChain(deliveryId))).toMatchObject({ ok: true });
  });

  it("a plan that is not stored as it was shown cannot be approved: nothing at all is committed", async () => {
    await toPlanGate();
    const before = await state();
    const shown = {
      ...before,
      plan: before.plan === null ? null : { ...before.plan, digest: digestOf("another plan") },
    };
    await t.db.transaction((tx) => saveDelivery(tx, shown, before.version, noDeadline, now));
    await command(approve);
    const head = (await entries()).length;
    await expect(advance(deps(), deliveryId)).rejects.toThrow("is not stored as shown");
    expect(await t.db.sql.select().from(approvals)).toEqual([]);
    expect((await entries()).length).toBe(head);
    expect(await state()).toMatchObject({ version: before.version, phase: "plan" });
  });

  it("keeps what else people ask for, within what the columns hold", async () => {
    const kept: Effect[] = [
      { kind: "raise_budget", tokens: 5_000, micros: 0, ms: 0 },
      { kind: "accept_criterion", criterion: "AC-1", person: OCTOCAT.id, login: "octocat" },
      { kind: "accept_criterion", criterion: "AC-1", person: OCTOCAT.id, login: "octocat" },
    ];
    await tell({ type: "issue_edited" });
    await advance(deps({ transition: () => ({ kind: "noted", effects: kept }) }), deliveryId);
    const budget = async () => (await t.db.sql.select({ tokens: deliveries.tokenBudget }).from(deliveries))[0]?.tokens;
    expect(await budget()).toBe(205_000);
    expect(await t.db.sql.select().from(acceptedCriteria)).toMatchObject([{ criterion: "AC-1", personId: OCTOCAT.id }]);
    await tell({ type: "issue_edited" });
    const greedy: Effect[] = [{ kind: "raise_budget", tokens: Number.MAX_SAFE_INTEGER, micros: 0, ms: 0 }];
    await advance(deps({ transition: () => ({ kind: "noted", effects: greedy }) }), deliveryId);
    expect(await budget()).toBe(2_147_483_647);
    expect((await entries()).map(({ action }) => action)).toEqual([
      "admitted",
      "issue_edited",
      "budget_raised",
      "criterion_accepted",
      "criterion_accepted",
      "issue_edited",
      "budget_raised",
    ]);
  });
});

describe("deadlines", () => {
  const deadline = async () => (await stored()).deadline;

  it("run from entering a state and stand still while a hold stands", async () => {
    await tell({ type: "triaged", attempt: 1, passed: true, decision: "GO" });
    await advance(deps(), deliveryId);
    expect((await deadline()).deadlineAt).toEqual(new Date(START.getTime() + 3_600_000));

    later(600);
    await tell({ type: "hold_added", hold: "hold", note: "wait" });
    await advance(deps(), deliveryId);
    expect(await deadline()).toMatchObject({ deadlineAt: null, deadlineLeftSeconds: 3000 });

    later(86_400);
    await t.jobs.take("plan");
    await tell({ type: "hold_removed", hold: "hold" });
    await advance(deps(), deliveryId);
    expect(await deadline()).toMatchObject({
      deadlineAt: new Date(now.getTime() + 3_000_000),
      deadlineLeftSeconds: null,
    });
    // M0: the work of the state starts again, under the attempt that it had.
    expect(await t.jobs.waiting("plan")).toMatchObject([{ data: { attempt: 2 } }]);
  });

  it("come from the newest snapshot", async () => {
    const seen: unknown[] = [];
    const other = await storeDelivery(t.db, { issueNumber: 14, snapshot: { hours: 2 } });
    await tell({ type: "effect_started", attempt: 1 }, "x", other);
    const remember = (snapshot: unknown) => {
      seen.push(snapshot);
      return () => null;
    };
    await advance(deps({ deadlines: remember }), other);
    expect(seen).toEqual([{ hours: 2 }]);
    expect((await stored(other)).deadline.deadlineAt).toBeNull();
  });
});

describe("dying", () => {
  it("anywhere and running again applies each event once", async () => {
    await tell({ type: "effect_started", attempt: 1 });
    await tell({ type: "triaged", attempt: 1, passed: true, decision: "GO" });
    for (const point of ["advance.before.commit", "advance.after.commit"]) {
      const dying = deps({
        crash: (name) => {
          if (name === point) throw new Error("died");
        },
      });
      await expect(advance(dying, deliveryId)).rejects.toThrow("died");
    }
    expect(await advance(deps(), deliveryId)).toEqual(nothing);
    expect(await state()).toMatchObject({ version: 3 });
    expect(await entries()).toHaveLength(3);
    expect(await t.jobs.waiting("plan")).toHaveLength(1);
  });

  it("inside the transaction leaves nothing behind", async () => {
    const before = await state();
    await tell({ type: "effect_started", attempt: 1 });
    await tell({ type: "triaged", attempt: 1, passed: true, decision: "GO" });
    let calls = 0;
    const dying = deps({
      transition: (delivery, recorded) => {
        if (++calls === 2) throw new Error("a defect");
        return transition(delivery, recorded);
      },
    });
    await expect(advance(dying, deliveryId)).rejects.toThrow("a defect");
    expect(await state()).toEqual(before);
    expect(await entries()).toHaveLength(1);
    expect(await t.jobs.waiting("plan")).toEqual([]);
    expect(await advance(deps(), deliveryId)).toEqual({ ...nothing, moved: 2 });
  });
});

describe("many at once", () => {
  it("apply each event once, one after another", async () => {
    const reporting = Array.from({ length: 20 }, (_, i) =>
      tell({ type: i % 2 === 0 ? "issue_edited" : "trigger_repeated" }, `fact:${i % 10}`),
    );
    const told = (await Promise.all(reporting)).filter((isNew) => isNew).length;
    expect(told).toBe(10);
    await tell({ type: "effect_started", attempt: 1 });
    await tell({ type: "triaged", attempt: 1, passed: true, decision: "GO" });
    const done = await Promise.all([1, 2, 3, 4, 5].map(() => advance(deps(), deliveryId)));
    const sum = (kind: keyof Advanced) => done.reduce((total, each) => total + each[kind], 0);
    expect([sum("moved"), sum("noted"), sum("refused"), sum("stale")]).toEqual([2, 10, 0, 0]);
    expect(await state()).toMatchObject({ version: 3, phase: "plan" });
    expect(await verifyStored(t.db.sql, deliveryChain(deliveryId))).toMatchObject({ ok: true, head: { seq: 13 } });
  });

  it("save only over the version that they read", async () => {
    const { delivery, deadline } = await stored();
    const next: Delivery = { ...delivery, version: delivery.version + 1 };
    const save = () => t.db.transaction((tx) => saveDelivery(tx, next, delivery.version, deadline, now));
    expect(await save()).toBe(true);
    expect(await save()).toBe(false);
  });
});

describe("the ledger of any story", () => {
  /** What the examples speak of must be there to be approved. */
  async function provide(event: MachineEvent): Promise<MachineEvent> {
    if (event.type === "plan_made") {
      const { version, digest: hash } = event;
      await t.db.transaction(({ sql }) =>
        sql
          .insert(artifacts)
          .values({ deliveryId, kind: "plan", version, hash, content: {}, createdAt: START })
          .onConflictDoNothing(),
      );
    }
    if (event.type === "patches_made") {
      const patchSetsMade = [];
      for (const made of event.patchSets) {
        const known = await t.db.sql
          .select({ id: patchSets.id })
          .from(patchSets)
          .where(eq(patchSets.digest, made.digest));
        const [row] =
          known.length > 0
            ? known
            : await t.db.transaction(async ({ sql }) => {
                const version = (await sql.$count(patchSets)) + 1;
                return sql
                  .insert(patchSets)
                  .values({
                    deliveryId,
                    repoId: made.repoId,
                    version,
                    digest: made.digest,
                    content: {},
                    createdAt: START,
                  })
                  .returning({ id: patchSets.id });
              });
        patchSetsMade.push({ ...made, id: PatchSetId.parse(row?.id) });
      }
      return { ...event, patchSets: patchSetsMade };
    }
    if (event.type === "command") {
      return { ...event, commandId: await storeCommand(t.db, deliveryId, event.ask.name, 10_000 + ++happenings) };
    }
    return event;
  }

  it("verifies, and gives the state back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 5, maxLength: 25 }), async (choices) => {
        deliveryId = await storeDelivery(t.db, { issueNumber: 1_000 + ++happenings });
        await recordBirth(deliveryId);
        for (const choice of choices) {
          const possible = examples(await state());
          const chosen = possible[choice % possible.length];
          if (chosen === undefined) continue;
          const { event, actor, at } = chosen.recorded;
          const provided = await provide(event);
          later(1);
          await t.db.transaction((tx) =>
            report(tx, deliveryId, { event: provided, actor, at, dedupeKey: `random:${++happenings}` }),
          );
          if (choice % 3 > 0) await advance(deps(), deliveryId);
        }
        await advance(deps(), deliveryId);
        expect(await verifyStored(t.db.sql, deliveryChain(deliveryId))).toMatchObject({ ok: true });
        const changes = (await entries()).filter(({ entity }) => entity.kind === "delivery");
        expect(replay(changes)).toEqual({ ok: true, value: await state() });
      }),
      runs(12),
    );
  });
});

const noDeadline = { deadlineAt: null, deadlineSeconds: null, deadlineLeftSeconds: null, remindedAt: null };
