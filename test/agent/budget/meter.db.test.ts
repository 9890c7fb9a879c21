// What calls may cost, against a real database: nobody spends the last of it twice, and what was paid stays counted.
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Assignment } from "../../../src/agent/assignment.ts";
import { budgetMeter } from "../../../src/agent/budget/meter.ts";
import { releaseExpired } from "../../../src/agent/budget/reservations.ts";
import { BudgetRules } from "../../../src/agent/budget/rules.ts";
import type { EngineFailure } from "../../../src/agent/engine.ts";
import type { Meter, Passage } from "../../../src/agent/meter.ts";
import { neverCrash } from "../../../src/crash-points.ts";
import { deliveries, ledger, reservations } from "../../../src/db/schema.ts";
import { loadDelivery } from "../../../src/delivery/store.ts";
import type { DeliveryId } from "../../../src/ids.ts";
import { InstallationId } from "../../../src/ids.ts";
import { digestOf } from "../../../src/ledger/canonical.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { INSTALLATION, REPO, shaOf, storeDelivery, TRACE } from "../../support/stored-delivery.ts";

let t: TestDatabase;
let now = new Date("2026-11-21T23:00:00Z");
let id: DeliveryId;
beforeEach(async () => {
  t = await testDatabase();
  now = new Date("2026-11-21T23:00:00Z");
  id = await storeDelivery(t.db);
});
afterEach(() => t.close());

const HASH = digestOf("a context");
const call = { role: "planner", model: "m", inputTokens: 100, outputTokens: 400, timeoutMs: 60_000 };
const lostAnswer: EngineFailure = {
  code: "timeout",
  message: "slow",
  usage: { inputTokens: 0, outputTokens: 0 },
  retryAfter: null,
};

const assignmentOf = async (delivery: DeliveryId, rules: unknown): Promise<Assignment> => {
  const stored = await loadDelivery(t.db, delivery);
  if (stored === null) throw new Error("no delivery");
  const part = {
    repoId: REPO,
    installationId: InstallationId.parse(INSTALLATION),
    name: "acme/shop",
    visibility: "private" as const,
    role: "primary" as const,
    baseBranch: "main",
    baseSha: shaOf("base"),
  };
  return {
    delivery: stored.delivery,
    traceId: TRACE,
    issueNumber: 12,
    repos: [part],
    constraintHash: HASH,
    engines: {},
    efforts: {},
    answers: {},
    resets: {},
    models: { triage: null, planner: null, proposer: null, judge: null, summariser: null, analyst: null },
    judging: "skip" as const,
    maxIterations: 0,
    packet: {
      issue: {
        number: 12,
        title: "",
        body: "",
        author: { login: "octocat", role: null },
        labels: [],
        comments: [],
        state: "open",
      } as never,
      plan: null,
      feedback: [],
      repositories: [],
    },
    neverSend: [],
    feedback: [],
    budget: BudgetRules.parse(rules),
  };
};

const meterOf = async (
  rules: unknown = {},
  day: { tokens?: number; micros?: number } = {},
  hash = HASH,
  delivery = id,
): Promise<Meter> =>
  budgetMeter({
    db: t.db,
    clock: () => now,
    crash: neverCrash,
    costOf: (model, { inputTokens, outputTokens }) => (model === "m" ? inputTokens + outputTokens : null),
    dayLimits: { tokens: day.tokens ?? null, micros: day.micros ?? null, ms: null },
    baseUrl: "https://model.example/v1",
    breaker: { failures: 2, pauseMs: 60_000, longestMs: 120_000 },
    on: { settled: () => {}, refused: () => {} },
  })(await assignmentOf(delivery, rules), hash);

const limitTo = (tokenBudget: number) =>
  t.db.transaction((tx) => tx.sql.update(deliveries).set({ tokenBudget }).where(eq(deliveries.id, id)));
const rows = () => t.db.sql.select().from(reservations).orderBy(reservations.id);
const passed = (admitted: Awaited<ReturnType<Meter["admit"]>>): Passage => {
  if (!admitted.ok) throw new Error(`refused: ${JSON.stringify(admitted.error)}`);
  return admitted.value;
};
const counted = (tokens: number) => ({ model: "m", usage: { inputTokens: tokens, outputTokens: 0 }, failure: null });

