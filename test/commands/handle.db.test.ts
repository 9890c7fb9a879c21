// A person posts a comment: what stands in the rows, the ledger, the inbox and the queue afterwards.
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CommandDeps, handleComment } from "../../src/commands/handle.ts";
import { CommandRefusal } from "../../src/commands/refusal.ts";
import { artifacts, commands, deliveryRepos, publications } from "../../src/db/schema.ts";
import { codeOf } from "../../src/delivery/code.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { Recorded } from "../../src/delivery/event.ts";
import { ONLY_A_NUMBER } from "../../src/delivery/needs.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { type DeliveryId, type Digest, IssueNumber, WebhookGuid } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { REPO, storeDelivery, storeReceipt } from "../support/stored-delivery.ts";
import {
  AT_PLAN,
  AT_REVIEW,
  addTill,
  BOT,
  commandRows,
  counts,
  depsOf,
  HUBOT,
  inboxRows,
  ledgerRows,
  MONA,
  NOW,
  OCTOCAT,
  PLAN,
  post,
  showGate,
  TILL,
  World,
  WRITTEN,
} from "./world.ts";

let database: TestDatabase;
let world: World;
let issue = 0;
let atStart: readonly number[];
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  issue += 1;
  world = new World(issue);
  for (const name of ["advance", "answer", "publish"] as const) await database.jobs.take(name);
  atStart = await counts(database.db);
});

const deliver = async (state: Partial<Delivery>, issueNumber: number = issue) => {
  const id = await storeDelivery(database.db, { issueNumber, state });
  await showGate(database.db, id);
  return id;
};
const deps = (): CommandDeps => depsOf(database.db, world);
const say = async (body: string, who = OCTOCAT, more: Parameters<typeof post>[4] = {}) =>
  handleComment(deps(), await post(database.db, world, body, who, more));

const verdicts = async () =>
  (await commandRows(database.db, world)).map(({ name, verdict, refusal }) =>
    refusal === null ? `${name} ${verdict}` : `${name} ${verdict} ${CommandRefusal.parse(refusal).code}`,
  );
const refusals = async () => (await commandRows(database.db, world)).map(({ refusal }) => refusal);
const asks = async () =>
  (await inboxRows(database.db, world)).map(({ recorded }) => {
    const { event } = Recorded.parse(recorded);
    return event.type === "command" ? event.ask : event.type;
  });
const jobs = async () => (await database.jobs.waiting()).map(({ name }) => name).sort();

const nothingHappened = async () => {
  expect(await counts(database.db)).toEqual(atStart);
  expect(await jobs()).toEqual([]);
};

