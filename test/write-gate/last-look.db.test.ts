// The last look (M5): at the comments that showed it, at the age of its approvals, at their codes, and at where they came from.
import { and, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { approvals, commands, policyViolations, publications, webhooks } from "../../src/db/schema.ts";
import { codeOf } from "../../src/delivery/code.ts";
import { CommentId, WebhookGuid } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { hashOfText } from "../../src/thread/comment-text.ts";
import {
  approvalRows,
  click,
  GATES_OF,
  MONA,
  NOW,
  OCTOCAT,
  saidOf,
  setState,
  theOnly,
  voidApproval,
  type World,
  writeRows,
} from "./approved-delivery.ts";
import { openWorlds } from "./worlds.ts";

const Payload = z.record(z.string(), z.unknown());

const { test, delivery } = openWorlds();

const expectVoid = async (world: World, note: RegExp): Promise<void> => {
  expect((await world.write()).end).toMatchObject({ kind: "approval_void", note: expect.stringMatching(note) });
  expect(world.github.writes).toEqual([]);
  expect(world.github.tokens.some(({ permissions }) => permissions["contents"] === "write")).toBe(false);
  expect(await writeRows(world)).toEqual([]);
};

const expectWritten = async (world: World): Promise<void> =>
  expect((await world.write()).end).toEqual({ kind: "written" });

const gateOf = (world: World) => theOnly(theOnly(world.repos).comments.get(GATES_OF + world.id) ?? []);
const rowOfGate = (world: World) => and(eq(publications.deliveryId, world.id), eq(publications.kind, "comment"));

describe("the comment that showed it", () => {
  const CHANGED = /comment that showed it was changed/;

  it("was edited, and no webhook came", async () => {
    const world = await delivery();
    gateOf(world).body = "**Patches ready, please review** something harmless";
    await expectVoid(world, CHANGED);
  });

  it("was edited and put right again: its time tells", async () => {
    const world = await delivery();
    gateOf(world).updatedAt = "2026-11-21T08:59:30Z";
    await expectVoid(world, CHANGED);
  });

  it("was deleted", async () => {
    const world = await delivery();
    theOnly(world.repos).comments.delete(GATES_OF + world.id);
    await expectVoid(world, CHANGED);
  });

  it("was deleted, and another was put in its place before we heard of it", async () => {
    const world = await delivery();
    await test.db.sql.update(publications).set({ remoteId: 424_242 }).where(rowOfGate(world));
    await expectVoid(world, CHANGED);
  });

  it("was never shown", async () => {
    const world = await delivery();
    await setState(world, (state) => ({
      ...state,
      targets: state.targets.map((target) => ({
        ...target,
        patchSet: target.patchSet === null ? null : { ...target.patchSet, shown: null },
      })),
    }));
    await expectVoid(world, /nothing shows it/);
  });

  it("goes on in a second one, which was edited", async () => {
    const world = await delivery();
    const repo = theOnly(world.repos);
    const first = gateOf(world);
    const second = { ...first, id: first.id + 500_000, body: "The rest of it" };
    repo.comments.set(GATES_OF + world.id, [first, second]);
    const [row] = await test.db.sql.select().from(publications).where(rowOfGate(world));
    if (row === undefined) throw new Error("the gate has a row");
    await test.db.sql.insert(publications).values({
      ...row,
      key: `${row.key}:more`,
      remoteId: second.id,
      bodyHash: hashOfText(second.body, false),
    });
    await setState(world, (state) => ({
      ...state,
      targets: state.targets.map((target) => ({
        ...target,
        patchSet:
          target.patchSet?.shown == null
            ? target.patchSet
            : { ...target.patchSet, shown: { ...target.patchSet.shown, commentId: CommentId.parse(second.id) } },
      })),
    }));
    first.body = "Nothing to see";
    await expectVoid(world, CHANGED);
    first.body = "**Patches ready, please review**";
    second.body = "Nothing to see";
    await expectVoid(world, CHANGED);
    second.body = "The rest of it";
    await expectWritten(world);
  });

  it("was edited by us since, as answered: that is no change of anybody's", async () => {
    const world = await delivery();
    const gate = gateOf(world);
    gate.body = "**Approved** by `octocat`.\r\n";
    gate.updatedAt = "2026-11-21T09:00:05Z";
    const at = new Date("2026-11-21T09:00:05Z");
    await test.db.sql
      .update(publications)
      .set({ bodyHash: hashOfText("**Approved** by `octocat`.", false), publishedAt: at })
      .where(rowOfGate(world));
    await expectWritten(world);
  });

  it("is being edited by us: the write waits until that is done, and begins anew when it takes long", async () => {
    const world = await delivery();
    await test.db.sql.update(publications).set({ bodyHash: null }).where(rowOfGate(world));
    await expect(world.write()).rejects.toThrow(/brought up to date/);
    expect(world.github.writes).toEqual([]);
    const text = gateOf(world).body;
    await test.db.sql
      .update(publications)
      .set({ bodyHash: hashOfText(text, false) })
      .where(rowOfGate(world));
    await expectWritten(world);
  });
});

describe("an approval", () => {
  it("that is older than approvals may be counts no more; another's still does", async () => {
    const world = await delivery();
    world.today.endedBefore = instant("2026-11-21T09:00:01Z");
    await expectVoid(world, /octocat.*older than approvals may be/);
    world.today.endedBefore = instant("2026-11-21T09:00:00Z");
    await expectWritten(world);
  });

  it("by a click is as old as its receipt, whatever its row says", async () => {
    const world = await delivery({ approvers: [] });
    await click(world, OCTOCAT, new Date("2026-11-22T00:00:00Z"));
    world.today.endedBefore = instant(new Date(NOW.getTime() + 1));
    await expectVoid(world, /octocat.*older/);
  });

  it("without the code does not count where today's configuration asks for it, and a click has it", async () => {
    const world = await delivery();
    world.today.codeRequired = true;
    await expectVoid(world, /octocat.*does not quote the code/);
    const clicked = await delivery({ approvers: [] });
    clicked.today.codeRequired = true;
    await click(clicked, OCTOCAT, NOW);
    await expectWritten(clicked);
  });

  const risky = async (world: World): Promise<void> => {
    const { subjectId } = theOnly(await approvalRows(world));
    await test.db.sql.insert(policyViolations).values({
      deliveryId: world.id,
      patchSetId: subjectId,
      attempt: 1,
      rule: "build-scripts",
      severity: "warn",
      path: "Dockerfile",
      line: null,
      message: "runs when it is built",
    });
  };

  it("of what policy warns of counts by its typed code alone, by the stored finding and by the state", async () => {
    const plain = await delivery();
    await risky(plain);
    await expectVoid(plain, /octocat.*does not quote the code/);

    const clicked = await delivery({ approvers: [] });
    await click(clicked, OCTOCAT, NOW);
    await risky(clicked);
    await expectVoid(clicked, /octocat.*in a comment/);

    const byState = await delivery({
      state: (state) => ({
        ...state,
        targets: state.targets.map((target) => ({
          ...target,
          patchSet: target.patchSet === null ? null : { ...target.patchSet, quote: true },
        })),
      }),
    });
    await expectVoid(byState, /octocat.*does not quote the code/);
  });

  it("that quotes another version's code does not count; one that quotes this one's does", async () => {
    const wrong = await delivery({ words: "/approve 2222" });
    await risky(wrong);
    await expectVoid(wrong, /octocat.*does not quote the code/);

    // The code is known once the patch set is made: said again, and received again.
    const right = await delivery();
    await risky(right);
    const { digest, webhookGuid } = theOnly(await approvalRows(right));
    const words = `/approve ${codeOf(digest)}`;
    const comment = theOnly(saidOf(right));
    comment.body = words;
    const [receipt] = await test.db.sql.select().from(webhooks).where(eq(webhooks.guid, webhookGuid));
    const payload = JSON.parse(JSON.stringify(receipt?.payload).replaceAll('"/approve"', JSON.stringify(words)));
    const guid = WebhookGuid.parse(`again-${webhookGuid}`);
    await test.db.sql.insert(webhooks).values({ ...receipt, guid, payload, event: "issue_comment", receivedAt: NOW });
    await test.db.sql.update(commands).set({ webhookGuid: guid }).where(eq(commands.deliveryId, right.id));
    const row = theOnly(await approvalRows(right));
    await voidApproval(right, row.id);
    const { id: _, planId: _p, patchSetId: _s, ...same } = row;
    await test.db.sql.insert(approvals).values({ ...same, webhookGuid: guid, voidedAt: null, voidReason: null });
    await expectWritten(right);
  });
});

describe("a forged approval must forge what GitHub signed", () => {
  /** The row stays as it is; what it points to is another webhook, as somebody with the database's rights could store it. */
  const pointTo = async (
    world: World,
    change: (payload: Record<string, unknown>) => unknown,
    event = "issue_comment",
    action = "created",
  ) => {
    const row = theOnly(await approvalRows(world));
    const [receipt] = await test.db.sql.select().from(webhooks).where(eq(webhooks.guid, row.webhookGuid));
    const guid = WebhookGuid.parse(`forged-${row.webhookGuid}-${event}-${action}`);
    const payload: unknown = change(JSON.parse(JSON.stringify(receipt?.payload)));
    await test.db.sql.insert(webhooks).values({ guid, event, action, payload, receivedAt: NOW });
    await voidApproval(world, row.id);
    const { id: _, planId: _p, patchSetId: _s, ...same } = row;
    await test.db.sql.insert(approvals).values({ ...same, webhookGuid: guid, voidedAt: null, voidReason: null });
  };
  const user = (id: number, type = "User") => ({ id, type });
  const withComment = (over: object) => (payload: Record<string, unknown>) => ({
    ...payload,
    comment: { ...Payload.parse(payload["comment"]), ...over },
  });

  it.each<[string, RegExp, (payload: Record<string, unknown>) => unknown, string?, string?]>([
    [
      "the label that started it",
      /no signed comment/,
      ({ comment: _, ...rest }) => ({ ...rest, action: "labeled" }),
      "issues",
      "labeled",
    ],
    [
      "an edit of the comment",
      /no signed comment/,
      (payload) => ({ ...payload, action: "edited" }),
      "issue_comment",
      "edited",
    ],
    ["an edit, stored as something new", /no signed comment/, (payload) => ({ ...payload, action: "edited" })],
    ["another person's comment", /another one/, withComment({ user: user(MONA.id) })],
    ["a comment that somebody else sent", /another one/, (payload) => ({ ...payload, sender: user(MONA.id) })],
    ["another comment", /another one/, withComment({ id: 77 })],
    ["a comment on another issue", /another thread/, (payload) => ({ ...payload, issue: { number: 999_999 } })],
    ["a comment in another repository", /another thread/, (payload) => ({ ...payload, repository: { id: 5 } })],
    ["a bot's comment", /by an app/, withComment({ user: user(OCTOCAT.id, "Bot") })],
    ["an app in the person's name", /by an app/, withComment({ performed_via_github_app: { id: 9 } })],
    ["a comment that says other words", /edited/, withComment({ body: "Looks good" })],
    ["nothing at all", /no signed comment/, () => ({})],
  ])("%s", async (_, why, change, event, action) => {
    const world = await delivery();
    await pointTo(world, change, event, action);
    await expectVoid(world, why);
  });

  it("the same receipt again is good: it is the receipt that counts, not its row", async () => {
    const world = await delivery();
    await pointTo(world, (payload) => payload);
    await expectWritten(world);
  });

  it("a click on a check run that shows another version, or none of ours", async () => {
    const world = await delivery({ approvers: [] });
    await click(world, OCTOCAT, NOW);
    const run = and(eq(publications.deliveryId, world.id), eq(publications.kind, "check_run"));
    await test.db.sql.update(publications).set({ key: "check:patch:acme/widgets:2" }).where(run);
    await expectVoid(world, /another check run/);
    await test.db.sql.update(publications).set({ key: "check:plan:1" }).where(run);
    await expectVoid(world, /another check run/);
    await test.db.sql.delete(publications).where(run);
    await expectVoid(world, /another check run/);
  });
});
