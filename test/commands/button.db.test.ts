// A person presses a button of a check run: it counts for the version it was shown with, once, by the same authority as a comment.
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseButton } from "../../src/commands/button.ts";
import { type CommandDeps, handleButton } from "../../src/commands/handle.ts";
import { CommandRefusal } from "../../src/commands/refusal.ts";
import { approvals, artifacts, commands } from "../../src/db/schema.ts";
import { codeOf } from "../../src/delivery/code.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { Recorded } from "../../src/delivery/event.ts";
import { ONLY_A_NUMBER } from "../../src/delivery/needs.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { CheckRunId, type DeliveryId, WebhookGuid } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { REPO, START, storeDelivery } from "../support/stored-delivery.ts";
import {
  AT_PLAN,
  AT_REVIEW,
  addTill,
  BOT,
  click,
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
  publishCheckRun,
  SHOP_PATCHES,
  showGate,
  TILL,
  TILL_PATCHES,
  World,
} from "./world.ts";

let database: TestDatabase;
let world: World;
let checkRunId: CheckRunId;
let issue = 0;
let atStart: readonly number[];
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  issue += 1;
  world = new World(issue);
  checkRunId = CheckRunId.parse(70_000 + issue);
  for (const name of ["advance", "answer", "publish"] as const) await database.jobs.take(name);
  atStart = await counts(database.db);
});

/** A delivery whose check run is shown. */
const deliver = async (state: Partial<Delivery>): Promise<DeliveryId> => {
  const id = await storeDelivery(database.db, { issueNumber: issue, state });
  await addTill(database.db, id);
  await publishCheckRun(database.db, id, checkRunId);
  await showGate(database.db, id);
  return id;
};
const deps = (): CommandDeps => depsOf(database.db, world);
const press = async (identifier: string, who = OCTOCAT, more: Parameters<typeof click>[3] = {}) =>
  handleButton(deps(), await click(database.db, identifier, who, { checkRunId, ...more }));

const verdicts = async () =>
  (await commandRows(database.db, world)).map(({ name, verdict, refusal }) =>
    refusal === null ? `${name} ${verdict}` : `${name} ${verdict} ${CommandRefusal.parse(refusal).code}`,
  );
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
const approve = `approve:${codeOf(PLAN)}`;
const reject = `reject:${codeOf(PLAN)}`;

describe("what stands on a button", () => {
  it.each([
    ["approve:k7m2", { name: "approve", code: "k7m2" }],
    ["reject:k7m2x9", { name: "reject", code: "k7m2x9" }],
  ])("%s", (identifier, button) => expect(parseButton(identifier)).toEqual(button));

  it.each([
    "",
    "approve",
    "approve:",
    "approve:K7M2",
    "approve:k7",
    "approve:k0l1",
    "approve:k7m2:x",
    "revise:k7m2",
    "merge:k7m2",
    ":k7m2",
  ])("%j is nothing of ours", (identifier) => expect(parseButton(identifier)).toBeNull());
});

