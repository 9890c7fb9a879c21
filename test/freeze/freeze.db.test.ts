// A freeze in the rows: what it stops by itself, whom it holds, who lifts it, and that it fails closed.
import { eq, sql as raw } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { neverCrash } from "../../src/crash-points.ts";
import { violationOf } from "../../src/db/errors.ts";
import { deferredTriggers, deliveries, deliveryRepos, freezes, reservations, webhooks } from "../../src/db/schema.ts";
import { advance } from "../../src/delivery/advance.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { loadDelivery } from "../../src/delivery/store.ts";
import { transition } from "../../src/delivery/transition.ts";
import { freeze, lift, type Word } from "../../src/freeze/change.ts";
import { deferTrigger, endDeferred, followFreezes, resumeTriggers } from "../../src/freeze/follow.ts";
import { type Frozen, isFrozen, outOfLine, standingOver } from "../../src/freeze/standing.ts";
import { CommentId, type DeliveryId, InstallationId, RepoId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { sweepFreezes } from "../../src/jobs/sweep-freezes.ts";
import { readChain, verifyStored } from "../../src/ledger/read.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import {
  INSTALLATION,
  OCTOCAT,
  REPO,
  START,
  storeCommand,
  storeDelivery,
  storeReceipt,
  storeSource,
  TRACE,
} from "../support/stored-delivery.ts";

let t: TestDatabase;
let id: DeliveryId;
beforeEach(async () => {
  t = await testDatabase();
  id = await storeDelivery(t.db, { state: { phase: "plan", runStatus: "pending", attempt: 2 } });
});
afterEach(() => t.close());

const installationId = InstallationId.parse(INSTALLATION);
const shop: Frozen = { kind: "repository", repoId: REPO, installationId };
const all: Frozen = { kind: "installation", installationId };
const OPERATOR: Word = { by: "operator" };
const place = { repoId: REPO, installationId };

let origins = 0;
const approver = async (): Promise<Word> => {
  origins += 1;
  const commandId = await storeCommand(t.db, id, "freeze", 10_000 + origins);
  const said = { commentId: CommentId.parse(10_000 + origins), writtenAt: instant(START) };
  return { by: "approver", person: OCTOCAT, commandId, webhookGuid: await storeReceipt(t.db), said };
};
const changing = (frozen: Frozen, word: Word) => ({ frozen, word, at: START, traceId: TRACE });
const put = (frozen: Frozen, word: Word, reason: string | null = null) =>
  t.db.transaction((tx) => freeze(tx, changing(frozen, word), reason));
const free = (frozen: Frozen, word: Word) => t.db.transaction((tx) => lift(tx, changing(frozen, word)));
const advanceAll = (deliveryId = id) =>
  advance({ db: t.db, clock: () => START, crash: neverCrash, transition, deadlines: () => () => null }, deliveryId);
const stateOf = async (deliveryId = id): Promise<Delivery | undefined> =>
  (await loadDelivery(t.db, deliveryId))?.delivery;
const holds = async (deliveryId = id) => (await stateOf(deliveryId))?.holds;

const reserve = (deliveryId = id) =>
  t.db.transaction(({ sql }) =>
    sql.insert(reservations).values({
      deliveryId,
      installationId: INSTALLATION,
      day: "2026-11-21",
      attempt: 1,
      role: "planner",
      model: "m",
      state: "held",
      estimatedTokens: 1,
      reservedAt: START,
      expiresAt: START,
    }),
  );
const sqlState = async (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => "done",
    (error: unknown) => violationOf(error)?.code ?? "other",
  );
const RESTRICTED = "23001";