describe("an approver's command", () => {
  let deliveryId: DeliveryId;
  beforeEach(async () => {
    deliveryId = await deliver(AT_PLAN);
  });

  it("becomes a row, a ledger entry and a question to the machine, all of it or nothing", async () => {
    const comment = await post(database.db, world, `/approve ${codeOf(PLAN)}`);
    expect(await handleComment(deps(), comment)).toBe("recorded");

    const [row] = await commandRows(database.db, world);
    expect(row).toMatchObject({
      deliveryId,
      originKind: "comment",
      originId: comment.commentId,
      position: 0,
      repoId: REPO,
      issueNumber: issue,
      webhookGuid: comment.webhookGuid,
      name: "approve",
      args: { target: null, code: codeOf(PLAN), text: null },
      actorId: OCTOCAT.id,
      actorLogin: "octocat",
      actorRole: "maintain",
      receivedAt: NOW,
      verdict: "waiting",
      refusal: null,
      decidedAt: null,
    });
    const [waiting, ...others] = await inboxRows(database.db, world);
    expect(others).toEqual([]);
    expect(waiting).toMatchObject({
      deliveryId,
      dedupeKey: `comment:${comment.commentId}:0`,
      webhookGuid: comment.webhookGuid,
    });
    expect(waiting?.recorded).toEqual({
      actor: { kind: "human", id: OCTOCAT.id, login: "octocat" },
      at: instant(NOW),
      event: {
        type: "command",
        commandId: row?.id,
        origin: { kind: "comment", commentId: comment.commentId, writtenAt: WRITTEN },
        ask: {
          name: "approve",
          target: null,
          code: codeOf(PLAN),
          quorum: 1,
          codeRequired: false,
          needs: ONLY_A_NUMBER,
        },
      },
    });
    expect(await ledgerRows(database.db, world)).toMatchObject([
      {
        chain: `D-${deliveryId}`,
        action: "command_received",
        actorKind: "human",
        entityKind: "command",
        entityId: `${row?.id}`,
      },
    ]);
    expect(await jobs()).toEqual(["advance"]);
  });

  it("told of twice, and replayed under another GUID, is one", async () => {
    const comment = await post(database.db, world, "/approve");
    expect(await handleComment(deps(), comment)).toBe("recorded");
    const asked = world.calls.length;
    expect(await handleComment(deps(), comment)).toBe("already_recorded");
    const replayed = { ...comment, webhookGuid: await storeReceipt(database.db) };
    expect(await handleComment(deps(), replayed)).toBe("already_recorded");
    expect(world.calls).toHaveLength(asked);
    expect(await verdicts()).toEqual(["approve waiting"]);
    expect(await inboxRows(database.db, world)).toHaveLength(1);
    expect(await ledgerRows(database.db, world)).toHaveLength(1);
  });

  it("heard by two workers at once is one", async () => {
    const comment = await post(database.db, world, "/approve\n/status");
    const replayed = { ...comment, webhookGuid: await storeReceipt(database.db) };
    const told = await Promise.all([handleComment(deps(), comment), handleComment(deps(), replayed)]);
    expect(told.toSorted()).toEqual(["already_recorded", "recorded"]);
    expect(await verdicts()).toEqual(["approve waiting", "status accepted"]);
    expect(await ledgerRows(database.db, world)).toHaveLength(2);
  });

  it("carries today's quorum, and whether the code is required", async () => {
    world.config = "approvals: {plan: 2, review: 3, code: required}";
    await say("/approve");
    expect(await asks()).toEqual([
      { name: "approve", target: null, code: null, quorum: 2, codeRequired: true, needs: ONLY_A_NUMBER },
    ]);
  });

  it("carries its words", async () => {
    await say("/reject it exists already");
    await say("/revise plan\nkeep the name");
    await say("/hold");
    await say("/cancel");
    expect(await asks()).toEqual([
      { name: "reject", target: null, why: "it exists already" },
      { name: "revise", target: "plan", feedback: "keep the name" },
      { name: "hold" },
      { name: "cancel" },
    ]);
  });

  it("goes by the prefix of today's configuration", async () => {
    world.config = "commands: {prefix: cs}";
    expect(await say("/approve")).toBe("no_command");
    await nothingHappened();
    expect(await say("/cs approve")).toBe("recorded");
    expect(await asks()).toMatchObject([{ name: "approve" }]);
  });

  it("counts on the pull request that the delivery opened, and is answered there", async () => {
    await database.db.transaction(({ sql }) =>
      sql.update(deliveryRepos).set({ pullNumber: 57 }).where(eq(deliveryRepos.deliveryId, deliveryId)),
    );
    expect(await say("/hold")).toBe("recorded");
    expect(await say("/cancel", OCTOCAT, { isPullRequest: true, issueNumber: IssueNumber.parse(57) })).toBe("recorded");
    expect(await say("/cancel", OCTOCAT, { isPullRequest: false, issueNumber: IssueNumber.parse(57) })).toBe(
      "no_delivery",
    );
    expect(await say("/cancel", OCTOCAT, { isPullRequest: true, issueNumber: IssueNumber.parse(58) })).toBe(
      "no_delivery",
    );
    expect((await commandRows(database.db, world)).map(({ issueNumber }) => issueNumber)).toEqual([issue, 57]);
  });
});