describe("a button", () => {
  it("becomes a row, a ledger entry and a question to the machine", async () => {
    const deliveryId = await deliver(AT_PLAN);
    world.config = "approvals: {plan: 2}";
    const pressed = await click(database.db, approve, OCTOCAT, { checkRunId });
    expect(await handleButton(deps(), pressed)).toBe("recorded");
    const [row] = await commandRows(database.db, world);
    expect(row).toMatchObject({
      deliveryId,
      originKind: "button",
      originId: checkRunId,
      position: 0,
      repoId: REPO,
      issueNumber: issue,
      webhookGuid: pressed.webhookGuid,
      name: "approve",
      actorId: OCTOCAT.id,
      actorRole: "maintain",
      verdict: "waiting",
    });
    expect(await inboxRows(database.db, world)).toMatchObject([
      {
        dedupeKey: `button:${checkRunId}:0`,
        recorded: {
          actor: { kind: "human", id: OCTOCAT.id },
          at: instant(NOW),
          event: {
            commandId: row?.id,
            origin: { kind: "button", checkRunId, clickedAt: instant(START) },
            ask: {
              name: "approve",
              target: null,
              code: codeOf(PLAN),
              quorum: 2,
              codeRequired: false,
              needs: ONLY_A_NUMBER,
            },
          },
        },
      },
    ]);
    expect(await ledgerRows(database.db, world)).toMatchObject([
      { action: "command_received", entityId: `${row?.id}` },
    ]);
    expect(await jobs()).toEqual(["advance"]);
  });

  it("turns down what it was shown with", async () => {
    await deliver(AT_PLAN);
    await press(reject);
    expect(await asks()).toEqual([{ name: "reject", target: null, why: null }]);
  });

  it("turns down nothing that had to be shown again: the click may be from before", async () => {
    await deliver({ ...AT_PLAN, plan: AT_PLAN.plan == null ? null : { ...AT_PLAN.plan, again: true } });
    await press(reject);
    expect(await verdicts()).toEqual(["reject refused button_outdated"]);
    expect(await asks()).toEqual([]);
  });

  it("names the repository whose patch set it shows", async () => {
    await deliver(AT_REVIEW);
    await press(`approve:${codeOf(TILL_PATCHES)}`);
    await press(`reject:${codeOf(SHOP_PATCHES)}`);
    expect(await asks()).toMatchObject([
      { name: "approve", target: TILL, code: codeOf(TILL_PATCHES) },
      { name: "reject", target: REPO },
    ]);
  });

  it("of an older page rejects nothing, and its approval is the machine's to refuse by the code", async () => {
    await deliver(AT_REVIEW);
    await press(reject);
    await press("reject:zzzz");
    await press(approve);
    expect(await verdicts()).toEqual([
      "reject refused button_outdated",
      "reject refused button_outdated",
      "approve waiting",
    ]);
    expect(await asks()).toMatchObject([{ name: "approve", target: null, code: codeOf(PLAN) }]);
  });

  it.each([
    ["a stranger", HUBOT, "approve refused stranger"],
    ["somebody who writes, but is no approver", MONA, "approve refused not_approver"],
  ])("is refused to %s", async (_what, who, expected) => {
    await deliver(AT_PLAN);
    expect(await press(approve, who)).toBe("recorded");
    expect(await verdicts()).toEqual([expected]);
    expect(await inboxRows(database.db, world)).toEqual([]);
    expect(await jobs()).toEqual(["answer"]);
  });

  it("is refused where the approver cannot write to the repository it is about", async () => {
    await deliver(AT_REVIEW);
    world.inTill = { octocat: "read" };
    await press(`approve:${codeOf(TILL_PATCHES)}`);
    await press(`reject:${codeOf(TILL_PATCHES)}`);
    await press(`approve:${codeOf(SHOP_PATCHES)}`);
    expect(await verdicts()).toEqual([
      "approve refused no_write_on_target",
      "reject refused no_write_on_target",
      "approve waiting",
    ]);
  });

  it("is refused while the configuration cannot be used, and when all is over", async () => {
    await deliver(AT_PLAN);
    world.config = "foo: 1";
    await press(approve);
    expect(await verdicts()).toEqual(["approve refused config_invalid"]);
    world.config = null;
    issue += 1;
    world = new World(issue);
    checkRunId = CheckRunId.parse(70_000 + issue);
    await deliver({ ...AT_PLAN, runStatus: "canceled", reason: "by_command" });
    await press(approve);
    await database.jobs.take("answer");
    expect(await press(approve, HUBOT)).toBe("recorded");
    expect(await verdicts()).toEqual(["approve refused over", "approve refused stranger"]);
    expect(await jobs()).toEqual([]);
  });

  it.each([
    ["an identifier that is not ours", "merge:k7m2", OCTOCAT, {}, "no_command"],
    ["a bot", approve, BOT, {}, "not_a_person"],
    ["a check run that is not ours", approve, OCTOCAT, { checkRunId: CheckRunId.parse(1) }, "no_delivery"],
    ["the same number in another repository", approve, OCTOCAT, { repoId: TILL }, "no_delivery"],
  ])("leaves no trace: %s", async (_what, identifier, who, more, expected) => {
    await deliver(AT_PLAN);
    expect(await press(identifier, who, more)).toBe(expected);
    await nothingHappened();
  });

  it("leaves no trace when GitHub does not answer", async () => {
    await deliver(AT_PLAN);
    world.fault = { call: "role shop", error: new GitHubError("timeout", "no answer") };
    await expect(press(approve)).rejects.toThrow(GitHubError);
    await nothingHappened();
  });
});