describe("a freeze", () => {
  it("holds the live deliveries of its repository, and starts their work again when it is lifted", async () => {
    const other = await storeDelivery(t.db, { issueNumber: 13, repoId: RepoId.parse(4712) });
    await t.db.sql.update(deliveryRepos).set({ repoId: 4712 }).where(eq(deliveryRepos.deliveryId, other));
    expect(await put(shop, OPERATOR, "release week")).toMatchObject({ kind: "frozen", held: [id] });
    await advanceAll();
    expect(await holds()).toEqual(["freeze"]);
    expect(await holds(other)).toEqual([]);
    expect(await t.jobs.take("plan")).toEqual([]);
    expect(await free(shop, OPERATOR)).toMatchObject({ kind: "lifted", freed: [id] });
    await advanceAll();
    expect(await stateOf()).toMatchObject({ holds: [], phase: "plan", runStatus: "pending", attempt: 2 });
    expect(await t.jobs.take("plan")).toEqual([{ deliveryId: id, attempt: 2 }]);
  });

  it("of an installation holds all that it has, and stands in a chain of its own", async () => {
    const other = await storeDelivery(t.db, { issueNumber: 13 });
    expect(await put(all, OPERATOR, "keys leaked")).toMatchObject({ held: [id, other] });
    const { rows } = await readChain(t.db.sql, `I-${INSTALLATION}`);
    expect(rows).toMatchObject([
      {
        action: "frozen",
        actor: { kind: "system", id: "operator" },
        after: { reason: "keys leaked", kind: "installation" },
      },
    ]);
    await free(all, OPERATOR);
    expect(await verifyStored(t.db.sql, `I-${INSTALLATION}`)).toMatchObject({ ok: true, head: { seq: 2 } });
  });

  it("by approvers names the person and the command in the repository's chain", async () => {
    await put(shop, await approver(), "wait for the audit");
    const { rows } = await readChain(t.db.sql, `R-${REPO}`);
    expect(rows).toMatchObject([
      {
        action: "frozen",
        actor: { kind: "human", id: String(OCTOCAT.id) },
        after: { by: "approver", reason: "wait for the audit" },
      },
    ]);
    expect(await standingOver(t.db.sql, place)).toMatchObject([{ by: "approver", login: "octocat" }]);
  });

  it("is put once by each kind of word, and each lifts its own alone", async () => {
    await put(shop, await approver(), "first");
    expect(await put(shop, await approver(), "second")).toMatchObject({
      kind: "already",
      standing: { reason: "first" },
    });
    await put(all, OPERATOR);
    await advanceAll();
    expect(await free(shop, OPERATOR)).toEqual({ kind: "none" });
    expect(await free(shop, await approver())).toMatchObject({ kind: "lifted", freed: [] });
    await advanceAll();
    expect(await holds()).toEqual(["freeze"]);
    expect(await free(all, OPERATOR)).toMatchObject({ kind: "lifted", freed: [id] });
    await advanceAll();
    expect(await holds()).toEqual([]);
    // And once more: what was lifted does not stand in the way.
    expect(await put(shop, await approver())).toMatchObject({ kind: "frozen" });
  });

  it("stays over a repository that moves to another installation", async () => {
    await put(shop, OPERATOR);
    await t.db.sql.update(deliveryRepos).set({ installationId: 778 }).where(eq(deliveryRepos.deliveryId, id));
    expect(await isFrozen(t.db.sql, id)).toBe(true);
    expect(await standingOver(t.db.sql, { repoId: REPO, installationId: InstallationId.parse(778) })).toHaveLength(1);
  });

  it("holds a delivery for any repository that takes part in it", async () => {
    const beside = RepoId.parse(4712);
    await storeSource(t.db, beside, "api");
    await t.db.sql.insert(deliveryRepos).values({
      deliveryId: id,
      repoId: beside,
      installationId: INSTALLATION,
      owner: "acme",
      name: "api",
      visibility: "private",
      role: "secondary",
      baseBranch: "main",
      baseSha: "1".repeat(40) as never,
    });
    expect(await put({ kind: "repository", repoId: beside, installationId }, OPERATOR)).toMatchObject({ held: [id] });
    expect(await sqlState(reserve())).toBe(RESTRICTED);
  });
});