describe("a call", () => {
  it("is set aside with the most that it may use, and settled with what it used", async () => {
    const meter = await meterOf();
    const passage = passed(await meter.admit(call));
    expect(await rows()).toMatchObject([
      { state: "held", estimatedTokens: 500, estimatedMicros: 500, day: "2026-11-21", settledAt: null },
    ]);
    now = new Date(now.getTime() + 1_500);
    await passage.settle({ model: "m", usage: { inputTokens: 90, outputTokens: 10 }, failure: null });
    expect(await rows()).toMatchObject([
      { state: "settled", inputTokens: 90, outputTokens: 10, costMicros: 100, durationMs: 1_500 },
    ]);
  });

  it("of two that need the last of it, one passes", async () => {
    await limitTo(900);
    const admitted = await Promise.all([0, 1, 2, 3].map(async (n) => (await meterOf({}, {}, digestOf(n))).admit(call)));
    expect(admitted.filter(({ ok }) => ok)).toHaveLength(1);
    expect(admitted.find(({ ok }) => !ok)).toMatchObject({
      error: {
        kind: "over_budget",
        shortage: { scope: "delivery", unit: "tokens", limit: 900, used: 500, needed: 500 },
      },
    });
  });

  it("of two deliveries of one installation shares the operator's limit of a day, and a new day begins anew", async () => {
    const other = await storeDelivery(t.db, { issueNumber: 13 });
    const day = { tokens: 900 };
    const meters = [await meterOf({ mode: "off" }, day), await meterOf({ mode: "off" }, day, HASH, other)];
    const admitted = await Promise.all(meters.map((meter) => meter.admit(call)));
    expect(admitted.filter(({ ok }) => ok)).toHaveLength(1);
    expect(admitted.find(({ ok }) => !ok)).toMatchObject({
      error: { shortage: { scope: "day", until: "2026-11-22T00:00:00.000Z" } },
    });
    now = new Date("2026-11-22T00:00:00Z");
    expect((await (await meterOf({}, day, digestOf("next"))).admit(call)).ok).toBe(true);
  });

  it("counts each repair against the limit of its run, and a new run begins anew", async () => {
    const rules = { run: { tokens: 1_000 } };
    const meter = await meterOf(rules);
    await passed(await meter.admit(call)).settle(counted(400));
    await passed(await meter.admit(call)).settle(counted(400));
    expect(await meter.admit(call)).toMatchObject({ ok: false, error: { shortage: { scope: "run", used: 800 } } });
    expect((await (await meterOf(rules)).admit(call)).ok).toBe(true);
  });

  it("is refused where money is limited and nobody knows the price, but in warn mode passes and says so", async () => {
    const unknown = { ...call, model: "other" };
    const limited = { delivery: { dollars: 1 } };
    expect(await (await meterOf(limited)).admit(unknown)).toMatchObject({
      ok: false,
      error: { shortage: { unit: "price", model: "other" } },
    });
    await passed(await (await meterOf({ ...limited, mode: "warn" })).admit(unknown)).settle({
      ...counted(5),
      model: "other",
    });
    expect((await rows()).at(-1)).toMatchObject({ state: "settled", costMicros: null, over: { unit: "price" } });
  });

  it("costs what was asked for where the endpoint answers under a name without a price", async () => {
    const meter = await meterOf({ delivery: { dollars: 1 } });
    await passed(await meter.admit(call)).settle({ ...counted(7), model: "unheard-of" });
    expect(await rows()).toMatchObject([{ costMicros: 7 }]);
  });

  it("that is refused leaves its account in the ledger, and sets nothing aside", async () => {
    await limitTo(10);
    expect((await (await meterOf()).admit(call)).ok).toBe(false);
    expect(await rows()).toEqual([]);
    const entries = await t.db.sql.select().from(ledger).where(eq(ledger.action, "call_refused"));
    expect(entries).toMatchObject([
      { chain: "D-1", after: { role: "planner", scope: "delivery", unit: "tokens", limit: 10 } },
    ]);
  });
});

describe("a worker that died", () => {
  it("leaves its call counted by its estimate, until what it paid after all is known, once", async () => {
    await limitTo(1_000);
    const dead = passed(await (await meterOf()).admit(call));
    const passage = passed(await (await meterOf()).admit(call));
    expect((await rows()).map(({ state }) => state)).toEqual(["lost", "held"]);
    expect(await (await meterOf({}, {}, digestOf("third"))).admit(call)).toMatchObject({
      error: { shortage: { used: 1_000 } },
    });
    await passage.settle(counted(100));
    await dead.settle(counted(450));
    await dead.settle(counted(450));
    expect((await rows()).map(({ state, inputTokens }) => [state, inputTokens])).toEqual([
      ["settled", 450],
      ["settled", 100],
    ]);
    expect(await (await meterOf()).admit(call)).toMatchObject({ error: { shortage: { used: 550 } } });
  });

  it("is known to be gone by its lease too, and not before", async () => {
    passed(await (await meterOf()).admit(call));
    now = new Date(now.getTime() + 119_000);
    expect(await t.db.transaction((tx) => releaseExpired(tx, now))).toBe(0);
    now = new Date(now.getTime() + 2_000);
    expect(await t.db.transaction((tx) => releaseExpired(tx, now))).toBe(1);
    expect(await rows()).toMatchObject([{ state: "lost" }]);
  });
});