describe("a retry", () => {
  it.each([true, false, null])("of what is blocked asks whether the cause is gone: %s", async (gone) => {
    await deliver({ phase: "implement", runStatus: "blocked", reason: "policy" });
    world.causeGone = gone;
    await say("/retry");
    expect(await asks()).toEqual([{ name: "retry", causeGone: gone }]);
    expect(world.causesRead).toBe(1);
  });

  it("of what failed asks nothing, nor does another command, nor a stranger's", async () => {
    await deliver({ phase: "implement", runStatus: "failed", reason: "deadline" });
    world.causeGone = false;
    await say("/retry");
    await say("/hold");
    await say("/retry", HUBOT);
    expect(await asks()).toEqual([{ name: "retry", causeGone: null }, { name: "hold" }]);
    expect(world.causesRead).toBe(0);
  });
});

describe("what is refused leaves a row, an entry and an answer, and nothing for the machine", () => {
  beforeEach(() => deliver(AT_PLAN));

  it.each([
    ["a stranger", "/approve", HUBOT, "approve refused stranger"],
    ["a stranger's bad usage", "/cancel now", HUBOT, "cancel refused stranger"],
    ["a stranger's help", "/help", HUBOT, "help refused stranger"],
    ["somebody who writes, but is no approver", "/approve", MONA, "approve refused not_approver"],
    ["the same with cancel", "/cancel", MONA, "cancel refused not_approver"],
    ["text that is not taken", "/cancel now", OCTOCAT, "cancel refused usage"],
    ["the same of somebody who writes", "/cancel now", MONA, "cancel refused usage"],
    ["text that is missing", "/revise", OCTOCAT, "revise refused usage"],
    ["a typing error", "/aprove", OCTOCAT, "aprove refused unknown_command"],
    ["a contradiction", "/approve\n/reject", OCTOCAT, "approve refused contradiction"],
    ["an unknown repository", "/approve acme/other", OCTOCAT, "approve refused no_such_target"],
    ["a rollback, of somebody who writes", "/rollback", MONA, "rollback refused not_approver"],
    ["more budget, of somebody who writes", "/budget +100", MONA, "budget refused not_approver"],
    ["no amount", "/budget more", OCTOCAT, "budget refused usage"],
    ["an amount of nothing", "/budget", OCTOCAT, "budget refused usage"],
    ["more than the schema allows", "/budget +99999k", OCTOCAT, "budget refused budget_ceiling"],
    ["more of what is not limited", "/budget +$1", OCTOCAT, "budget refused budget_unlimited"],
    ["a quoted mail", "/approve\n\nReply to this email directly", OCTOCAT, "approve refused quoted_mail"],
  ])("%s", async (_what, body, who, expected) => {
    expect(await say(body, who)).toBe("recorded");
    expect(await verdicts()).toEqual([expected]);
    expect((await commandRows(database.db, world))[0]?.decidedAt).toEqual(NOW);
    expect(await inboxRows(database.db, world)).toEqual([]);
    expect(await ledgerRows(database.db, world)).toMatchObject([
      { action: "command_received", note: `refused: ${expected.split(" ")[2]}` },
    ]);
    expect(await jobs()).toEqual(["answer"]);
  });

  it("names who may, to somebody who may not", async () => {
    world.config = "approvers: {users: [octocat], teams: [core, acme/more]}";
    await say("/approve", MONA);
    world.config = null;
    await say("/approve", MONA);
    expect(await refusals()).toEqual([
      { code: "not_approver", login: "mona", gate: null, users: ["octocat"], teams: ["core", "acme/more"] },
      { code: "not_approver", login: "mona", gate: null, users: [], teams: [] },
    ]);
  });

  it("names those of the gate, where it has people of its own", async () => {
    world.config = "approvers: [mona]\ngate_approvers: {plan: {users: [octocat, 7777]}}";
    await say("/approve", MONA);
    expect(await refusals()).toEqual([
      { code: "not_approver", login: "mona", gate: "plan", users: ["octocat", "id 7777"], teams: [] },
    ]);
  });

  it("an app that speaks in an approver's name", async () => {
    await say("/approve", OCTOCAT, { viaAppId: 15_368 });
    expect(await refusals()).toEqual([{ code: "stranger", why: "app" }]);
  });

  it("a comment that was edited, edited and restored, deleted, or is another person's by now", async () => {
    const changes: readonly ((id: number) => void)[] = [
      (id) => change(id, { body: "/approve k7m2" }),
      (id) => change(id, { updatedAt: instant("2026-11-21T10:21:00Z") }),
      (id) => void world.comments.delete(id),
      (id) => change(id, { viaAppId: 4 }),
    ];
    for (const happens of changes) {
      const comment = await post(database.db, world, "/approve");
      happens(comment.commentId);
      await handleComment(deps(), comment);
    }
    expect(await verdicts()).toEqual(changes.map(() => "approve refused edited"));
    expect(await inboxRows(database.db, world)).toEqual([]);
  });
  const change = (id: number, part: object): void => {
    const comment = [...world.comments.values()].find((one) => one.id === id);
    if (comment !== undefined) world.comments.set(id, { ...comment, ...part });
  };

  it("everything that needs an authority, while the configuration cannot be used; help still comes", async () => {
    world.config = "approvers: [octocat]\nfoo: 1\ncommands: {prefix: cs}";
    await say("/cs approve");
    await say("/cs cancel", MONA);
    await say("/cs approve", HUBOT);
    await say("/cs help", MONA);
    expect(await verdicts()).toEqual([
      "approve refused config_invalid",
      "cancel refused config_invalid",
      "approve refused stranger",
      "help accepted",
    ]);
    expect((await refusals())[0]).toMatchObject({
      problems: [{ line: 2, message: "foo: is not a key that is known." }],
    });
    expect(await inboxRows(database.db, world)).toEqual([]);
  });
});