describe("the database", () => {
  it("sets nothing aside for a model while one stands", async () => {
    expect(await sqlState(reserve())).toBe("done");
    await put(shop, OPERATOR);
    expect(await sqlState(reserve())).toBe(RESTRICTED);
    await free(shop, OPERATOR);
    expect(await sqlState(reserve())).toBe("done");
  });

  it.each([
    ["change its reason", raw`update freezes set reason = 'another'`],
    ["take it away", raw`delete from freezes`],
    ["take all away", raw`truncate freezes cascade`],
    ["make another person's of it", raw`update freezes set lifted_at = now(), by = 'operator'`],
  ])("lets nobody %s", async (_, statement) => {
    await put(shop, await approver());
    expect(await sqlState(t.db.transaction(({ sql }) => sql.execute(statement)))).not.toBe("done");
  });

  it("lifts it once", async () => {
    await put(shop, OPERATOR);
    await free(shop, OPERATOR);
    expect(await sqlState(t.db.transaction(({ sql }) => sql.update(freezes).set({ liftedAt: new Date() })))).toBe(
      RESTRICTED,
    );
  });

  it("takes no approver's freeze without the command behind it, and none of a whole installation", async () => {
    const row = { installationId: INSTALLATION, by: "approver", frozenAt: START } as const;
    const insert = (more: object) =>
      sqlState(t.db.transaction(({ sql }) => sql.insert(freezes).values({ ...row, ...more })));
    expect(await insert({ repoId: REPO, personId: 1, personLogin: "mona" })).toBe("23514");
    const commandId = await storeCommand(t.db, id, "freeze", 1);
    expect(await insert({ personId: 1, personLogin: "mona", commandId })).toBe("23514");
  });
});

describe("what got out of line", () => {
  it("is found by the sweep, in both ways, and told once", async () => {
    await put(shop, OPERATOR);
    const born = await storeDelivery(t.db, { issueNumber: 14 });
    expect(await outOfLine(t.db.sql, 10)).toEqual([id, born]);
    await advanceAll();
    const sweep = () => sweepFreezes({ db: t.db, clock: () => START });
    await sweep();
    await sweep();
    await advanceAll(born);
    expect(await holds(born)).toEqual(["freeze"]);
    expect(await outOfLine(t.db.sql, 10)).toEqual([]);
    await t.db.transaction(({ sql }) => sql.update(freezes).set({ liftedAt: START }));
    await sweep();
    await advanceAll();
    await advanceAll(born);
    expect([await holds(), await holds(born)]).toEqual([[], []]);
  });

  it("is never a delivery that is over", async () => {
    const over = { runStatus: "canceled", reason: "by_command", endedAt: START } as const;
    await t.db.sql.update(deliveries).set(over).where(eq(deliveries.id, id));
    await put(shop, OPERATOR);
    expect(await outOfLine(t.db.sql, 10)).toEqual([]);
  });

  it("is told once, however often one asks", async () => {
    await put(shop, OPERATOR);
    const because = { actor: { kind: "system", id: "test" } as const, at: START, key: "again" };
    expect(await t.db.transaction((tx) => followFreezes(tx, [id, id], because))).toEqual([]);
  });
});

describe("a label that waits", () => {
  const waiting = async () => {
    const guid = await storeReceipt(t.db, "issues");
    await t.db.transaction((tx) => deferTrigger(tx, { guid, ...place, at: START }));
    return guid;
  };
  const row = async (guid: string) => (await t.db.sql.select().from(webhooks).where(raw`guid = ${guid}`))[0];

  it("is done with until the last freeze is lifted, and then considered again", async () => {
    await put(shop, OPERATOR);
    await put(all, OPERATOR);
    const guid = await waiting();
    await t.db.transaction((tx) => endDeferred(tx, guid, START, "refused frozen"));
    expect(await row(guid)).toMatchObject({ outcome: "refused frozen" });
    await free(shop, OPERATOR);
    expect(await t.jobs.take("intake")).toEqual([]);
    await free(all, OPERATOR);
    expect(await t.jobs.take("intake")).toEqual([{ guid }]);
    expect(await row(guid)).toMatchObject({ processedAt: null, outcome: null });
    expect(await t.db.sql.$count(deferredTriggers)).toBe(0);
  });

  it("is not lost where the freeze is lifted before it is done with", async () => {
    const guid = await waiting();
    expect(await t.db.transaction((tx) => resumeTriggers(tx, 10))).toBe(1);
    await t.db.transaction((tx) => endDeferred(tx, guid, START, "refused frozen"));
    expect(await row(guid)).toMatchObject({ processedAt: null });
    expect(await t.jobs.take("intake")).toEqual([{ guid }]);
  });
});