describe("pressed again", () => {
  it("told of twice is one click; by two people it is two", async () => {
    await deliver(AT_PLAN);
    world.people = [OCTOCAT, { ...MONA, role: "maintain" }];
    const first = await click(database.db, approve, OCTOCAT, { checkRunId });
    const second = await click(database.db, approve, MONA, { checkRunId });
    for (const pressed of [first, first, second, second]) await handleButton(deps(), pressed);
    expect((await commandRows(database.db, world)).map(({ position, actorId }) => [position, actorId])).toEqual([
      [0, OCTOCAT.id],
      [1, MONA.id],
    ]);
    expect(await inboxRows(database.db, world)).toHaveLength(2);
  });

  it("by two people at once it is two", async () => {
    await deliver(AT_PLAN);
    world.people = [OCTOCAT, { ...MONA, role: "maintain" }];
    const pressed = [
      await click(database.db, approve, OCTOCAT, { checkRunId }),
      await click(database.db, approve, MONA, { checkRunId }),
    ];
    expect(await Promise.all(pressed.map((one) => handleButton(deps(), one)))).toEqual(["recorded", "recorded"]);
    expect((await commandRows(database.db, world)).map(({ position }) => position)).toEqual([0, 1]);
  });

  it("while it waits or stands it is the same click, under any GUID; refused or voided it is a new one", async () => {
    const deliveryId = await deliver(AT_PLAN);
    await press(approve);
    expect(await press(approve)).toBe("already_recorded");

    const [row] = await commandRows(database.db, world);
    if (row === undefined) throw new Error("no row");
    const decided = (verdict: string, refusal: unknown) =>
      database.db.transaction(({ sql }) =>
        sql.update(commands).set({ verdict, refusal, decidedAt: NOW }).where(eq(commands.id, row.id)),
      );
    await decided("accepted", null);
    const planId = await storePlan(deliveryId);
    await database.db.transaction(({ sql }) =>
      sql.insert(approvals).values({
        deliveryId,
        subjectKind: "plan",
        subjectId: planId,
        digest: PLAN,
        personId: OCTOCAT.id,
        personLogin: OCTOCAT.login,
        commandId: row.id,
        webhookGuid: row.webhookGuid,
        approvedAt: NOW,
      }),
    );
    expect(await press(approve)).toBe("already_recorded");

    await database.db.transaction(({ sql }) =>
      sql.update(approvals).set({ voidedAt: NOW, voidReason: "shown again" }).where(eq(approvals.commandId, row.id)),
    );
    expect(await press(approve)).toBe("recorded");
    expect(await verdicts()).toEqual(["approve accepted", "approve waiting"]);
  });

  const storePlan = (deliveryId: DeliveryId): Promise<number> =>
    database.db.transaction(async ({ sql }) => {
      const [plan] = await sql
        .insert(artifacts)
        .values({ deliveryId, kind: "plan", version: 1, hash: PLAN, content: {}, createdAt: NOW })
        .returning({ id: artifacts.id });
      return plan?.id ?? 0;
    });

  it("after a refusal, once its cause is gone", async () => {
    await deliver(AT_PLAN);
    await press(approve, MONA);
    world.config = "approvers: [mona]";
    await press(approve, MONA);
    expect(await verdicts()).toEqual(["approve refused not_approver", "approve waiting"]);
  });

  it("killed at any point and run again, it leaves one of each", async () => {
    await deliver(AT_REVIEW);
    const points: string[] = [];
    const code = `approve:${codeOf(TILL_PATCHES)}`;
    const probe = await click(database.db, code, { ...OCTOCAT, id: 599, login: "nobody" }, { checkRunId });
    await handleButton(
      depsOf(database.db, world, (name) => void points.push(name)),
      probe,
    );
    const all = [...new Set([...points, "commands.before.read_role_on_target"])];
    expect(all).toContain("commands.before.commit");
    for (const [index, point] of all.entries()) {
      const who = { id: 600 + index, login: `person-${index}`, role: "maintain" as const };
      world.people = [...world.people, who];
      const before = (await commandRows(database.db, world)).length;
      const pressed = await click(database.db, code, who, { checkRunId });
      const killed = depsOf(database.db, world, (name) => {
        if (name === point) throw new Error("killed");
      });
      await expect(handleButton(killed, pressed)).rejects.toThrow("killed");
      await handleButton(deps(), pressed);
      expect((await commandRows(database.db, world)).length - before, point).toBe(1);
    }
    expect(await inboxRows(database.db, world)).toHaveLength(all.length);
    expect(await ledgerRows(database.db, world)).toHaveLength(all.length + 1);
  });

  it("keeps no row without its receipt", async () => {
    await deliver(AT_PLAN);
    const pressed = await click(database.db, approve, OCTOCAT, { checkRunId });
    const forged = { ...pressed, webhookGuid: WebhookGuid.parse("never-received") };
    await expect(handleButton(deps(), forged)).rejects.toThrow("without its webhook");
    await nothingHappened();
  });
});