describe("questions are answered without the machine", () => {
  beforeEach(() => deliver(AT_PLAN));

  it("help", async () => {
    await say("/help", MONA);
    expect(await verdicts()).toEqual(["help accepted"]);
    expect(await jobs()).toEqual(["answer"]);
  });

  it("status, which draws the thread anew", async () => {
    await say("/status", MONA);
    expect(await verdicts()).toEqual(["status accepted"]);
    expect(await jobs()).toEqual(["answer", "publish"]);
    expect(await inboxRows(database.db, world)).toEqual([]);
  });
});

describe("what leaves no trace", () => {
  it.each([
    ["other words", "LGTM", OCTOCAT, "no_command"],
    ["other bots' words", "/lgtm", OCTOCAT, "no_command"],
    ["a path", "/usr/bin/env fails", OCTOCAT, "no_command"],
    ["a quoted command", "> /approve", OCTOCAT, "no_command"],
    ["a fenced command", "```\n/approve\n```", OCTOCAT, "no_command"],
    ["other bots' words that look like a prefix", "/deploy production", OCTOCAT, "no_command"],
    ["a stranger's quoted command", "> /approve", HUBOT, "no_command"],
    ["a bot", "/approve", BOT, "not_a_person"],
  ])("%s, without a question to GitHub", async (_what, body, who, expected) => {
    await deliver(AT_PLAN);
    expect(await say(body, who)).toBe(expected);
    expect(world.calls).toEqual([]);
    await nothingHappened();
  });

  it("a command where nothing was ever delivered, without a question to GitHub", async () => {
    for (const body of ["/approve", "/help"]) expect(await say(body)).toBe("no_delivery");
    expect(world.calls).toEqual([]);
    await nothingHappened();
  });

  it("a comment older than the delivery, which was meant for an earlier one", async () => {
    await deliver(AT_PLAN);
    expect(await say("/cancel", OCTOCAT, { createdAt: instant("2026-11-21T09:59:59Z") })).toBe("no_delivery");
    await nothingHappened();
  });

  it("a repository that is gone", async () => {
    await deliver(AT_PLAN);
    world.gone = true;
    expect(await say("/approve")).toBe("repository_gone");
    await nothingHappened();
  });
});

