// A no that has not reached us yet (M5): in the issue, its pull requests, their reviews, and the control issue.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { commands, controlIssues } from "../../src/db/schema.ts";
import { CommentId, PullNumber, Sha, UserId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import {
  approvalRows,
  click,
  ledgerActions,
  MONA,
  NOW,
  OCTOCAT,
  say,
  setState,
  theOnly,
  type World,
  writeRows,
} from "./approved-delivery.ts";
import type { FakeReview } from "./fake-github.ts";
import { openWorlds } from "./worlds.ts";

const { test, delivery } = openWorlds();

/** Ends so, and not a single call that changes a repository was made, nor a token minted that could. */
const expectRefused = async (world: World, end: object): Promise<void> => {
  expect((await world.write()).end).toMatchObject(end);
  expect(world.github.writes).toEqual([]);
  expect(world.github.tokens.some(({ permissions }) => permissions["contents"] === "write")).toBe(false);
  expect(await writeRows(world)).toEqual([]);
  expect(await ledgerActions(world)).toEqual([]);
};

const repoOf = (world: World) => theOnly(world.repos);

/** Its branch and pull request 50 stand already. */
const open = async (world: World): Promise<void> => {
  const repo = repoOf(world);
  const head = Sha.parse(repo.refs.get("refs/heads/main"));
  const tree = Sha.parse(repo.git.commits.get(head)?.tree);
  repo.refs.set(`refs/heads/countersign/d-${world.id}`, head);
  const written = { head, tree, pullRequest: PullNumber.parse(50) };
  await setState(world, (state) => ({ ...state, targets: state.targets.map((target) => ({ ...target, written })) }));
};

/** What was heard of it, and decided. */
const heard = async (
  world: World,
  said: Readonly<{ originKind: string; originId: number; name: string; verdict: string }>,
): Promise<void> => {
  const [row] = await test.db.sql
    .select()
    .from(commands)
    .where(eq(commands.id, theOnly(await approvalRows(world)).commandId));
  if (row === undefined) throw new Error("no command");
  const { id: _, ...same } = row;
  await test.db.sql.insert(commands).values({ ...same, actorId: MONA.id, ...said });
};

describe("a no that was said after the approval", () => {
  it.each(["cancel", "reject", "hold", "revise"])("/%s wins though its webhook has not come", async (command) => {
    const world = await delivery();
    say(repoOf(world), world.issue, MONA, `/${command}`);
    await expectRefused(world, { kind: "overruled", note: expect.stringContaining(`mona\` wrote \`/${command}`) });
  });

  it("wins on the pull request too, where commands count as well", async () => {
    const world = await delivery();
    await open(world);
    say(repoOf(world), 50, MONA, "/cancel");
    await expectRefused(world, { kind: "overruled", note: expect.stringContaining("mona` wrote `/cancel") });
  });

  it("wins over a click that reached us later than it", async () => {
    const world = await delivery({ approvers: [] });
    await setState(world, (state) => ({
      ...state,
      targets: state.targets.map(({ patchSet, ...target }) => ({
        ...target,
        patchSet: patchSet && {
          ...patchSet,
          shown: { at: instant("2026-11-21T08:30:00Z"), commentId: patchSet.shown?.commentId ?? CommentId.parse(1) },
        },
      })),
    }));
    await click(world, OCTOCAT, new Date("2026-11-21T09:45:00Z"));
    say(repoOf(world), world.issue, MONA, "/cancel", "2026-11-21T09:30:00Z");
    await expectRefused(world, { kind: "overruled", note: expect.stringContaining("mona` wrote `/cancel") });
  });

  it("does not stop again once it was decided", async () => {
    const world = await delivery();
    const originId = say(repoOf(world), world.issue, MONA, "/hold");
    const [row] = await test.db.sql
      .select()
      .from(commands)
      .where(eq(commands.id, theOnly(await approvalRows(world)).commandId));
    if (row === undefined) throw new Error("no command");
    const { id: _, ...same } = row;
    const said = { ...same, originId, name: "hold", actorId: MONA.id, verdict: "waiting", decidedAt: null };
    await test.db.sql.insert(commands).values(said);
    await expectRefused(world, { kind: "overruled" });
    await test.db.sql
      .update(commands)
      .set({ verdict: "accepted", decidedAt: NOW })
      .where(eq(commands.originId, originId));
    expect((await world.write()).end).toEqual({ kind: "written" });
  });

  describe("in a review of its pull request", () => {
    /** The pull request is there: what is written next is a further commit. */
    const opened = async (): Promise<World> => {
      const world = await delivery();
      await open(world);
      return world;
    };
    const review = (over: Partial<FakeReview> = {}): FakeReview => ({
      id: 81,
      author: MONA,
      state: "CHANGES_REQUESTED",
      submittedAt: "2026-11-21T09:50:00Z",
      ...over,
    });

    it("that asks for changes wins though its webhook has not come", async () => {
      const world = await opened();
      repoOf(world).reviews.set(50, [review()]);
      const note = expect.stringContaining("mona` asked for changes in a review of #50");
      await expectRefused(world, { kind: "overruled", note });
    });

    it.each([
      ["accepted", 82],
      ["refused", 83],
    ] as const)("does not stop again once it was %s", async (verdict, id) => {
      const world = await opened();
      repoOf(world).reviews.set(50, [review({ id })]);
      await heard(world, { originKind: "review", originId: id, name: "revise", verdict });
      expect((await world.write()).end).toMatchObject({ kind: "written" });
    });

    it.each([
      ["of somebody who may not command", { author: { id: 4_711, login: "stranger", type: "User" } }],
      ["of a bot", { author: { ...MONA, type: "Bot" } }],
      ["that was dismissed", { state: "DISMISSED" }],
      ["that approves", { state: "APPROVED" }],
      ["that is not submitted", { submittedAt: null }],
      ["from before the approval", { submittedAt: "2026-11-21T08:00:00Z" }],
    ] as const)("%s stops nothing", async (_, over) => {
      const world = await opened();
      repoOf(world).reviews.set(50, [review(over)]);
      expect((await world.write()).end).toMatchObject({ kind: "written" });
    });

    it("that nobody lets us read stops it", async () => {
      const world = await opened();
      world.github.faults.push({
        method: "GET",
        path: /pulls\/50\/reviews/,
        when: "before",
        answer: { status: 403 },
        times: 9,
      });
      await expectRefused(world, { kind: "refused", code: "thread_unreadable" });
    });
  });

  describe("in the control issue", () => {
    const CONTROL = 900;
    const controlled = async (): Promise<World> => {
      const world = await delivery();
      const repoId = repoOf(world).id;
      await test.db.sql
        .insert(controlIssues)
        .values({ repoId, wanted: "on", issueNumber: CONTROL, issueId: 9_000, createdAt: NOW });
      return world;
    };

    it("/freeze wins though its webhook has not come", async () => {
      const world = await controlled();
      say(repoOf(world), CONTROL, MONA, "/freeze something is wrong");
      await expectRefused(world, { kind: "overruled", note: expect.stringContaining("mona` wrote `/freeze") });
    });

    it("stops nothing any more once it was refused", async () => {
      const world = await controlled();
      const originId = say(repoOf(world), CONTROL, MONA, "/freeze something is wrong");
      await heard(world, { originKind: "comment", originId, name: "freeze", verdict: "refused" });
      expect((await world.write()).end).toEqual({ kind: "written" });
    });

    it.each(["/cancel", "/unfreeze", "Do not /freeze this"])("%s is no brake", async (words) => {
      const world = await controlled();
      say(repoOf(world), CONTROL, MONA, words);
      expect((await world.write()).end).toEqual({ kind: "written" });
    });

    it("/freeze by somebody who may not is none, nor in an issue that is no control issue", async () => {
      const world = await controlled();
      say(repoOf(world), CONTROL, { id: UserId.parse(4_711), login: "stranger", type: "User" }, "/freeze");
      say(repoOf(world), 901, MONA, "/freeze");
      say(repoOf(world), world.issue, MONA, "/freeze");
      expect((await world.write()).end).toEqual({ kind: "written" });
    });
  });

  it.each([
    ["by somebody who may not command", (world: World) => world.today.approvers.delete(MONA.id), {}],
    ["by a bot", () => {}, { author: { ...MONA, type: "Bot" } }],
    ["by an app in a person's name", () => {}, { viaAppId: 9 }],
    ["in a comment that was edited into one", () => {}, { updatedAt: "2026-11-21T09:59:00Z" }],
    ["before the approval", () => {}, { createdAt: "2026-11-21T08:00:00Z", updatedAt: "2026-11-21T08:00:00Z" }],
  ] as const)("%s does not stop anything", async (_, prepare, over) => {
    const world = await delivery();
    prepare(world);
    const id = say(repoOf(world), world.issue, MONA, "/cancel");
    const comment = repoOf(world)
      .comments.get(world.issue)
      ?.find((one) => one.id === id);
    Object.assign(comment ?? {}, over);
    expect((await world.write()).end).toEqual({ kind: "written" });
  });
});