it("of an answer that never arrived nobody knows the cost, and it is said rather than called nothing", async () => {
  await passed(await (await meterOf()).admit(call)).settle({
    model: "m",
    usage: lostAnswer.usage,
    failure: lostAnswer,
  });
  expect(await rows()).toMatchObject([{ state: "lost", costMicros: null, estimatedTokens: 500 }]);
  // It counts as much as it may have cost, for the delivery and for its run.
  await limitTo(900);
  expect(await (await meterOf()).admit(call)).toMatchObject({ error: { shortage: { scope: "delivery", used: 500 } } });
});

it("an answer that does not say what it used was paid for all the same, and counts by its estimate", async () => {
  const silent = { model: "m", usage: lostAnswer.usage };
  await passed(await (await meterOf()).admit(call)).settle({ ...silent, failure: null });
  expect(await rows()).toMatchObject([{ state: "lost", costMicros: null, estimatedTokens: 500 }]);
  for (const code of ["empty", "truncated", "refused", "alien"] as const) {
    await passed(await (await meterOf()).admit(call)).settle({ ...silent, failure: { ...lostAnswer, code } });
  }
  for (const code of ["rate_limited", "rejected", "server"] as const) {
    await passed(await (await meterOf()).admit(call)).settle({ ...silent, failure: { ...lostAnswer, code } });
  }
  await limitTo(2_900);
  expect(await (await meterOf()).admit(call)).toMatchObject({
    error: { shortage: { scope: "delivery", used: 2_500 } },
  });
});

describe("an endpoint that does not answer", () => {
  const away: EngineFailure = { code: "server", message: "HTTP 503", usage: lostAnswer.usage, retryAfter: null };
  const ends = async (failure: EngineFailure | null, hash = HASH) => {
    const passage = passed(await (await meterOf({}, {}, hash)).admit(call));
    return passage.settle({ model: "m", usage: lostAnswer.usage, failure });
  };
  const closed = { kind: "endpoint_away", endpoint: "model.example/v1 m", failure: null };

  it("is asked no more by anybody for a while, then by one, and by all when that one is answered", async () => {
    expect(await ends(away)).toBeNull();
    expect(await ends(away)).toEqual({ endpoint: "model.example/v1 m", until: "2026-11-21T23:01:00.000Z" });
    const before = (await rows()).length;
    expect(await (await meterOf()).admit(call)).toEqual({
      ok: false,
      error: { ...closed, until: "2026-11-21T23:01:00.000Z" },
    });
    expect((await (await meterOf()).admit({ ...call, model: "another" })).ok).toBe(true);
    expect(await rows()).toHaveLength(before + 1);

    now = new Date("2026-11-21T23:01:00Z");
    const meters = await Promise.all(["a", "b", "c"].map((name) => meterOf({}, {}, digestOf(name))));
    const admitted = await Promise.all(meters.map((meter) => meter.admit(call)));
    expect(admitted.filter(({ ok }) => ok)).toHaveLength(1);
    const probe = admitted.find(({ ok }) => ok);
    if (probe === undefined) throw new Error("nobody probes");
    await passed(probe).settle(counted(10));
    expect((await (await meterOf()).admit(call)).ok).toBe(true);
    expect(await t.jobs.waiting("sweep")).toHaveLength(1);
    const told = await t.db.sql.select().from(ledger).where(eq(ledger.entityKind, "endpoint")).orderBy(ledger.seq);
    expect(told.map(({ action, note }) => [action, note])).toEqual([
      ["endpoint_opened", "server: HTTP 503"],
      ["endpoint_closed", null],
    ]);
  });

  it("is left alone for longer where the probe fails too; a refused or a broken answer is an answer", async () => {
    await ends(away);
    await ends({ ...away, code: "refused" });
    expect(await ends(away)).toBeNull();
    await ends(away);
    now = new Date("2026-11-21T23:01:00Z");
    expect(await ends(away)).toMatchObject({ until: "2026-11-21T23:03:00.000Z" });
  });
});

describe("the database", () => {
  it("refuses to change what is settled, and to forget any call", async () => {
    await passed(await (await meterOf()).admit(call)).settle(counted(100));
    const change = t.db.transaction((tx) => tx.sql.update(reservations).set({ inputTokens: 1 }));
    await expect(change).rejects.toThrow();
    await expect(t.db.transaction((tx) => tx.sql.delete(reservations))).rejects.toThrow();
    expect(await rows()).toMatchObject([{ inputTokens: 100 }]);
  });
});