describe("after the end", () => {
  beforeEach(() => deliver({ ...AT_PLAN, runStatus: "canceled", reason: "by_command" }));

  it("those who may command are told so, strangers nothing", async () => {
    await say("/approve");
    await say("/cancel", MONA);
    await say("/help", MONA);
    await database.jobs.take("answer");
    expect(await say("/approve", HUBOT)).toBe("recorded");
    expect(await verdicts()).toEqual([
      "approve refused over",
      "cancel refused over",
      "help accepted",
      "approve refused stranger",
    ]);
    // Counted, and not answered.
    expect(await jobs()).not.toContain("answer");
    expect(await inboxRows(database.db, world)).toEqual([]);
  });

  it("a new delivery of the issue is the one that is meant", async () => {
    const live = await deliver(AT_PLAN);
    await deliver(AT_PLAN, 1_000 + issue);
    await say("/approve");
    expect(await commandRows(database.db, world)).toMatchObject([{ deliveryId: live, verdict: "waiting" }]);
  });
});

describe("several repositories", () => {
  beforeEach(async () => {
    await addTill(database.db, await deliver(AT_REVIEW));
  });

  it("are named, in any case, and approvals go before what leaves the gate", async () => {
    await say("/revise acme/TILL smaller\n/approve ACME/shop");
    expect(await asks()).toEqual([
      { name: "approve", target: REPO, code: null, quorum: 1, codeRequired: false, needs: ONLY_A_NUMBER },
      { name: "revise", target: TILL, feedback: "smaller" },
    ]);
    expect((await commandRows(database.db, world)).map(({ name, position }) => `${position} ${name}`)).toEqual([
      "1 approve",
      "0 revise",
    ]);
  });

  it("one that takes no part is refused with those that wait", async () => {
    await say("/approve acme/other");
    expect(await refusals()).toEqual([{ code: "no_such_target", given: "acme/other", open: [REPO, TILL] }]);
  });

  it("an approver needs write access to each that is meant", async () => {
    world.inTill = { octocat: "read" };
    for (const body of ["/approve acme/till", "/approve all", "/approve", "/reject acme/till", "/revise acme/till x"])
      await say(body);
    for (const body of ["/approve acme/shop", "/revise acme/shop x", "/cancel"]) await say(body);
    expect(await verdicts()).toEqual([
      ...["approve", "approve", "approve", "reject", "revise"].map((name) => `${name} refused no_write_on_target`),
      ...["approve", "revise", "cancel"].map((name) => `${name} waiting`),
    ]);
    expect((await refusals())[0]).toEqual({ code: "no_write_on_target", repoId: TILL, login: "octocat" });
  });
});

describe("a flood", () => {
  it("of a stranger's commands is not asked about after the fifth, for an hour; others are heard", async () => {
    const deliveryId = await deliver(AT_PLAN);
    for (let told = 0; told < 5; told += 1) expect(await say("/approve", HUBOT)).toBe("recorded");
    const asked = world.calls.length;
    expect(await say("/approve", HUBOT)).toBe("flood");
    expect(world.calls).toHaveLength(asked);
    expect(await say("/approve")).toBe("recorded");
    expect(await say("/approve", MONA)).toBe("recorded");

    const longAgo = new Date(NOW.getTime() - 3_600_001);
    await database.db.transaction(({ sql }) =>
      sql.update(commands).set({ receivedAt: longAgo }).where(eq(commands.deliveryId, deliveryId)),
    );
    expect(await say("/approve", HUBOT)).toBe("recorded");
  });

  it("of a stranger's typing errors counts as well, though none is answered", async () => {
    await deliver(AT_PLAN);
    for (let told = 0; told < 5; told += 1) expect(await say("/aprove", HUBOT)).toBe("recorded");
    expect(await jobs()).toEqual([]);
    const asked = world.calls.length;
    expect(await say("/aprove", HUBOT)).toBe("flood");
    expect(await say("/approve", HUBOT)).toBe("flood");
    expect(world.calls).toHaveLength(asked);
    expect(await verdicts()).toEqual(Array.from({ length: 5 }, () => "aprove refused stranger"));
  });

  it("of words for other bots costs nothing, whoever writes them, and with the prefix that was last known too", async () => {
    await storeDelivery(database.db, {
      issueNumber: issue,
      state: AT_PLAN,
      snapshot: { config: { commands: { prefix: "cs" } } },
    });
    world.config = "commands:\n  prefix: cs\n";
    for (let told = 0; told < 9; told += 1) expect(await say("/lgtm at last", HUBOT)).toBe("no_command");
    expect(world.calls).toEqual([]);
    expect(await say("/cs aproof", MONA)).toBe("recorded");
    expect(await refusals()).toMatchObject([{ code: "unknown_command" }]);
  });

  it("of refusals to somebody who may command is answered each time", async () => {
    await deliver(AT_PLAN);
    for (let told = 0; told < 7; told += 1) expect(await say("/approve", MONA)).toBe("recorded");
  });
});

describe("when something fails on the way", () => {
  it.each([["repository shop"], ["head"], ["file"], ["role shop"], ["comment shop"], ["role till"], ["gate shop"]])(
    "GitHub does not answer %s: nothing is left, and the next try finds all",
    async (call) => {
      await addTill(database.db, await deliver(AT_REVIEW));
      const comment = await post(database.db, world, "/approve all");
      world.fault = { call, error: new GitHubError("server", "502") };
      await expect(handleComment(deps(), comment)).rejects.toThrow(GitHubError);
      await nothingHappened();
      world.fault = null;
      expect(await handleComment(deps(), comment)).toBe("recorded");
      expect(await verdicts()).toEqual(["approve waiting"]);
    },
  );

  it("killed at any point and run again, it leaves one of each", async () => {
    await addTill(database.db, await deliver({ ...AT_REVIEW, runStatus: "blocked", reason: "policy" }));
    const points: string[] = [];
    const first = await post(database.db, world, "/approve all");
    await handleComment(
      depsOf(database.db, world, (name) => void points.push(name)),
      first,
    );
    const retry = await post(database.db, world, "/retry");
    await handleComment(
      depsOf(database.db, world, (name) => void points.push(name)),
      retry,
    );
    const distinct = [...new Set(points)];
    expect(distinct).toEqual([
      "commands.before.read_config",
      "commands.before.read_role",
      "commands.before.read_target_config",
      "commands.before.read_comment",
      "commands.before.read_role_on_target",
      "commands.before.read_gate",
      "commands.before.commit",
      "commands.after.commit",
      "commands.before.read_cause",
    ]);

    for (const point of distinct) {
      const before = (await commandRows(database.db, world)).length;
      const comment = await post(database.db, world, point.endsWith("cause") ? "/retry" : "/approve all\n/status");
      const killed = depsOf(database.db, world, (name) => {
        if (name === point) throw new Error("killed");
      });
      await expect(handleComment(killed, comment)).rejects.toThrow("killed");
      const after = (await commandRows(database.db, world)).length;
      expect(after - before, point).toBe(point === "commands.after.commit" ? 2 : 0);
      await handleComment(deps(), comment);
      const rows = (await commandRows(database.db, world)).slice(before);
      expect(
        rows.map(({ name }) => name),
        point,
      ).toEqual(point.endsWith("cause") ? ["retry"] : ["approve", "status"]);
    }
    const ids = (await commandRows(database.db, world)).map(({ id }) => `${id}`);
    expect((await ledgerRows(database.db, world)).map(({ entityId }) => entityId)).toEqual(ids);
    const waiting = (await commandRows(database.db, world)).filter(({ verdict }) => verdict === "waiting").length;
    expect(await inboxRows(database.db, world)).toHaveLength(waiting);
  });

  it("keeps no row without its receipt", async () => {
    await deliver(AT_PLAN);
    const comment = await post(database.db, world, "/approve");
    const forged = { ...comment, webhookGuid: WebhookGuid.parse("never-received") };
    await expect(handleComment(deps(), forged)).rejects.toThrow();
    await nothingHappened();
  });

  it("is refused by the database when it is written twice", async () => {
    await deliver(AT_PLAN);
    await say("/approve");
    const [row] = await commandRows(database.db, world);
    if (row === undefined) throw new Error("no row");
    const { id: _, ...copy } = row;
    await expect(database.db.transaction(({ sql }) => sql.insert(commands).values(copy))).rejects.toThrow();
  });
});

describe("the gate that an approval speaks of", () => {
  const edited = instant("2026-11-21T10:15:00Z");
  const events = async () =>
    (await inboxRows(database.db, world)).map(({ recorded, dedupeKey }) => ({
      event: Recorded.parse(recorded).event,
      dedupeKey,
    }));

  it.each([
    [
      "was edited",
      () => world.gate && { ...world.gate, body: "**Ready** for something else", updatedAt: edited },
      edited,
    ],
    ["was edited and put right again", () => world.gate && { ...world.gate, updatedAt: edited }, edited],
    ["was deleted", () => null, "deleted"],
  ])("%s: nothing is asked of the machine but to show it again", async (_what, found, when) => {
    await deliver(AT_PLAN);
    world.gate = found();
    expect(await say(`/approve ${codeOf(PLAN)}`)).toBe("recorded");
    expect(await refusals()).toEqual([
      { code: "gate_changed", shownVersion: 1, shownCode: codeOf(PLAN), repoId: null },
    ]);
    const note = `comment 900 was ${when === "deleted" ? when : "edited"}`;
    expect(await events()).toEqual([
      { event: { type: "gate_tampered", repoId: null, note }, dedupeKey: `gate_tampered:900:${when}:plan` },
    ]);
  });

  it("is told once, however many approve", async () => {
    await deliver(AT_PLAN);
    world.gate = null;
    await say("/approve");
    await say("/approve");
    expect(await events()).toHaveLength(1);
    expect(await verdicts()).toEqual(["approve refused gate_changed", "approve refused gate_changed"]);
  });

  it("is no matter of a stranger's, nor of other commands", async () => {
    await deliver(AT_PLAN);
    world.gate = null;
    await say("/approve", HUBOT);
    await say("/revise smaller");
    expect(await verdicts()).toEqual(["approve refused stranger", "revise waiting"]);
    expect(await events()).toMatchObject([{ event: { type: "command" } }]);
    expect(world.calls).not.toContain("gate shop");
  });

  it("is as we left it, with other ends of lines", async () => {
    await deliver(AT_PLAN);
    world.gate = world.gate && { ...world.gate, body: `${world.gate.body}\r\n` };
    await say("/approve");
    expect(await verdicts()).toEqual(["approve waiting"]);
  });

  it("is being edited by ourselves: it was still being posted", async () => {
    const id = await storeDelivery(database.db, { issueNumber: issue, state: AT_PLAN });
    await showGate(database.db, id);
    await database.db.transaction(({ sql }) =>
      sql.update(publications).set({ bodyHash: null }).where(eq(publications.deliveryId, id)),
    );
    await say("/approve");
    expect(await verdicts()).toEqual(["approve refused still_publishing"]);
    expect(await events()).toEqual([]);
  });

  it("has grown older than approvals may be: refused by the machine, which is told to show it again", async () => {
    await deliver(AT_PLAN);
    world.config = "approvals:\n  ttl: 1h\n";
    await say("/approve");
    world.config = "approvals:\n  ttl: 1h\n".replace("1h", "90m");
    await say("/approve");
    expect(await events()).toMatchObject([
      { event: { type: "command", ask: { ttl: 3600 } } },
      { event: { type: "command", ask: { ttl: 5400 } } },
    ]);
    const later = { ...deps(), clock: () => new Date("2026-11-21T11:10:00.000Z") };
    world.config = "approvals:\n  ttl: 1h\n";
    await handleComment(later, await post(database.db, world, "/approve"));
    await handleComment(later, await post(database.db, world, "/status"));
    expect((await events()).slice(2)).toMatchObject([
      { event: { type: "command", ask: { ttl: 3600 } } },
      { event: { type: "gate_expired", ttl: 3600 }, dedupeKey: expect.stringMatching(/^gate_expired:\d+:3600$/) },
    ]);
  });
});

describe("a code of another delivery", () => {
  let hash: Digest;
  let given: string;
  beforeEach(() => {
    hash = digestOf(`the plan of another delivery, beside ${issue}`);
    given = codeOf(hash);
  });
  /** Another delivery of the same repository, with a plan that was shown or not. */
  const other = async (repoId = REPO, shown = true): Promise<DeliveryId> => {
    const id = await storeDelivery(database.db, { issueNumber: 50_000 + issue, repoId, state: AT_PLAN });
    await database.db.transaction(async ({ sql }) => {
      const plan = { deliveryId: id, kind: "plan", version: 1, hash, content: {}, createdAt: NOW };
      await sql.insert(artifacts).values(plan);
      const row = { deliveryId: id, key: "plan:1", kind: "comment", repoId };
      await sql.insert(publications).values({ ...row, remoteId: shown ? 40_000 + issue : null });
    });
    return id;
  };

  it("is told as that, where everybody who reads this may read that", async () => {
    const id = await other();
    await deliver(AT_PLAN);
    await say(`/approve ${given}`);
    expect(await refusals()).toEqual([{ code: "other_code", given, delivery: `D-${id}`, issue: 50_000 + issue }]);
    expect(await asks()).toEqual([]);
  });

  it("is not known where it was never shown, or stands in another repository", async () => {
    await other(REPO, false);
    await other(TILL);
    await deliver(AT_PLAN);
    await say(`/approve ${given}`);
    expect(await refusals()).toEqual([null]);
    expect(await asks()).toMatchObject([{ name: "approve", code: given }]);
  });

  it("is not told in a thread of another repository, such as a pull request that more people see", async () => {
    await other();
    const id = await deliver({ ...AT_REVIEW });
    await addTill(database.db, id);
    await database.db.transaction(({ sql }) =>
      sql.update(deliveryRepos).set({ pullNumber: 8 }).where(eq(deliveryRepos.repoId, TILL)),
    );
    await say(`/approve ${given}`, OCTOCAT, { repoId: TILL, issueNumber: IssueNumber.parse(8), isPullRequest: true });
    expect(await refusals()).toEqual([null]);
  });

  it("that is this delivery's too is this delivery's", async () => {
    await other();
    await deliver({ ...AT_PLAN, retired: [{ digest: hash, as: "rejected" }] });
    await say(`/approve ${given}`);
    expect(await refusals()).toEqual([null]);
  });
});

describe("a /resume that comes late", () => {
  const at = (time: string) => ({ createdAt: instant(`2026-11-21T${time}Z`) });
  const write = (body: string, time: string) => post(database.db, world, body, OCTOCAT, at(time));

  it("ends no hold that was asked for after it was written, whether that was told to the machine already or not", async () => {
    await deliver(AT_PLAN);
    await say("/hold", OCTOCAT, at("10:11:00"));
    const late = await write("/resume", "10:12:00");
    const same = await write("/resume", "10:13:00");
    await say("/hold", OCTOCAT, at("10:13:00"));
    for (const comment of [late, same]) await handleComment(deps(), comment);
    const overtaken = { code: "overtaken", by: "hold", login: "octocat", at: instant("2026-11-21T10:13:00Z") };
    expect((await refusals()).slice(2)).toEqual([overtaken, overtaken]);
    await say("/resume", OCTOCAT, at("10:13:00"));
    expect(await asks()).toEqual([{ name: "hold" }, { name: "hold" }, { name: "resume" }]);
  });

  it("is not overtaken by a hold of another delivery, or of somebody who may not", async () => {
    await deliver(AT_PLAN);
    const late = await write("/resume", "10:12:00");
    await say("/hold", MONA, at("10:13:00"));
    await handleComment(deps(), late);
    expect(await verdicts()).toEqual(["hold refused not_approver", "resume waiting"]);
  });
});
